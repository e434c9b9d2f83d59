#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_pipeline.h"

/* The loop: the group is heard, lanes and folds go on, and what only ends a run ends it. */

static void what_the_group_gives_is_claimed_in_order_and_then_read(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_RUNS);
    diary_expect("");
    fake_source_give(&stage->source, 2, 1);
    pipeline_stage_turns(stage, 2);
    diary_expect("info: the group has given us 3 partitions\n"
                 "lane 0: claim sim.a/0 sim.a/1 sim.b/0\n"
                 "kafka: read sim.a/0@0 sim.a/1@0 sim.b/0@0\n");
}

static void each_lane_has_its_own_partitions(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){.lanes = 2});
    fake_source_give(&stage->source, 2, 1);
    pipeline_stage_turns(stage, 2);
    diary_expect("info: the group has given us 3 partitions\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 1: claim sim.a/1 sim.b/0\n"
                 "kafka: read sim.a/0@0\n"
                 "kafka: read sim.a/1@0 sim.b/0@0\n");
}

static void what_is_taken_back_is_committed_and_no_longer_read(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 1);
    pipeline_stage_turns(stage, 2);
    diary_clear();
    fake_source_tell(&stage->source, GROUP_TAKEN_BACK);
    pipeline_stage_turns(stage, 1);
    diary_expect("kafka: commit sim.a/0@4 sim.b/0@0\n"
                 "info: the group has taken our 2 partitions back\n"
                 "kafka: stop\n");
    pipeline_stage_publish(stage, FAKE_A, 0, 4, 5);
    pipeline_stage_later(stage, 30000);
    diary_expect("");
}

static void what_is_given_anew_is_claimed_anew(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 1);
    fake_source_give(&stage->source, 1, 0);
    pipeline_stage_turns(stage, 2);
    diary_expect("info: the group has taken our 2 partitions back\n"
                 "info: the group has given us 1 partitions\n"
                 "lane 0: claim sim.a/0\n"
                 "kafka: read sim.a/0@0\n");
}

static void given_nothing_it_does_nothing(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 0, 0);
    pipeline_stage_later(stage, 60000);
    diary_expect("");
}

static void what_is_stored_is_folded(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){.folds = 2}, 1, 0);
    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_turns(stage, 2);
    diary_expect("lane 0: write sim.a/0 0->4 e1; rows 0@0 0@1 0@2 0@3\n"
                 "fold 0: fold\n"
                 "fold 1: fold\n");
}

static void positions_are_told_to_the_group_every_five_seconds(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    pipeline_stage_turns(stage, 1);
    diary_clear();
    pipeline_stage_later(stage, 4999);
    diary_expect("");
    pipeline_stage_later(stage, 1);
    diary_expect("kafka: commit sim.a/0@4\n");
    pipeline_stage_later(stage, 4999);
    diary_expect("");
}

static void a_lost_claim_is_said_and_claimed_again(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_give(&stage->source, 1, 0);
    fake_session_connects(stage->lanes[0]);
    fake_session_answers(stage->lanes[0]);
    fake_session_refuses(stage->lanes[0], "CT001");
    pipeline_stage_turns(stage, 2);
    diary_clear();
    stage->database.positions[FAKE_A][0].position = 4;
    pipeline_stage_turns(stage, 1);
    diary_expect("warning: another consumer has claimed a partition of ours: claiming again\n");
    pipeline_stage_later(stage, 500);
    pipeline_stage_turns(stage, 1);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@4\n");
}

static void what_is_refused_stands_still_and_the_rest_goes_on(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 1);
    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    fake_session_refuses(stage->lanes[0], "42501");
    pipeline_stage_turns(stage, 2);
    pipeline_stage_publish(stage, FAKE_B, 0, 0, 4);
    assert_int_equal(pipeline_stage_turns(stage, 2), PIPELINE_RUNS);
    diary_expect("lane 0: write sim.a/0 0->4 e1; rows 0@0 0@1 0@2 0@3\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n"
                 "kafka: read sim.b/0@0\n"
                 "lane 0: write sim.b/0 0->4 e1; rows 0@0 0@1 0@2 0@3\n");
}

static void a_refused_fold_is_said_and_storing_goes_on(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){.folds = 1}, 1, 0);
    pipeline_stage_publish(stage, FAKE_A, 0, 0, 8);
    fake_session_refuses(stage->folds[0], "42501");
    pipeline_stage_turns(stage, 2);
    diary_clear();
    assert_int_equal(pipeline_stage_turns(stage, 1), PIPELINE_RUNS);
    diary_expect("error: the reports stand still (coop-admin rebuild makes them again): "
                 "PostgreSQL says 42501\n");
}

