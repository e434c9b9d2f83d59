#include "tests/support/check.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "consumers/lane/batches.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_routes.h"

/* The batches of a lane: at most three messages or 1,000 bytes, 100 ms. */
struct stage {
    struct routes routes;
    struct partitions partitions;
    struct batches batches;
};

enum { WAIT_MS = 100 };

static int open_stage(void **state)
{
    static struct stage stage;

    diary_open();
    fake_values_clear();
    stage = (struct stage){0};
    fake_routes_init(&stage.routes);
    partitions_init(&stage.partitions, &stage.routes);
    batches_init(&stage.batches,
                 &(struct batch_limits){
                     .rows = 3, .bytes = 1000, .wait_ms = WAIT_MS, .value_bytes = 100000000},
                 &stage.routes);
    *state = &stage;
    return 0;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;

    batches_free(&stage->batches);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    return 0;
}

static bool add(struct stage *stage, const struct message *message, int64_t now_ms)
{
    return batches_add(&stage->batches,
                       partitions_get(&stage->partitions, message->topic, message->partition),
                       message, now_ms);
}

static void add_row(struct stage *stage, size_t topic, int64_t offset, int64_t now_ms)
{
    struct message message = fake_message(&stage->routes, topic, 0, offset);

    assert_true(add(stage, &message, now_ms));
}

static bool have_due(const struct stage *stage, int64_t now_ms)
{
    return batches_have_due(&stage->batches, false, now_ms);
}

static int64_t first_offset(const struct batch *batch)
{
    return batch->entries[0].message.offset;
}

static void a_batch_falls_due_when_its_first_message_has_waited(void **state)
{
    struct stage *stage = *state;

    assert_true(batches_are_empty(&stage->batches));
    assert_false(have_due(stage, 10));
    add_row(stage, FAKE_A, 0, 10);
    add_row(stage, FAKE_A, 1, 50);
    assert_false(batches_are_empty(&stage->batches));
    assert_false(have_due(stage, 109));
    assert_true(have_due(stage, 110));
}

static void a_message_that_was_taken_is_not_taken_again(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_A, 7, 0);
    assert_int_equal(partitions_get(&stage->partitions, FAKE_A, 0)->next_offset, 8);
}

static void a_batch_with_enough_messages_is_due_and_full(void **state)
{
    struct stage *stage = *state;

    for (int64_t offset = 0; offset < 3; offset++) {
        assert_false(batches_are_full(&stage->batches));
        add_row(stage, FAKE_A, offset, offset);
    }
    assert_true(batches_are_full(&stage->batches));
    assert_int_equal(batches_full_since_ms(&stage->batches), 2);
    assert_true(have_due(stage, 2));
}

/* A row of sim.a takes 123 bytes. */
static void a_batch_with_enough_bytes_of_rows_is_due_and_grows_while_it_waits(void **state)
{
    struct stage *stage = *state;

    stage->batches.limits.bytes = 123;
    add_row(stage, FAKE_A, 0, 5);
    assert_true(have_due(stage, 5));
    assert_false(batches_are_full(&stage->batches));
}

/* Between twice and four times as many bytes, with room for more messages. */
static size_t messages_until_full(struct stage *stage, struct message *message)
{
    size_t count = 0;

    batch_free(stage->batches.filling[message->topic]);
    batch_init(stage->batches.filling[message->topic], 100, 100000);
    while (!batches_are_full(&stage->batches)) {
        message->offset++;
        assert_true(add(stage, message, 0));
        count++;
    }
    return count;
}

static void a_batch_with_a_few_times_as_many_bytes_of_rows_is_full(void **state)
{
    struct stage *stage = *state;
    struct message message = fake_message(&stage->routes, FAKE_A, 0, 0);

    stage->batches.limits.bytes = 10 * 123;
    assert_in_range(messages_until_full(stage, &message), 20, 40);
}

