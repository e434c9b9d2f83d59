#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_lane.h"

/* What only an operator can mend stands still, is said in the log, and is tried again after 30 s.
 */

enum { AGAIN_MS = 30000 };

static void a_refused_batch_holds_its_topic(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_ready(stage, 2, 0);
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    assert_int_equal(lane_stage_turn(stage), LANE_IS_REFUSED);
    diary_expect("lane 0: write sim.a/0 0->2 e1; rows 0@0 0@1\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n"
                 "error: sim.a/1 stands still at offset 0: PostgreSQL says 42501\n");
    assert_true(lane_is_empty(stage->lane));
    lane_stage_later(stage, AGAIN_MS - 1);
    diary_expect("");
}

static void what_was_mended_goes_on_after_half_a_minute(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 2);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_clear();
    stage->session->is_willing = true;
    lane_stage_later(stage, AGAIN_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\nkafka: read sim.a/0@0\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 0->2 e2; rows 0@0 0@1\n");
}

static void what_is_refused_again_says_so_again_only_once_it_has_gone_on(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 0);
    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_session_refuses(stage->session, "42501");
    lane_stage_turn(stage);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_clear();
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, AGAIN_MS);
    assert_int_equal(lane_stage_turn(stage), LANE_IS_REFUSED);
    diary_expect("lane 0: claim sim.a/0\n");
}

static void other_topics_go_on_from_their_positions(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_publish(stage, FAKE_B, 0, 0, 2);
    lane_stage_ready(stage, 1, 1);
    fake_session_refuses(stage->session, "42501");
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n"
                 "kafka: read sim.b/0@0\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.b/0 0->2 e1; rows 0@0 0@1\n");
}

static void other_topics_go_on_though_their_logs_have_grown_since_the_claim(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 1);
    lane_stage_publish(stage, FAKE_B, 0, 0, 2);
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.b/0 0->2 e1; rows 0@0 0@1\n");
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n"
                 "kafka: read sim.b/0@1\n");
}

static void where_others_cannot_be_read_again_the_lane_fails(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_ready(stage, 1, 1);
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    stage->source.refuses_read = true;
    assert_int_equal(lane_stage_hear(stage), LANE_HAS_FAILED);
    assert_string_equal(stage->err.message, "the source does not begin to read");
}

static void a_topic_that_stands_still_already_is_left_alone(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_B, 0, 0);
    lane_stage_ready(stage, 1, 1);
    fake_session_refuses(stage->session, "42501");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n");
}

static void a_position_outside_its_log_stands_still_and_is_looked_at_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 1);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    diary_expect("error: sim.a/0 stands still at offset 0: the position lies outside the log\n");
    for (int64_t waited_ms = 0; waited_ms < AGAIN_MS; waited_ms += 10000)
        lane_stage_later(stage, 10000);
    lane_stage_turn(stage);
    diary_expect("lane 0: confirm sim.b/0 e1\n"
                 "lane 0: claim sim.a/0 sim.b/0\n"
                 "kafka: read sim.a/0@0\n"
                 "error: sim.a/0 stands still at offset 0: the position lies outside the log\n");
}

static void what_was_read_before_it_stood_still_is_stored_or_read_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 1);
    lane_stage_ready(stage, 1, 0);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n");
    assert_int_equal(stage->stored, 1);
}

static void a_claim_drops_what_was_read_of_what_stands_still(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_ready(stage, 1, 0);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 1);
    lane_stage_turn(stage);
    fake_session_loses_idle(stage->session);
    stage->session->is_willing = true;
    diary_clear();
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0\n"
                 "kafka: read sim.a/0@0\n"
                 "error: sim.a/0 stands still at offset 0: the position lies outside the log\n");
}

static void what_stands_still_before_the_claim_does_not_put_the_claim_off(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 1);
    fake_session_loses_idle(stage->session);
    lane_stage_turn(stage);
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    diary_expect("error: sim.a/0 stands still at offset 0: the position lies outside the log\n"
                 "lane 0: claim sim.a/0 sim.b/0\n");
}

static void a_refused_claim_holds_everything(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 1);
    fake_session_connects(stage->session);
    fake_session_refuses(stage->session, "42501");
    lane_stage_turn(stage);
    assert_int_equal(lane_stage_turn(stage), LANE_IS_REFUSED);
    diary_expect("lane 0: claim sim.a/0 sim.b/0\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 42501\n"
                 "error: sim.b/0 stands still at offset 0: PostgreSQL says 42501\n");
}

static void a_position_stored_twice_is_an_alarm(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses_for(stage->session, "23505", "event", "a_position_key");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    assert_int_equal(lane_stage_turn(stage), LANE_IS_REFUSED);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rows 0@0\n"
                 "error: sim.a/0 stands still at offset 0: a message is stored already, its "
                 "position was moved back by hand: PostgreSQL says 23505\n");
}

/* No row of it is to blame. */
static void a_refused_batch_of_rejects_alone_holds_its_topic(void **state)
{
    struct lane_stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 0);

    fake_source_add(&stage->source, &bad);
    lane_stage_ready(stage, 1, 1);
    fake_session_refuses(stage->session, "22P02");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    assert_int_equal(lane_stage_turn(stage), LANE_IS_REFUSED);
    diary_expect("lane 0: write sim.a/0 0->1 e1; rejects 0@0 NOT_FRAMED\n"
                 "error: sim.a/0 stands still at offset 0: PostgreSQL says 22P02\n"
                 "kafka: read sim.b/0@0\n");
}

/* However busy the lane is with others. */
static void what_stands_still_is_claimed_again_while_others_are_written(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_ready(stage, 1, 1);
    stage->session->is_willing = true;
    fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
    lane_stage_turn(stage);
    for (int64_t offset = 0; offset < 10; offset++) {
        lane_stage_publish(stage, FAKE_B, 0, offset, offset + 1);
        lane_stage_turn(stage);
        lane_stage_later(stage, AGAIN_MS / 10);
    }
    assert_int_equal(diary_count("write sim.b/0"), 9);
    assert_int_equal(diary_count("claim sim.a/0 sim.b/0"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lane_stage_open, lane_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_refused_batch_holds_its_topic),
        TEST(what_was_mended_goes_on_after_half_a_minute),
        TEST(what_is_refused_again_says_so_again_only_once_it_has_gone_on),
        TEST(other_topics_go_on_from_their_positions),
        TEST(other_topics_go_on_though_their_logs_have_grown_since_the_claim),
        TEST(where_others_cannot_be_read_again_the_lane_fails),
        TEST(a_topic_that_stands_still_already_is_left_alone),
        TEST(a_position_outside_its_log_stands_still_and_is_looked_at_again),
        TEST(what_was_read_before_it_stood_still_is_stored_or_read_again),
        TEST(a_claim_drops_what_was_read_of_what_stands_still),
        TEST(what_stands_still_before_the_claim_does_not_put_the_claim_off),
        TEST(a_refused_claim_holds_everything),
        TEST(a_position_stored_twice_is_an_alarm),
        TEST(a_refused_batch_of_rejects_alone_holds_its_topic),
        TEST(what_stands_still_is_claimed_again_while_others_are_written),
    };

    return cmocka_run_group_tests_name("lane_hold", tests, NULL, NULL);
}
