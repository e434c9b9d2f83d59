#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_lane.h"

/* A lane that is claimed writes what has come, moves over what is no message, and asks. */

enum { CONFIRM_MS = 20000, STUCK_MS = 5000 };

static void a_batch_waits_for_more_messages(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_ready(stage, 1, 0);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS - 1);
    diary_expect("");
    lane_stage_later(stage, 1);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n");
}

static void a_full_batch_is_written_at_once(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 9);
    lane_stage_ready(stage, 1, 0);
    assert_false(lane_is_empty(stage->lane));
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 4->8 e1; rows 0@4 0@5 0@6 0@7\n");
    assert_int_equal(stage->stored, 4);
}

static void one_write_moves_the_positions_of_several_partitions(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_publish(stage, FAKE_A, 1, 5, 7);
    lane_stage_ready(stage, 2, 0);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 0->1 e1 sim.a/1 0->7 e1; rows 0@0 1@5 1@6\n");
}

static void each_topic_has_its_own_batch(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_publish(stage, FAKE_B, 0, 0, 1);
    lane_stage_ready(stage, 1, 1);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "lane 0: write sim.b/0 0->1 e1; rows 0@0\n");
}

static void a_message_that_is_no_row_is_a_reject(void **state)
{
    struct lane_stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 1);

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add(&stage->source, &bad);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->2 e1; rows 0@0; rejects 0@1 NOT_FRAMED\n");
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->rejects, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->batches, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_B)->batches, 0);
}

static void a_batch_of_rejects_alone_has_no_rows(void **state)
{
    struct lane_stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 0);

    fake_source_add(&stage->source, &bad);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    assert_int_equal(lane_stage_turn(stage), LANE_HAS_STORED);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rejects 0@0 NOT_FRAMED\n");
}

static void repeats_are_duplicates(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 3);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    stage->database.repeats = 1;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 2);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->duplicates, 1);
}

static void a_row_of_another_shape_waits_for_the_next_batch(void **state)
{
    struct lane_stage *stage = *state;
    struct message message = fake_message(&stage->routes, FAKE_A, 0, 1);
    struct fake_value value = fake_value(&stage->routes, FAKE_R_NOTE, 1, 2, "hello");

    message.value = value.data;
    message.value_length = value.length;
    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add(&stage->source, &message);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 1->2 e1; rows 0@1\n");
}

static void old_messages_and_those_of_others_are_passed_over(void **state)
{
    struct lane_stage *stage = *state;
    struct message messages[] = {fake_message(&stage->routes, FAKE_A, 0, 1),
                                 fake_message(&stage->routes, FAKE_A, 1, 9)};

    fake_database_store(&stage->database, FAKE_A, 0, 2, -1);
    stage->source.logs[FAKE_A][0].end = 2;
    lane_stage_ready(stage, 1, 0);
    fake_source_add_extra(&stage->source, FEED_MESSAGE, &messages[0]);
    fake_source_add_extra(&stage->source, FEED_MESSAGE, &messages[1]);
    lane_stage_publish(stage, FAKE_A, 0, 2, 3);
    lane_stage_turn(stage);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 2->3 e2; rows 0@2\n");
}

static void the_position_moves_over_markers_at_the_end_of_a_log(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add_news(&stage->source, FEED_END, FAKE_A, 0, 3);
    lane_stage_ready(stage, 2, 0);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    assert_int_equal(lane_stage_turn(stage), LANE_HAS_STORED);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "lane 0: write sim.a/0 1->3 e1\n");
    assert_int_equal(stage->stored, 1);
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->position, 3);
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->last_published_us, 1000 * 1000000);
}

static void who_does_not_write_asks_now_and_then_whether_all_is_still_its(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 1);
    stage->session->is_willing = true;
    lane_stage_later(stage, CONFIRM_MS - 1);
    diary_expect("");
    lane_stage_later(stage, 1);
    diary_expect("lane 0: confirm sim.a/0 e1 sim.b/0 e1\n");
    assert_int_equal(lane_stage_turn(stage), LANE_NEWS);
    lane_stage_later(stage, CONFIRM_MS);
    diary_expect("lane 0: confirm sim.a/0 e1 sim.b/0 e1\n");
}

static void nothing_is_written_after_a_lost_claim_before_the_next(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 6);
    lane_stage_ready(stage, 1, 1);
    fake_session_refuses(stage->session, "CT001");
    assert_int_equal(lane_stage_turn(stage), LANE_IS_FENCED);
    assert_false(lane_is_claimed(stage->lane));
    assert_true(lane_is_empty(stage->lane));
    stage->database.positions[FAKE_A][0].position = 1;
    stage->session->is_willing = true;
    lane_stage_later(stage, 499);
    diary_expect("");
    lane_stage_later(stage, 1);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0 sim.b/0\n"
                 "kafka: read sim.a/0@1 sim.b/0@0\n"
                 "lane 0: write sim.a/0 1->5 e2; rows 0@1 0@2 0@3 0@4\n");
}

static void a_draining_lane_writes_what_is_not_due_and_asks_nothing(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add_news(&stage->source, FEED_END, FAKE_A, 0, 3);
    lane_stage_ready(stage, 1, 0);
    lane_begin(stage->lane, true, stage->clock.now_ms);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n");
    fake_session_answers(stage->session);
    assert_int_equal(lane_stage_hear(stage), LANE_HAS_STORED);
    lane_begin(stage->lane, true, stage->clock.now_ms + CONFIRM_MS);
    diary_expect("");
    assert_true(lane_is_empty(stage->lane));
}

