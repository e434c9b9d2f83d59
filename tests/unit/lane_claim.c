#include "tests/support/check.h"

#include <string.h>

#include "tests/support/fake_diary.h"
#include "tests/support/fake_lane.h"

/* A lane claims before it reads and writes, and the database says where it begins. */

static void nothing_is_read_before_the_claim_is_answered(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_give(stage, 1, 1);
    lane_stage_turn(stage);
    diary_expect("");
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    lane_stage_later(stage, 1000);
    diary_expect("lane 0: claim sim.a/0 sim.b/0\n");
    assert_false(lane_is_claimed(stage->lane));
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    diary_expect("kafka: read sim.a/0@0 sim.b/0@0\n");
    assert_true(lane_is_claimed(stage->lane));
}

static void reading_begins_where_the_database_says(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    fake_database_store(&stage->database, FAKE_A, 0, 2, -1);
    lane_stage_ready(stage, 1, 0);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 2->4 e2; rows 0@2 0@3\n");
}

static void a_partition_never_claimed_begins_where_its_log_does(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 5, 6);
    stage->source.logs[FAKE_A][0].start = 5;
    lane_stage_give(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@5\n");
}

static void the_record_before_the_position_is_compared_first(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    fake_database_store(&stage->database, FAKE_A, 0, 2, 1001 * 1000000);
    lane_stage_give(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@1\n");
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->state, PARTITION_READING);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 2->4 e2; rows 0@2 0@3\n");
}

static void a_topic_made_anew_is_not_written(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    fake_database_store(&stage->database, FAKE_A, 0, 2, 7);
    lane_stage_ready(stage, 1, 0);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("");
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->state, PARTITION_HELD);
    assert_true(lane_is_empty(stage->lane));
}

static void while_kafka_does_not_tell_where_logs_end_nothing_is_claimed(void **state)
{
    struct lane_stage *stage = *state;

    stage->source.is_away = true;
    stage->session->is_willing = true;
    lane_stage_give(stage, 1, 0);
    lane_stage_turn(stage);
    lane_stage_later(stage, 999);
    diary_expect("warning: the brokers do not answer; trying again in 1000 ms\n");
    stage->source.is_away = false;
    lane_stage_later(stage, 1);
    diary_expect("lane 0: claim sim.a/0\n");
}

static void a_holder_that_does_not_let_go_is_ended(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    fake_session_refuses(stage->session, "55P03");
    fake_session_answers(stage->session);
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\n"
                 "warning: the holder of a partition does not let go of it: ending its backend\n"
                 "lane 0: end the holders of sim.a/0\n"
                 "lane 0: claim sim.a/0\n"
                 "kafka: read sim.a/0@0\n");
}

static void after_a_new_connection_all_is_claimed_again_and_goes_on(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_ready(stage, 1, 0);
    fake_session_loses_idle(stage->session);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 0->2 e2; rows 0@0 0@1\n");
}

static void a_batch_that_was_lost_is_written_again_where_the_position_says_so(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_ready(stage, 1, 0);
    fake_session_loses(stage->session, "57P01");
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    assert_int_equal(lane_stage_turn(stage), LANE_HAS_STORED);
    diary_expect("lane 0: write sim.a/0 0->2 e1; rows 0@0 0@1\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 0: write sim.a/0 0->2 e2; rows 0@0 0@1\n");
    assert_int_equal(stage->stored, 2);
    assert_string_equal(lane_counters(stage->lane)->outages[0].sqlstate, "57P01");
}

static void after_an_unknown_commit_all_is_dropped_and_read_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 6);
    lane_stage_ready(stage, 1, 0);
    fake_session_loses_commit(stage->session);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@3\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 4->6 e2; rows 0@4 0@5\n");
}

/* Another consumer was quicker while we were away. */
static void what_another_has_stored_meanwhile_is_not_read_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    stage->source.logs[FAKE_A][0].count = 0;
    lane_stage_ready(stage, 1, 0);
    fake_database_store(&stage->database, FAKE_A, 0, 3, -1);
    fake_session_loses_idle(stage->session);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@3\n");
}

/* A standby that lacks the last commits has taken over. */
static void what_was_stored_and_is_lost_is_read_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    assert_int_equal(stage->stored, 4);
    fake_database_store(&stage->database, FAKE_A, 0, 1, -1);
    fake_session_loses_idle(stage->session);
    diary_clear();
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@1\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 1->4 e2; rows 0@1 0@2 0@3\n");
}

static void a_new_generation_is_read_from_its_own_position(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_ready(stage, 1, 0);
    stage->database.positions[FAKE_A][0].generation = 1;
    fake_session_loses_idle(stage->session);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@0\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a#1/0 0->2 e2; rows 0@0 0@1\n");
}

/* The log grows, and the one before us stores, after we have looked and before we have claimed. */
static struct lane_stage *overtaken(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    lane_stage_publish(stage, FAKE_A, 0, 0, 3);
    fake_database_store(&stage->database, FAKE_A, 0, 2, -1);
    fake_session_answers(stage->session);
    diary_clear();
    return stage;
}

