#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_lane.h"

/* What becomes of a lane's work when the group takes its partitions back. */

/* Five messages are taken: four are being written, one waits. */
static struct lane_stage *writing(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 5);
    lane_stage_ready(stage, 1, 0);
    lane_stage_turn(stage);
    diary_clear();
    return stage;
}

static void what_waits_is_forgotten_at_once(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    lane_stage_ready(stage, 1, 0);
    lane_take_back(stage->lane, stage->clock.now_ms);
    assert_true(lane_is_empty(stage->lane));
    assert_true(lane_is_claimed(stage->lane));
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->state, PARTITION_FREE);
    lane_stage_later(stage, 60000);
    diary_expect("");
}

static void what_is_being_written_may_still_be_stored_and_counts(void **state)
{
    struct lane_stage *stage = writing(state);

    lane_take_back(stage->lane, stage->clock.now_ms);
    assert_false(lane_is_empty(stage->lane));
    fake_session_answers(stage->session);
    assert_int_equal(lane_stage_hear(stage), LANE_HAS_STORED);
    assert_int_equal(stage->stored, 4);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 4);
    assert_true(lane_is_empty(stage->lane));
    lane_stage_later(stage, 60000);
    diary_expect("");
}

static void nothing_is_claimed_before_what_is_under_way_has_ended(void **state)
{
    struct lane_stage *stage = writing(state);

    lane_take_back(stage->lane, stage->clock.now_ms);
    lane_stage_give(stage, 1, 1);
    lane_stage_turn(stage);
    diary_expect("");
    assert_false(lane_is_claimed(stage->lane));
    fake_session_answers(stage->session);
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.a/0 sim.b/0\n"
                 "kafka: read sim.a/0@3 sim.b/0@0\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    diary_expect("lane 0: write sim.a/0 4->5 e2; rows 0@4\n");
}

static void what_was_lost_is_not_written_again_by_who_gave_it_back(void **state)
{
    struct lane_stage *stage = writing(state);

    lane_take_back(stage->lane, stage->clock.now_ms);
    fake_session_loses(stage->session, "");
    stage->session->is_willing = true;
    lane_stage_turn(stage);
    lane_stage_later(stage, 60000);
    diary_expect("");
    assert_true(lane_is_empty(stage->lane));
}

static void what_was_refused_is_not_written_again_by_who_gave_it_back(void **state)
{
    struct lane_stage *stage = writing(state);

    lane_take_back(stage->lane, stage->clock.now_ms);
    fake_session_refuses(stage->session, "23514");
    assert_int_equal(lane_stage_hear(stage), LANE_NEWS);
    lane_stage_later(stage, 60000);
    diary_expect("");
    assert_true(lane_is_empty(stage->lane));
}

static void a_claim_that_comes_too_late_is_nobodys(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    lane_take_back(stage->lane, stage->clock.now_ms);
    fake_session_answers(stage->session);
    assert_int_equal(lane_stage_hear(stage), LANE_NEWS);
    diary_expect("lane 0: claim sim.a/0\n");
    assert_int_equal(lane_stage_partition(stage, FAKE_A, 0)->state, PARTITION_FREE);
}

static void a_part_that_is_being_kept_counts_but_the_next_is_not_begun(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses(stage->session, "22P02"); /* write */
    fake_session_answers(stage->session);          /* prepare */
    fake_session_refuses(stage->session, "22P02"); /* sort 0..3 */
    fake_session_answers(stage->session);          /* sort 0..1 */
    lane_stage_turn(stage);
    lane_take_back(stage->lane, stage->clock.now_ms);
    fake_session_answers(stage->session);
    diary_clear();
    assert_int_equal(lane_stage_hear(stage), LANE_HAS_STORED);
    assert_int_equal(stage->stored, 2);
    diary_expect("");
    assert_true(lane_is_empty(stage->lane));
}

static void given_while_away_it_claims_once_it_is_connected(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_give(stage, 1, 0);
    lane_take_back(stage->lane, stage->clock.now_ms);
    lane_stage_give(stage, 0, 1);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
    diary_expect("lane 0: claim sim.b/0\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lane_stage_open, lane_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_is_forgotten_at_once),
        TEST(what_is_being_written_may_still_be_stored_and_counts),
        TEST(nothing_is_claimed_before_what_is_under_way_has_ended),
        TEST(what_was_lost_is_not_written_again_by_who_gave_it_back),
        TEST(what_was_refused_is_not_written_again_by_who_gave_it_back),
        TEST(a_claim_that_comes_too_late_is_nobodys),
        TEST(a_part_that_is_being_kept_counts_but_the_next_is_not_begun),
        TEST(given_while_away_it_claims_once_it_is_connected),
    };

    return cmocka_run_group_tests_name("lane_group", tests, NULL, NULL);
}