static void a_lane_is_stuck_when_nothing_has_fitted_for_five_seconds(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 9);
    lane_stage_ready(stage, 1, 0);
    assert_false(lane_is_stuck(stage->lane, stage->clock.now_ms));
    lane_stage_turn(stage);
    int64_t full_ms = stage->clock.now_ms;
    assert_false(lane_is_stuck(stage->lane, full_ms + STUCK_MS - 1));
    assert_true(lane_is_stuck(stage->lane, full_ms + STUCK_MS));
    fake_session_answers(stage->session);
    lane_stage_later(stage, STUCK_MS);
    assert_false(lane_is_stuck(stage->lane, stage->clock.now_ms));
}

static void a_source_that_fails_fails_the_lane(void **state)
{
    struct lane_stage *stage = *state;

    fake_source_add_extra(&stage->source, FEED_FAILED, &(struct message){.topic = 0});
    assert_false(lane_fill(stage->lane, 0, &stage->err));
    assert_string_equal(stage->err.message, "the source cannot go on");
}

static void one_turn_takes_a_thousand_messages_and_leaves_time_for_others(void **state)
{
    struct lane_stage *stage = *state;
    struct message old = fake_message(&stage->routes, FAKE_A, 0, 0);

    for (size_t i = 0; i < FAKE_RECORDS; i++)
        fake_source_add_extra(&stage->source, FEED_MESSAGE, &old);
    stage->source.extras_again = true;
    assert_true(lane_fill(stage->lane, 0, &stage->err));
    assert_int_equal(stage->source.taken, 1000);
}

/* What it waits for, and for how long at most. */
struct wait {
    size_t descriptors;
    int64_t wait_ms;
};

static struct wait wait_of(struct lane_stage *stage, bool may_fill)
{
    struct pollfd descriptors[LANE_DESCRIPTORS];
    int64_t now_ms = stage->clock.now_ms;
    int64_t until_ms = now_ms + 100000;
    size_t count = lane_poll(stage->lane, may_fill, now_ms, descriptors, &until_ms);

    return (struct wait){count, until_ms - now_ms};
}

static void assert_waits(struct lane_stage *stage, bool may_fill, size_t descriptors,
                         int64_t wait_ms)
{
    struct wait wait = wait_of(stage, may_fill);

    assert_int_equal(wait.descriptors, descriptors);
    assert_int_equal(wait.wait_ms, wait_ms);
}

static void it_waits_for_what_comes_first(void **state)
{
    struct lane_stage *stage = *state;

    assert_waits(stage, true, 1, 100000); /* Away: for the feed. */
    stage->source.is_away = true;
    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    assert_waits(stage, true, 2, 1000); /* Unclaimed: to claim again. */
    stage->source.is_away = false;
    lane_stage_later(stage, 1000);
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    assert_waits(stage, true, 2, CONFIRM_MS); /* Ready. */
    assert_waits(stage, false, 1, 100000);
    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    assert_waits(stage, true, 2, 0); /* The feed has more. */
    lane_stage_turn(stage);
    assert_waits(stage, true, 2, LANE_BATCH_WAIT_MS); /* A batch falls due. */
    lane_stage_publish(stage, FAKE_A, 0, 1, 9);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    assert_waits(stage, true, 1, 100000); /* Writing, and the next batch is full. */
}

static void it_waits_for_the_time_to_claim_what_stands_still(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_later(stage, 15000);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    lane_stage_turn(stage);
    assert_waits(stage, false, 1, 30000);
}

static void with_nothing_to_claim_it_waits_for_the_group(void **state)
{
    struct lane_stage *stage = *state;

    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    assert_waits(stage, true, 2, 100000);
}

static void of_what_stands_still_it_asks_nothing(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    lane_stage_turn(stage);
    diary_clear();
    lane_stage_later(stage, CONFIRM_MS + 1);
    diary_expect("");
    assert_waits(stage, true, 2, 9999);
}

static void it_does_not_wait_for_a_question_that_nobody_asks(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 0);
    stage->clock.now_ms += CONFIRM_MS + 1;
    assert_waits(stage, false, 1, 100000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lane_stage_open, lane_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_batch_waits_for_more_messages),
        TEST(a_full_batch_is_written_at_once),
        TEST(one_write_moves_the_positions_of_several_partitions),
        TEST(each_topic_has_its_own_batch),
        TEST(a_message_that_is_no_row_is_a_reject),
        TEST(a_batch_of_rejects_alone_has_no_rows),
        TEST(repeats_are_duplicates),
        TEST(a_row_of_another_shape_waits_for_the_next_batch),
        TEST(old_messages_and_those_of_others_are_passed_over),
        TEST(the_position_moves_over_markers_at_the_end_of_a_log),
        TEST(who_does_not_write_asks_now_and_then_whether_all_is_still_its),
        TEST(nothing_is_written_after_a_lost_claim_before_the_next),
        TEST(a_draining_lane_writes_what_is_not_due_and_asks_nothing),
        TEST(a_lane_is_stuck_when_nothing_has_fitted_for_five_seconds),
        TEST(a_source_that_fails_fails_the_lane),
        TEST(one_turn_takes_a_thousand_messages_and_leaves_time_for_others),
        TEST(it_waits_for_what_comes_first),
        TEST(it_waits_for_the_time_to_claim_what_stands_still),
        TEST(with_nothing_to_claim_it_waits_for_the_group),
        TEST(of_what_stands_still_it_asks_nothing),
        TEST(it_does_not_wait_for_a_question_that_nobody_asks),
    };

    return cmocka_run_group_tests_name("lane_write", tests, NULL, NULL);
}