static void what_both_folds_are_refused_for_is_said_once(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){.folds = 2});
    for (size_t i = 0; i < 2; i++) {
        fake_session_connects(stage->folds[i]);
        fake_session_refuses(stage->folds[i], "42501");
    }
    pipeline_stage_turns(stage, 2);
    assert_int_equal(diary_count("error: the reports stand still"), 1);
}

/* What makes going on useless. */

static void assert_fails(struct pipeline_stage *stage, const char *message)
{
    assert_int_equal(pipeline_stage_later(stage, 0), PIPELINE_FAILED);
    assert_string_equal(stage->err.message, message);
}

static void a_group_that_does_not_let_it_in_ends_it(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_tell(&stage->source, GROUP_FAILED);
    assert_fails(stage, "the group does not let us in");
}

static void a_source_that_cannot_go_on_ends_it(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_add_extra(&stage->source, FEED_FAILED, &(struct message){.topic = 0});
    assert_fails(stage, "the source cannot go on");
}

static void a_source_that_does_not_begin_to_read_ends_it(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    fake_source_give(&stage->source, 1, 0);
    pipeline_stage_turns(stage, 1);
    stage->source.refuses_read = true;
    assert_fails(stage, "the source does not begin to read");
}

static void a_source_that_does_not_read_what_is_left_after_a_refusal_ends_it(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 1);
    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    fake_session_refuses(stage->lanes[0], "42501");
    pipeline_stage_turns(stage, 1);
    stage->source.refuses_read = true;
    assert_fails(stage, "the source does not begin to read");
}

/* What it waits for. */

static void it_waits_for_all_that_may_come_and_a_second_at_most(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){.lanes = 2, .folds = 2}, 2, 0);
    pipeline_stage_turns(stage, 1);
    pipeline_wait(stage->pipeline);
    /* Two lanes with session and feed, two folds, signals, the group. */
    assert_int_equal(stage->clock.descriptor_count, 8);
    assert_int_equal(stage->clock.waited_ms, 1000);
}

static void it_waits_no_longer_than_until_something_is_due(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 1);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    pipeline_wait(stage->pipeline);
    assert_int_equal(stage->clock.waited_ms, 100);
    pipeline_stage_turns(stage, 2);
    stage->source.tend_in_ms = 30;
    pipeline_wait(stage->pipeline);
    assert_int_equal(stage->clock.waited_ms, 30);
}

static void it_waits_no_longer_than_until_positions_are_to_be_told(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 0);
    stage->clock.now_ms += 4990;
    pipeline_wait(stage->pipeline);
    assert_int_equal(stage->clock.waited_ms, 10);
}

static void whoever_drains_waits_for_sessions_alone(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){.folds = 1}, 1, 0);
    pipeline_drain(stage->pipeline);
    pipeline_wait(stage->pipeline);
    assert_int_equal(stage->clock.descriptor_count, 2);
}

static void no_pipeline_may_be_freed(void **state)
{
    (void)state;
    pipeline_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pipeline_stage_open, pipeline_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(what_the_group_gives_is_claimed_in_order_and_then_read),
        TEST(each_lane_has_its_own_partitions),
        TEST(what_is_taken_back_is_committed_and_no_longer_read),
        TEST(what_is_given_anew_is_claimed_anew),
        TEST(given_nothing_it_does_nothing),
        TEST(what_is_stored_is_folded),
        TEST(positions_are_told_to_the_group_every_five_seconds),
        TEST(a_lost_claim_is_said_and_claimed_again),
        TEST(what_is_refused_stands_still_and_the_rest_goes_on),
        TEST(a_refused_fold_is_said_and_storing_goes_on),
        TEST(what_both_folds_are_refused_for_is_said_once),
        TEST(a_group_that_does_not_let_it_in_ends_it),
        TEST(a_source_that_cannot_go_on_ends_it),
        TEST(a_source_that_does_not_begin_to_read_ends_it),
        TEST(a_source_that_does_not_read_what_is_left_after_a_refusal_ends_it),
        TEST(it_waits_for_all_that_may_come_and_a_second_at_most),
        TEST(it_waits_no_longer_than_until_something_is_due),
        TEST(it_waits_no_longer_than_until_positions_are_to_be_told),
        TEST(whoever_drains_waits_for_sessions_alone),
        cmocka_unit_test(no_pipeline_may_be_freed),
    };

    return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