static void what_was_stored_while_it_claimed_is_in_the_log(void **state)
{
    struct lane_stage *stage = overtaken(state);

    lane_stage_turn(stage);
    diary_expect("kafka: read sim.a/0@2\n");
}

static void where_kafka_does_not_tell_any_more_it_is_looked_at_again_later(void **state)
{
    struct lane_stage *stage = overtaken(state);

    stage->source.is_away = true;
    lane_stage_turn(stage);
    assert_int_equal(diary_count("warning: the brokers do not answer"), 1);
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->state, PARTITION_HELD);
    stage->source.is_away = false;
    stage->session->is_willing = true;
    diary_clear();
    lane_stage_later(stage, 30000);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@2\n");
}

/* A position is made where the log began when we looked; by now it may be another log. */
static struct lane_stage *made(void **state)
{
    struct lane_stage *stage = *state;

    stage->source.logs[FAKE_A][0].start = 5;
    stage->source.logs[FAKE_A][0].end = 9;
    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    fake_session_answers(stage->session);
    diary_clear();
    return stage;
}

static void a_position_made_in_a_log_that_was_made_anew_meanwhile_stands_still(void **state)
{
    struct lane_stage *stage = made(state);

    stage->source.logs[FAKE_A][0].start = 0;
    lane_stage_turn(stage);
    diary_expect("error: sim.a/0 stands still at offset 5: the log begins before it: the topic was "
                 "made anew while it was claimed; set the position with coop-admin position\n");
}

static void a_position_made_in_a_log_that_has_shrunk_meanwhile_stands_still(void **state)
{
    struct lane_stage *stage = made(state);

    stage->source.logs[FAKE_A][0].start = 0;
    stage->source.logs[FAKE_A][0].end = 3;
    lane_stage_turn(stage);
    assert_int_equal(diary_count("stands still at offset 5: the log ends before it"), 1);
}

static void a_position_just_made_is_read_where_kafka_does_not_tell_any_more(void **state)
{
    struct lane_stage *stage = made(state);

    stage->source.is_away = true;
    lane_stage_turn(stage);
    diary_expect("warning: the brokers do not answer\nkafka: read sim.a/0@5\n");
}

static void where_the_source_does_not_begin_to_read_the_lane_fails(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    stage->source.refuses_read = true;
    assert_int_equal(lane_stage_hear(stage), LANE_HAS_FAILED);
    assert_string_equal(stage->err.message, "the source does not begin to read");
}

static void partitions_of_other_lanes_are_passed_over(void **state)
{
    struct lane_stage *stage = *state;
    struct lane *other = lane_new(&(struct lane_parts){.limits = {.rows = 1},
                                                       .clock = &stage->clock.clock,
                                                       .source = &stage->source.source,
                                                       .partitions = &stage->partitions,
                                                       .number = 1,
                                                       .lane_count = 2});
    struct partition *given[] = {lane_stage_partition(stage, FAKE_A, 0),
                                 lane_stage_partition(stage, FAKE_A, 1)};

    lane_give(other, given, 1, 0);
    assert_int_equal(given[0]->state, PARTITION_FREE);
    assert_true(lane_is_claimed(other));
    lane_give(other, given, 2, 0);
    assert_int_equal(given[0]->state, PARTITION_FREE);
    assert_int_equal(given[1]->state, PARTITION_CLAIMING);
    assert_false(lane_is_claimed(other));
    lane_free(other);
}

static void no_lane_may_be_freed(void **state)
{
    (void)state;
    lane_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lane_stage_open, lane_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_read_before_the_claim_is_answered),
        TEST(reading_begins_where_the_database_says),
        TEST(a_partition_never_claimed_begins_where_its_log_does),
        TEST(the_record_before_the_position_is_compared_first),
        TEST(a_topic_made_anew_is_not_written),
        TEST(while_kafka_does_not_tell_where_logs_end_nothing_is_claimed),
        TEST(a_holder_that_does_not_let_go_is_ended),
        TEST(after_a_new_connection_all_is_claimed_again_and_goes_on),
        TEST(a_batch_that_was_lost_is_written_again_where_the_position_says_so),
        TEST(after_an_unknown_commit_all_is_dropped_and_read_again),
        TEST(what_another_has_stored_meanwhile_is_not_read_again),
        TEST(what_was_stored_and_is_lost_is_read_again),
        TEST(a_new_generation_is_read_from_its_own_position),
        TEST(what_was_stored_while_it_claimed_is_in_the_log),
        TEST(where_kafka_does_not_tell_any_more_it_is_looked_at_again_later),
        TEST(a_position_made_in_a_log_that_was_made_anew_meanwhile_stands_still),
        TEST(a_position_made_in_a_log_that_has_shrunk_meanwhile_stands_still),
        TEST(a_position_just_made_is_read_where_kafka_does_not_tell_any_more),
        TEST(where_the_source_does_not_begin_to_read_the_lane_fails),
        TEST(partitions_of_other_lanes_are_passed_over),
        cmocka_unit_test(no_lane_may_be_freed),
    };

    return cmocka_run_group_tests_name("lane_claim", tests, NULL, NULL);
}
