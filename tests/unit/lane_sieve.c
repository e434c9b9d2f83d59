#include "tests/support/check.h"

#include "tests/support/fake_diary.h"
#include "tests/support/fake_lane.h"

/* A batch in which PostgreSQL refuses a row goes through the sieve: the good rows are stored. */

/* Three messages are being written, and a row of them is refused. */
static struct lane_stage *refused(void **state, const char *sqlstate)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 3);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses(stage->session, sqlstate);
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    return stage;
}

static void a_row_that_breaks_a_rule_becomes_a_reject(void **state)
{
    struct lane_stage *stage = refused(state, "23514");

    fake_session_finds_broken(stage->session, 2, "BAD_CODE");
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->3 e1; rows 0@0 0@1 0@2\n"
                 "lane 0: prepare\n"
                 "lane 0: sort; rows 0@0 0@1 0@2\n"
                 "lane 0: keep sim.a/0 0->3 e1; sorted rows and repeats; rejects 0@1 BAD_CODE\n");
    assert_int_equal(stage->stored, 3);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 2);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->rejects, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->sieved, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->batches, 1);
}

static void several_broken_rows_are_told_from_the_last_to_the_first(void **state)
{
    struct lane_stage *stage = refused(state, "23514");

    fake_session_finds_broken(stage->session, 3, "BAD_CODE");
    fake_session_finds_broken(stage->session, 1, "TOO_LATE");
    lane_stage_turn(stage);
    assert_int_equal(diary_count("rejects 0@0 TOO_LATE 0@2 BAD_CODE\n"), 1);
}

static void where_all_rows_are_broken_only_rejects_are_stored(void **state)
{
    struct lane_stage *stage = refused(state, "23514");

    for (size_t place = 3; place > 0; place--)
        fake_session_finds_broken(stage->session, place, "BAD_CODE");
    lane_stage_turn(stage);
    assert_int_equal(
        diary_count("keep sim.a/0 0->3 e1; rejects 0@0 BAD_CODE 0@1 BAD_CODE 0@2 BAD_CODE\n"), 1);
}

static void rejects_of_the_decoder_are_not_sorted(void **state)
{
    struct lane_stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 1);

    lane_stage_publish(stage, FAKE_A, 0, 0, 1);
    fake_source_add(&stage->source, &bad);
    lane_stage_publish(stage, FAKE_A, 0, 2, 3);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses(stage->session, "23514");
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    fake_session_finds_broken(stage->session, 2, "BAD_CODE");
    lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->3 e1; rows 0@0 0@2; rejects 0@1 NOT_FRAMED\n"
                 "lane 0: prepare\n"
                 "lane 0: sort; rows 0@0 0@2\n"
                 "lane 0: keep sim.a/0 0->3 e1; sorted rows and repeats; "
                 "rejects 0@1 NOT_FRAMED 0@2 BAD_CODE\n");
}

static void a_row_refused_for_no_known_reason_is_found_by_halving(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    stage->session->is_willing = true;
    lane_stage_give(stage, 1, 0);
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);          /* claim */
    fake_session_refuses(stage->session, "22P02"); /* write 0..3 */
    fake_session_answers(stage->session);          /* prepare */
    fake_session_answers(stage->session);          /* sort 0..3 */
    fake_session_refuses(stage->session, "22P02"); /* keep 0..3 */
    fake_session_answers(stage->session);          /* sort 0..1 */
    fake_session_answers(stage->session);          /* keep 0..1 */
    fake_session_refuses(stage->session, "22P02"); /* sort 2..3 */
    fake_session_refuses(stage->session, "22P02"); /* sort 2 */
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_clear();
    lane_stage_turn(stage);
    diary_expect("lane 0: prepare\n"
                 "lane 0: sort; rows 0@0 0@1 0@2 0@3\n"
                 "lane 0: keep sim.a/0 0->4 e1; sorted rows and repeats\n"
                 "lane 0: sort; rows 0@0 0@1\n"
                 "lane 0: keep sim.a/0 0->2 e1; sorted rows and repeats\n"
                 "lane 0: sort; rows 0@2 0@3\n"
                 "lane 0: sort; rows 0@2\n"
                 "lane 0: keep sim.a/0 2->3 e1; rejects 0@2 REFUSED\n"
                 "lane 0: sort; rows 0@3\n"
                 "lane 0: keep sim.a/0 3->4 e1; sorted rows and repeats\n");
    assert_int_equal(stage->stored, 4);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 3);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->rejects, 1);
    assert_int_equal(lane_counters(stage->lane)->batch_rows.counts[1], 1);
}

static void a_half_without_rows_is_kept_at_once(void **state)
{
    struct lane_stage *stage = *state;

    for (int64_t offset = 0; offset < 2; offset++) {
        struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, offset);

        fake_source_add(&stage->source, &bad);
    }
    lane_stage_publish(stage, FAKE_A, 0, 2, 4);
    lane_stage_give(stage, 1, 0);
    stage->session->is_willing = true;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    fake_session_refuses(stage->session, "22P02"); /* write */
    fake_session_answers(stage->session);
    fake_session_refuses(stage->session, "22P02"); /* sort 2..3 */
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_clear();
    lane_stage_turn(stage);
    diary_expect("lane 0: prepare\n"
                 "lane 0: sort; rows 0@2 0@3\n"
                 "lane 0: keep sim.a/0 0->2 e1; rejects 0@0 NOT_FRAMED 0@1 NOT_FRAMED\n"
                 "lane 0: sort; rows 0@2 0@3\n"
                 "lane 0: keep sim.a/0 2->4 e1; sorted rows and repeats\n");
}