static void bytes_of_rejects_count_as_well(void **state)
{
    static const char value[99];
    struct stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 0);

    stage->batches.limits.bytes = 10 * (sizeof(value) + bad.key_length);
    bad.value = value;
    bad.value_length = sizeof(value);
    assert_in_range(messages_until_full(stage, &bad), 20, 40);
}

/* Of rows far shorter than their messages, sixteen megabytes of these are enough, */
static void a_batch_with_enough_bytes_of_messages_is_full(void **state)
{
    struct stage *stage = *state;
    struct message message = fake_message(&stage->routes, FAKE_B, 0, 0);
    size_t length = 16 * 1024 * 1024;
    char *key = memory_new(length, 1);

    message.key = key;
    message.key_length = length - message.value_length - 1;
    assert_true(add(stage, &message, 0));
    assert_false(batches_are_full(&stage->batches));
    add_row(stage, FAKE_B, 1, 0);
    assert_true(batches_are_full(&stage->batches));
    free(key);
}

/* unless the operator has asked for longer batches. */
static void longer_batches_hold_messages_of_as_many_bytes(void **state)
{
    struct stage *stage = *state;
    struct message message = fake_message(&stage->routes, FAKE_B, 0, 0);
    size_t length = 16 * 1024 * 1024;
    char *key = memory_new(length, 1);

    stage->batches.limits.bytes = 2 * length;
    message.key = key;
    message.key_length = length;
    assert_true(add(stage, &message, 0));
    assert_false(batches_are_full(&stage->batches));
    message.offset = 1;
    assert_true(add(stage, &message, 0));
    assert_true(batches_are_full(&stage->batches));
    free(key);
}

static void what_does_not_fit_closes_its_batch_and_stays(void **state)
{
    struct stage *stage = *state;
    struct message other = fake_message(&stage->routes, FAKE_A, 0, 1);
    struct fake_value value = fake_value(&stage->routes, FAKE_R_NOTE, 1, 1, "x");

    other.value = value.data;
    other.value_length = value.length;
    add_row(stage, FAKE_A, 0, 0);
    assert_false(add(stage, &other, 5));
    assert_int_equal(partitions_get(&stage->partitions, FAKE_A, 0)->next_offset, 1);
    assert_int_equal(batches_full_since_ms(&stage->batches), 5);
    assert_false(add(stage, &other, 9));
    assert_int_equal(batches_full_since_ms(&stage->batches), 5);
    assert_non_null(batches_pick(&stage->batches, false, 9));
    assert_true(add(stage, &other, 9));
}

static void the_batch_that_has_been_due_the_longest_goes_out_first(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_B, 20, 0);
    add_row(stage, FAKE_A, 10, 1);
    assert_int_equal(first_offset(batches_pick(&stage->batches, false, 200)), 20);
    batches_clear_outgoing(&stage->batches);
    assert_int_equal(first_offset(batches_pick(&stage->batches, false, 200)), 10);
}

static void the_first_of_several_goes_out_where_they_are_due_alike(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_B, 20, 0);
    add_row(stage, FAKE_A, 10, 0);
    assert_int_equal(first_offset(batches_pick(&stage->batches, false, 200)), 10);
}

static void nothing_is_sent_that_is_not_due_unless_there_is_a_hurry(void **state)
{
    struct stage *stage = *state;

    assert_null(batches_pick(&stage->batches, true, 0));
    add_row(stage, FAKE_A, 0, 0);
    assert_null(batches_pick(&stage->batches, false, 0));
    assert_true(batches_have_due(&stage->batches, true, 0));
    assert_non_null(batches_pick(&stage->batches, true, 0));
}

static void the_one_that_goes_out_is_sent_until_it_is_stored(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_A, 0, 0);
    struct batch *batch = batches_pick(&stage->batches, false, WAIT_MS);
    add_row(stage, FAKE_A, 1, 0);
    assert_ptr_equal(batches_pick(&stage->batches, false, 2 * WAIT_MS), batch);
    assert_true(have_due(stage, WAIT_MS));
    batches_clear_outgoing(&stage->batches);
    assert_int_equal(first_offset(batches_pick(&stage->batches, false, 2 * WAIT_MS)), 1);
    batches_clear_outgoing(&stage->batches);
    batches_clear_outgoing(&stage->batches);
    assert_true(batches_are_empty(&stage->batches));
}

