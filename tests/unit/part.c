#include "tests/support/check.h"

#include "tests/support/fake_part.h"
#include "tests/support/fake_request.h"

static void assert_advance(const struct part *part, size_t place, int32_t partition,
                           int64_t old_offset, int64_t new_offset, int64_t published_us)
{
    const struct advance *advance = &part->advances[place];

    assert_int_equal(advance->stream_id, 3);
    assert_int_equal(advance->partition, partition);
    assert_int_equal(advance->epoch, 7 + partition);
    assert_int_equal(advance->old_offset, old_offset);
    assert_int_equal(advance->new_offset, new_offset);
    assert_int_equal(advance->published_us, published_us);
}

static void a_part_moves_each_partition_once_behind_its_last_message(void **state)
{
    struct part_stage *stage = *state;

    assert_int_equal(stage->part.row_count, 5);
    assert_int_equal(stage->part.reject_count, 1);
    assert_int_equal(stage->part.advance_count, 2);
    assert_advance(&stage->part, 0, 0, 10, 16, 1015 * 1000000);
    assert_advance(&stage->part, 1, 1, 40, 42, 1041 * 1000000);
    assert_true(part_is_last(&stage->part));
}

static void a_smaller_part_moves_only_what_it_holds(void **state)
{
    struct part_stage *stage = *state;

    part_set(&stage->part, &stage->batch, 1, 3);
    assert_int_equal(stage->part.row_count, 1);
    assert_int_equal(stage->part.reject_count, 1);
    assert_int_equal(stage->part.advance_count, 1);
    assert_advance(&stage->part, 0, 0, 10, 13, 1012 * 1000000);
    assert_false(part_is_last(&stage->part));
}

static void its_rows_are_those_of_the_batch(void **state)
{
    struct part_stage *stage = *state;

    assert_int_equal(fake_count_rows(part_rows(&stage->part)), 5);
    part_set(&stage->part, &stage->batch, 1, 4);
    assert_int_equal(fake_count_rows(part_rows(&stage->part)), 2);
    assert_memory_equal(fake_field(part_rows(&stage->part), 0, 5).data, "\0\0\0\0\0\0\0\x0b", 8);
}

static void what_has_become_a_reject_is_not_copied(void **state)
{
    struct part_stage *stage = *state;
    struct buffer rows;
    struct buffer sources;

    part_reject(&stage->part, part_row(&stage->part, 2), reject_new("BAD", "so %s", "it is"));
    assert_int_equal(stage->part.row_count, 4);
    assert_int_equal(stage->part.reject_count, 2);
    buffer_init(&rows, 10000);
    buffer_init(&sources, 10000);
    part_copy_rows(&stage->part, &rows);
    part_copy_messages(&stage->part, &sources);
    assert_int_equal(fake_count_rows((struct span){rows.data, rows.length}), 4);
    assert_int_equal(fake_count_rows((struct span){sources.data, sources.length}), 4);
    struct span source = fake_field((struct span){sources.data, sources.length}, 1, 3);
    assert_memory_equal(source.data, "\0\0\0\0\0\0\0\x28", 8);
    buffer_free(&rows);
    buffer_free(&sources);
}

static void a_message_without_a_time_has_none_for_the_sieve(void **state)
{
    struct part_stage *stage = *state;
    struct buffer sources;

    stage->batch.entries[0].message.published_us = -1;
    buffer_init(&sources, 10000);
    part_copy_messages(&stage->part, &sources);
    assert_null(fake_field((struct span){sources.data, sources.length}, 0, 4).data);
    assert_non_null(fake_field((struct span){sources.data, sources.length}, 1, 4).data);
    buffer_free(&sources);
}

static void rows_are_counted_from_one_without_rejects(void **state)
{
    struct part_stage *stage = *state;

    assert_int_equal(part_row(&stage->part, 1)->message.offset, 10);
    assert_int_equal(part_row(&stage->part, 3)->message.offset, 40);
    assert_int_equal(part_row(&stage->part, 5)->message.offset, 41);
    assert_null(part_row(&stage->part, 6));
}

static void positions_move_to_the_ends_of_logs_without_a_new_time(void **state)
{
    struct part_stage *stage = *state;
    struct partition *partitions[] = {partitions_get(&stage->partitions, FAKE_A, 1)};

    part_set_ends(&stage->part, partitions, 1);
    assert_null(stage->part.batch);
    assert_int_equal(stage->part.row_count, 0);
    assert_advance(&stage->part, 0, 1, 40, 99, 5);
}

static void a_question_moves_nothing(void **state)
{
    struct part_stage *stage = *state;
    struct partition *partitions[] = {partitions_get(&stage->partitions, FAKE_A, 1)};

    part_set_question(&stage->part, partitions, 1);
    assert_advance(&stage->part, 0, 1, 40, 40, 5);
}

static void what_is_stored_moves_positions_and_never_back_what_is_read(void **state)
{
    struct part_stage *stage = *state;
    struct partition *first = partitions_get(&stage->partitions, FAKE_A, 0);
    struct partition *second = partitions_get(&stage->partitions, FAKE_A, 1);

    first->next_offset = 90;
    part_stored(&stage->part);
    assert_int_equal(first->position, 16);
    assert_int_equal(first->next_offset, 90);
    assert_int_equal(first->last_published_us, 1015 * 1000000);
    assert_int_equal(second->position, 42);
    assert_int_equal(second->next_offset, 42);
}

static void many_partitions_find_room(void **state)
{
    struct part_stage *stage = *state;
    struct partition *partitions[40];

    for (int32_t i = 0; i < 40; i++)
        partitions[i] = partitions_get(&stage->partitions, FAKE_B, i);
    part_set_question(&stage->part, partitions, 40);
    assert_int_equal(stage->part.advance_count, 40);
    assert_int_equal(stage->part.advances[39].partition, 39);
    assert_ptr_equal(stage->part.partitions[39], partitions[39]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, part_stage_open, part_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_part_moves_each_partition_once_behind_its_last_message),
        TEST(a_smaller_part_moves_only_what_it_holds),
        TEST(its_rows_are_those_of_the_batch),
        TEST(what_has_become_a_reject_is_not_copied),
        TEST(a_message_without_a_time_has_none_for_the_sieve),
        TEST(rows_are_counted_from_one_without_rejects),
        TEST(positions_move_to_the_ends_of_logs_without_a_new_time),
        TEST(a_question_moves_nothing),
        TEST(what_is_stored_moves_positions_and_never_back_what_is_read),
        TEST(many_partitions_find_room),
    };

    return cmocka_run_group_tests_name("part", tests, NULL, NULL);
}