static void a_table_without_ids_has_no_repeats(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_B, 0, 0, 1);
    lane_stage_ready(stage, 0, 1);
    fake_session_refuses(stage->session, "23514");
    stage->session->is_willing = true;
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    assert_int_equal(diary_count("keep sim.b/0 0->1 e1; sorted rows\n"), 1);
}

static void repeats_that_the_sieve_finds_are_duplicates(void **state)
{
    struct lane_stage *stage = refused(state, "23505");

    stage->database.repeats = 2;
    lane_stage_turn(stage);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->stored, 1);
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->duplicates, 2);
}

static void after_a_refusal_two_batches_go_to_the_sieve_at_once(void **state)
{
    struct lane_stage *stage = refused(state, "23514");

    lane_stage_turn(stage);
    diary_clear();
    for (int64_t offset = 3; offset < 6; offset++) {
        lane_stage_publish(stage, FAKE_A, 0, offset, offset + 1);
        lane_stage_turn(stage);
        lane_stage_later(stage, LANE_BATCH_WAIT_MS);
        lane_stage_turn(stage);
    }
    assert_int_equal(diary_count("prepare"), 2);
    diary_expect("lane 0: prepare\n"
                 "lane 0: sort; rows 0@3\n"
                 "lane 0: keep sim.a/0 3->4 e1; sorted rows and repeats\n"
                 "lane 0: prepare\n"
                 "lane 0: sort; rows 0@4\n"
                 "lane 0: keep sim.a/0 4->5 e1; sorted rows and repeats\n"
                 "lane 0: write sim.a/0 5->6 e1; rows 0@5\n");
    assert_int_equal(lane_counts(stage->lane, FAKE_A)->sieved, 3);
}

static void a_batch_of_which_a_part_is_stored_is_read_again_when_lost(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 4);
    lane_stage_give(stage, 1, 0);
    stage->session->is_willing = true;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    fake_session_refuses(stage->session, "22P02"); /* write */
    fake_session_answers(stage->session);
    fake_session_refuses(stage->session, "22P02"); /* sort 0..3 */
    fake_session_answers(stage->session);          /* sort 0..1 */
    fake_session_answers(stage->session);          /* keep 0..1 */
    fake_session_loses(stage->session, "57P01");   /* sort 2..3 */
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_clear();
    lane_stage_turn(stage);
    diary_expect("kafka: read sim.a/0@1\n");
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    lane_stage_turn(stage);
    assert_int_equal(diary_count("sort; rows 0@2 0@3\n"), 1);
}

/* A message is a row or a reject, never both, whichever way its batch is written again. */
static void what_the_sieve_has_found_is_forgotten_when_its_batch_is_written_again(void **state)
{
    struct lane_stage *stage = *state;

    lane_stage_publish(stage, FAKE_A, 0, 0, 3);
    lane_stage_ready(stage, 1, 0);
    fake_session_refuses(stage->session, "23503");
    fake_session_answers(stage->session); /* prepare */
    fake_session_answers(stage->session); /* sort */
    fake_session_finds_broken(stage->session, 2, "BAD_CODE");
    for (int i = 0; i < 3; i++) {
        fake_session_loses(stage->session, ""); /* keep, then prepare */
        fake_session_connects(stage->session);
        fake_session_answers(stage->session); /* claim */
    }
    lane_stage_later(stage, LANE_BATCH_WAIT_MS);
    for (int i = 0; i < 8; i++)
        lane_stage_turn(stage);
    diary_expect("lane 0: write sim.a/0 0->3 e1; rows 0@0 0@1 0@2\n"
                 "lane 0: prepare\n"
                 "lane 0: sort; rows 0@0 0@1 0@2\n"
                 "lane 0: keep sim.a/0 0->3 e1; sorted rows and repeats; rejects 0@1 BAD_CODE\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 0: prepare\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 0: prepare\n"
                 "lane 0: claim sim.a/0\n"
                 "lane 0: write sim.a/0 0->3 e4; rows 0@0 0@1 0@2\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, lane_stage_open, lane_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_row_that_breaks_a_rule_becomes_a_reject),
        TEST(several_broken_rows_are_told_from_the_last_to_the_first),
        TEST(where_all_rows_are_broken_only_rejects_are_stored),
        TEST(rejects_of_the_decoder_are_not_sorted),
        TEST(a_row_refused_for_no_known_reason_is_found_by_halving),
        TEST(a_half_without_rows_is_kept_at_once),
        TEST(a_table_without_ids_has_no_repeats),
        TEST(repeats_that_the_sieve_finds_are_duplicates),
        TEST(after_a_refusal_two_batches_go_to_the_sieve_at_once),
        TEST(a_batch_of_which_a_part_is_stored_is_read_again_when_lost),
        TEST(what_the_sieve_has_found_is_forgotten_when_its_batch_is_written_again),
    };

    return cmocka_run_group_tests_name("lane_sieve", tests, NULL, NULL);
}