static void it_is_full_since_the_first_of_several_was_closed(void **state)
{
    struct stage *stage = *state;

    for (int64_t offset = 0; offset < 3; offset++)
        add_row(stage, FAKE_B, offset, 2);
    for (int64_t offset = 0; offset < 3; offset++)
        add_row(stage, FAKE_A, offset, 3);
    assert_int_equal(batches_full_since_ms(&stage->batches), 2);
    batches_drop(&stage->batches);
    for (int64_t offset = 0; offset < 3; offset++)
        add_row(stage, FAKE_A, offset, 4);
    for (int64_t offset = 0; offset < 3; offset++)
        add_row(stage, FAKE_B, offset, 5);
    assert_int_equal(batches_full_since_ms(&stage->batches), 4);
}

static void what_goes_out_survives_what_fills(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_A, 0, 0);
    assert_non_null(batches_pick(&stage->batches, true, 0));
    add_row(stage, FAKE_A, 1, 0);
    add_row(stage, FAKE_B, 0, 0);
    batches_drop_filling(&stage->batches);
    assert_false(batches_are_empty(&stage->batches));
    assert_int_equal(first_offset(stage->batches.outgoing), 0);
    batches_drop(&stage->batches);
    assert_true(batches_are_empty(&stage->batches));
    assert_false(have_due(stage, 1000));
}

static void a_batch_is_partly_stored_once_a_position_is_behind_a_message_of_it(void **state)
{
    struct stage *stage = *state;

    add_row(stage, FAKE_A, 4, 0);
    add_row(stage, FAKE_A, 5, 0);
    assert_false(batches_are_partly_stored(&stage->batches));
    assert_non_null(batches_pick(&stage->batches, true, 0));
    partitions_get(&stage->partitions, FAKE_A, 0)->position = 4;
    assert_false(batches_are_partly_stored(&stage->batches));
    partitions_get(&stage->partitions, FAKE_A, 0)->position = 5;
    assert_true(batches_are_partly_stored(&stage->batches));
}

static void it_waits_for_the_batch_that_falls_due_first(void **state)
{
    struct stage *stage = *state;
    int64_t until_ms = 1000;

    batches_poll(&stage->batches, &until_ms);
    assert_int_equal(until_ms, 1000);
    add_row(stage, FAKE_B, 0, 20);
    add_row(stage, FAKE_A, 0, 30);
    batches_poll(&stage->batches, &until_ms);
    assert_int_equal(until_ms, 20 + WAIT_MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        TEST(a_batch_falls_due_when_its_first_message_has_waited),
        TEST(a_message_that_was_taken_is_not_taken_again),
        TEST(a_batch_with_enough_messages_is_due_and_full),
        TEST(a_batch_with_enough_bytes_of_rows_is_due_and_grows_while_it_waits),
        TEST(a_batch_with_a_few_times_as_many_bytes_of_rows_is_full),
        TEST(bytes_of_rejects_count_as_well),
        TEST(a_batch_with_enough_bytes_of_messages_is_full),
        TEST(longer_batches_hold_messages_of_as_many_bytes),
        TEST(what_does_not_fit_closes_its_batch_and_stays),
        TEST(the_batch_that_has_been_due_the_longest_goes_out_first),
        TEST(the_first_of_several_goes_out_where_they_are_due_alike),
        TEST(nothing_is_sent_that_is_not_due_unless_there_is_a_hurry),
        TEST(the_one_that_goes_out_is_sent_until_it_is_stored),
        TEST(it_is_full_since_the_first_of_several_was_closed),
        TEST(what_goes_out_survives_what_fills),
        TEST(a_batch_is_partly_stored_once_a_position_is_behind_a_message_of_it),
        TEST(it_waits_for_the_batch_that_falls_due_first),
    };

    return cmocka_run_group_tests_name("batches", tests, NULL, NULL);
}
