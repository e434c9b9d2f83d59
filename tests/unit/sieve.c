#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

#include "consumers/lane/decode.h"
#include "consumers/lane/sieve.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_routes.h"

static void it_takes_nothing_before_a_refusal(void **state)
{
    struct sieve sieve = {0};

    (void)state;
    assert_false(sieve_takes(&sieve));
    sieve_note_success(&sieve);
    assert_false(sieve_takes(&sieve));
}

static size_t takes(struct sieve *sieve)
{
    size_t count = 0;

    while (sieve_takes(sieve))
        count++;
    return count;
}

static void it_takes_twice_as_many_after_each_refusal_up_to_a_limit(void **state)
{
    static const size_t runs[] = {2, 4, 8, 16, 32, 64, 64, 64};
    struct sieve sieve = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(runs); i++) {
        sieve_note_refusal(&sieve);
        assert_int_equal(takes(&sieve), runs[i]);
    }
}

static void after_a_success_it_begins_anew(void **state)
{
    struct sieve sieve = {0};

    (void)state;
    sieve_note_refusal(&sieve);
    sieve_note_refusal(&sieve);
    assert_int_equal(takes(&sieve), 4);
    sieve_note_success(&sieve);
    sieve_note_refusal(&sieve);
    assert_int_equal(takes(&sieve), 2);
}

/* A part of four messages, of which the second is a reject. */
struct stage {
    struct routes routes;
    struct partitions partitions;
    struct decoder decoder;
    struct batch batch;
    struct part part;
};

static int open_stage(void **state)
{
    static struct stage stage;

    diary_open();
    fake_values_clear();
    stage = (struct stage){0};
    fake_routes_init(&stage.routes);
    partitions_init(&stage.partitions, &stage.routes);
    decoder_init(&stage.decoder, &stage.routes, 1000);
    batch_init(&stage.batch, 4, 10000);
    struct partition *partition = partitions_get(&stage.partitions, FAKE_A, 0);
    for (int64_t offset = 0; offset < 4; offset++) {
        struct message message = offset == 1 ? fake_bad_message(&stage.routes, FAKE_A, 0, offset)
                                             : fake_message(&stage.routes, FAKE_A, 0, offset);

        if (!decoder_add(&stage.decoder, partition, &message, &stage.batch))
            return -1;
    }
    part_set(&stage.part, &stage.batch, 0, 4);
    *state = &stage;
    return 0;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;

    part_free(&stage->part);
    batch_free(&stage->batch);
    decoder_clear(&stage->decoder);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    return 0;
}

static void what_breaks_a_rule_is_named_by_it(void **state)
{
    static const struct broken_row broken[] = {{3, "BAD_CODE"}, {2, "TOO_LATE"}};
    struct stage *stage = *state;

    sieve_reject_broken(&stage->part, broken, 2);
    assert_int_equal(stage->part.row_count, 1);
    assert_int_equal(stage->part.reject_count, 3);
    assert_null(stage->batch.entries[0].reject);
    assert_string_equal(stage->batch.entries[1].reject->reason, "NOT_FRAMED");
    assert_string_equal(stage->batch.entries[2].reject->reason, "TOO_LATE");
    assert_string_equal(stage->batch.entries[3].reject->reason, "BAD_CODE");
    assert_string_equal(stage->batch.entries[3].reject->detail,
                        "breaks the rule \"BAD_CODE\" of table event.a");
    assert_string_equal(stage->batch.entries[3].reject->sqlstate, "");
}

static void several_rows_are_narrowed_to_the_first_half(void **state)
{
    static const struct refusal refusal = {.err = {.sqlstate = "22P02"}, .words = "no good"};
    struct stage *stage = *state;

    sieve_narrow(&stage->part, &refusal);
    assert_int_equal(stage->part.first, 0);
    assert_int_equal(stage->part.end, 2);
    assert_int_equal(stage->part.row_count, 1);
    assert_int_equal(stage->part.reject_count, 1);
    assert_int_equal(stage->part.advances[0].new_offset, 2);
}

static void of_a_single_row_postgresqls_words_are_kept(void **state)
{
    static const struct refusal refusal = {.err = {.sqlstate = "22P02"}, .words = "no good"};
    struct stage *stage = *state;

    sieve_narrow(&stage->part, &refusal);
    sieve_narrow(&stage->part, &refusal);
    assert_int_equal(stage->part.end, 2);
    assert_int_equal(stage->part.row_count, 0);
    assert_string_equal(stage->batch.entries[0].reject->reason, "REFUSED");
    assert_string_equal(stage->batch.entries[0].reject->detail, "no good");
    assert_string_equal(stage->batch.entries[0].reject->sqlstate, "22P02");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_nothing_before_a_refusal),
        cmocka_unit_test(it_takes_twice_as_many_after_each_refusal_up_to_a_limit),
        cmocka_unit_test(after_a_success_it_begins_anew),
        TEST(what_breaks_a_rule_is_named_by_it),
        TEST(several_rows_are_narrowed_to_the_first_half),
        TEST(of_a_single_row_postgresqls_words_are_kept),
    };

    return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
