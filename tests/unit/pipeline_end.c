#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_pipeline.h"

/* How a run ends: it is told to, or everything is stored that was there at the start. */

static void draining_stores_what_was_read_and_reads_nothing_more(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    pipeline_drain(stage->pipeline);
    pipeline_drain(stage->pipeline);
    pipeline_stage_publish(stage, FAKE_A, 0, 1, 9);
    fake_source_tell(&stage->source, GROUP_TAKEN_BACK);
    assert_int_equal(pipeline_stage_later(stage, 0), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_later(stage, 0), PIPELINE_DONE);
    diary_expect("info: stopping: storing what has been read\n"
                 "lane 0: write sim.a/0 0->1 e1; rows 0@0\n");
}

static void draining_ends_at_once_where_nothing_was_read(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    pipeline_drain(stage->pipeline);
    assert_int_equal(pipeline_stage_later(stage, 0), PIPELINE_DONE);
}

static void draining_ends_at_once_where_nobody_is_connected(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    stage->lanes[0]->is_willing = false;
    fake_session_loses_idle(stage->lanes[0]);
    pipeline_drain(stage->pipeline);
    assert_int_equal(pipeline_stage_later(stage, 0), PIPELINE_DONE);
}

static void draining_ends_after_ten_seconds_whatever_is_left(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    stage->lanes[0]->is_willing = false;
    pipeline_drain(stage->pipeline);
    assert_int_equal(pipeline_stage_later(stage, 9999), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_later(stage, 1), PIPELINE_DONE);
}

static void what_is_lost_while_draining_is_claimed_and_written_again(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){.lanes = 2}, 2, 0);
    fake_session_loses(stage->lanes[0], "57P01");
    pipeline_drain(stage->pipeline);
    assert_int_equal(pipeline_stage_turns(stage, 3), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_DONE);
    diary_expect("info: stopping: storing what has been read\n"
                 "lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 0: write sim.a/0 0->1 e2; rows 0@0\n");
}

static void what_another_has_claimed_is_not_claimed_again_while_draining(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    fake_session_refuses(stage->lanes[0], "CT001");
    pipeline_drain(stage->pipeline);
    pipeline_stage_turns(stage, 1);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_DONE);
    diary_expect("info: stopping: storing what has been read\n"
                 "lane 0: write sim.a/0 0->1 e1; rows 0@0\n");
}

static void until_end_is_done_once_all_is_stored_and_folded(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_begin(stage, &(struct pipeline_kind){.is_until_end = true, .folds = 1});
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_RUNS);
    fake_source_give(&stage->source, 2, 2);
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_RUNS);
    diary_clear();
    pipeline_stage_publish(stage, FAKE_A, 0, 1, 2); /* It was not there at the start. */
    assert_int_equal(pipeline_stage_later(stage, 100), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_RUNS);
    diary_expect("lane 0: write sim.a/0 0->2 e1; rows 0@0 0@1\nfold 0: fold\n");
    /* Others may have stored something since that fold. */
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_DONE);
    diary_expect("fold 0: fold\n");
}

static void until_end_waits_for_what_others_store(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 1, 0, 3);
    pipeline_stage_begin(stage, &(struct pipeline_kind){.is_until_end = true});
    fake_source_give(&stage->source, 1, 2);
    assert_int_equal(pipeline_stage_turns(stage, 3), PIPELINE_RUNS);
    pipeline_wait(stage->pipeline);
    assert_int_equal(stage->clock.waited_ms, 500);
    assert_int_equal(stage->clock.descriptor_count, 5);
    stage->database.positions[FAKE_A][1].position = 3;
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_later(stage, 500), PIPELINE_RUNS);
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_DONE);
}

static void until_end_fails_where_partitions_stand_still(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_database_store(&stage->database, FAKE_A, 0, 9, -1);
    pipeline_stage_begin(stage, &(struct pipeline_kind){.is_until_end = true});
    fake_source_give(&stage->source, 2, 2);
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_FAILED);
    assert_string_equal(stage->err.message, "1 partitions stand still, see above");
}

static void until_end_fails_where_a_batch_is_refused(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_ready(stage, &(struct pipeline_kind){.is_until_end = true}, 2, 2);
    fake_session_refuses(stage->lanes[0], "42501");
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_FAILED);
    assert_string_equal(stage->err.message, "PostgreSQL says 42501");
}

static void until_end_fails_where_the_fold_is_refused(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){.is_until_end = true, .folds = 1});
    fake_session_connects(stage->folds[0]);
    fake_session_refuses(stage->folds[0], "42501");
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_FAILED);
    assert_string_equal(stage->err.message,
                        "the reports stand still (coop-admin rebuild makes them again): "
                        "PostgreSQL says 42501");
}

static void until_end_does_not_begin_without_brokers(void **state)
{
    struct pipeline_stage *stage = *state;

    stage->source.is_away = true;
    pipeline_stage_begin(stage, &(struct pipeline_kind){.is_until_end = true, .folds = 1});
    assert_null(stage->pipeline);
    assert_string_equal(stage->err.message, "the brokers do not answer");
    diary_expect("lane 0: closed\nfold 0: closed\npositions: closed\n");
}

static void request_stop(void *context)
{
    struct pipeline_stage *stage = context;

    fake_stop(stage->clock.now_ms > 1001000);
}

static void a_run_ends_after_a_signal_and_tells_what_it_did(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 5);
    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_give(&stage->source, 1, 0);
    stage->clock.on_wait = request_stop;
    stage->clock.context = stage;
    assert_true(pipeline_run(stage->pipeline, &stage->err));
    diary_expect("info: the group has given us 1 partitions\n"
                 "lane 0: claim sim.a/0\n"
                 "kafka: read sim.a/0@0\n"
                 "lane 0: write sim.a/0 0->4 e1; rows 0@0 0@1 0@2 0@3\n"
                 "lane 0: write sim.a/0 4->5 e1; rows 0@4\n"
                 "info: stopping: storing what has been read\n"
                 "kafka: commit sim.a/0@5\n"
                 "info: done: stored=5 duplicates=0 rejects=0 batches=2 sieved=0 seconds=1.1\n");
}

static void a_run_that_fails_tells_what_it_did(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_tell(&stage->source, GROUP_FAILED);
    assert_false(pipeline_run(stage->pipeline, &stage->err));
    diary_expect("info: done: stored=0 duplicates=0 rejects=0 batches=0 sieved=0 seconds=0.0\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pipeline_stage_open, pipeline_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(draining_stores_what_was_read_and_reads_nothing_more),
        TEST(draining_ends_at_once_where_nothing_was_read),
        TEST(draining_ends_at_once_where_nobody_is_connected),
        TEST(draining_ends_after_ten_seconds_whatever_is_left),
        TEST(what_is_lost_while_draining_is_claimed_and_written_again),
        TEST(what_another_has_claimed_is_not_claimed_again_while_draining),
        TEST(until_end_is_done_once_all_is_stored_and_folded),
        TEST(until_end_waits_for_what_others_store),
        TEST(until_end_fails_where_partitions_stand_still),
        TEST(until_end_fails_where_a_batch_is_refused),
        TEST(until_end_fails_where_the_fold_is_refused),
        TEST(until_end_does_not_begin_without_brokers),
        TEST(a_run_ends_after_a_signal_and_tells_what_it_did),
        TEST(a_run_that_fails_tells_what_it_did),
    };

    return cmocka_run_group_tests_name("pipeline_end", tests, NULL, NULL);
}
