#include "tests/support/check.h"

#include "consumers/postgres/fold.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_session.h"

/* A fold alone, with a session that does as it is told; it connects by itself. */
struct stage {
    struct fake_database database;
    struct fake_session *session;
    struct fold *fold;
    struct error err;
    int64_t now_ms;
};

static int open_stage(void **state)
{
    static struct stage stage;

    stage = (struct stage){.now_ms = 1000000};
    diary_open();
    fake_database_init(&stage.database);
    stage.session = fake_session_new("fold", &stage.database);
    stage.fold = fold_new(&stage.session->session);
    *state = &stage;
    return 0;
}

static int close_stage(void **state)
{
    fold_free(((struct stage *)*state)->fold);
    return 0;
}

static bool later(struct stage *stage, int64_t milliseconds)
{
    stage->now_ms += milliseconds;
    return fold_turn(stage->fold, stage->now_ms, &stage->err);
}

/* Connected, and the first fold is answered: nothing is left. */
static struct stage *complete(void **state)
{
    struct stage *stage = *state;

    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
    return stage;
}

static int64_t wait_of(struct stage *stage)
{
    struct pollfd descriptor;
    int64_t until_ms = stage->now_ms + 100000;

    fold_poll(stage->fold, &descriptor, &until_ms);
    return until_ms - stage->now_ms;
}

static void a_fold_begins_as_soon_as_it_is_connected(void **state)
{
    struct stage *stage = *state;

    assert_true(later(stage, 0));
    assert_false(fold_is_complete(stage->fold));
    diary_expect("");
    fake_session_connects(stage->session);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
}

static void it_is_complete_once_nothing_is_left(void **state)
{
    struct stage *stage = complete(state);

    assert_true(fold_is_complete(stage->fold));
}

static void it_looks_again_after_five_seconds(void **state)
{
    struct stage *stage = complete(state);

    assert_int_equal(wait_of(stage), 5000);
    assert_true(later(stage, 4999));
    diary_expect("");
    assert_true(later(stage, 1));
    diary_expect("fold: fold\n");
}

static void what_is_stored_is_folded_at_once(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 3);
    assert_false(fold_is_complete(stage->fold));
    assert_int_equal(wait_of(stage), 0);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
}

static void what_is_stored_while_it_folds_is_folded_after_it(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 3);
    assert_true(later(stage, 0));
    fold_note(stage->fold, 2);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\nfold: fold\n");
    assert_false(fold_is_complete(stage->fold));
}

static void a_position_that_moves_is_folded_as_well(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 0);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
}

static void it_rests_as_long_as_it_worked(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 1);
    assert_true(later(stage, 0));
    fake_session_answers(stage->session);
    assert_true(later(stage, 50));
    diary_clear();
    fold_note(stage->fold, 1);
    assert_int_equal(wait_of(stage), 50);
    assert_true(later(stage, 49));
    diary_expect("");
    assert_true(later(stage, 1));
    diary_expect("fold: fold\n");
}

static void it_never_rests_longer_than_a_fifth_of_a_second(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 1);
    assert_true(later(stage, 0));
    fake_session_answers(stage->session);
    assert_true(later(stage, 9000));
    fold_note(stage->fold, 1);
    assert_int_equal(wait_of(stage), 200);
}

static void many_events_are_worth_the_next_fold_without_a_rest(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 1);
    assert_true(later(stage, 0));
    diary_clear();
    stage->database.folded = 10000;
    stage->database.behind = 5;
    fake_session_answers(stage->session);
    assert_true(later(stage, 50));
    diary_expect("fold: fold\n");
}

static void while_others_fold_it_tries_every_tenth_of_a_second(void **state)
{
    struct stage *stage = *state;

    stage->database.behind = 7;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
    assert_false(fold_is_complete(stage->fold));
    assert_int_equal(wait_of(stage), 100);
    assert_true(later(stage, 100));
    diary_expect("fold: fold\n");
}

static void what_it_left_behind_though_it_folded_some_is_folded_at_once(void **state)
{
    struct stage *stage = *state;

    stage->database.behind = 7;
    stage->database.folded = 1;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\nfold: fold\n");
}

static void what_is_stored_while_others_fold_is_folded_at_once(void **state)
{
    struct stage *stage = *state;

    stage->database.behind = 7;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_clear();
    fold_note(stage->fold, 1);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
}

static void what_it_left_behind_waits_until_it_has_rested(void **state)
{
    struct stage *stage = *state;
    struct pollfd descriptor;
    int64_t until_ms;

    stage->database.behind = 7;
    stage->database.folded = 1;
    fake_session_connects(stage->session);
    assert_true(later(stage, 0));
    fake_session_answers(stage->session);
    assert_true(later(stage, 150));
    assert_int_equal(wait_of(stage), 150);
    until_ms = stage->now_ms + 10;
    fold_poll(stage->fold, &descriptor, &until_ms);
    assert_int_equal(until_ms, stage->now_ms + 10);
}

static void nothing_is_known_before_the_first_answer(void **state)
{
    struct stage *stage = *state;
    int64_t behind;

    assert_false(fold_behind(stage->fold, &behind));
    fold_note(stage->fold, 4);
    assert_true(fold_behind(stage->fold, &behind));
    assert_int_equal(behind, 4);
}

static void it_is_behind_by_what_is_left_and_what_was_stored_since(void **state)
{
    struct stage *stage = *state;
    int64_t behind;

    stage->database.behind = 7;
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    fold_note(stage->fold, 3);
    assert_true(later(stage, 0));
    fold_note(stage->fold, 2);
    assert_true(fold_behind(stage->fold, &behind));
    assert_int_equal(behind, 12);
}

static void a_lost_fold_is_done_again_and_nothing_is_forgotten(void **state)
{
    struct stage *stage = complete(state);
    int64_t behind;

    fold_note(stage->fold, 3);
    fake_session_loses(stage->session, "");
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    assert_false(fold_is_complete(stage->fold));
    assert_true(fold_behind(stage->fold, &behind));
    assert_int_equal(behind, 3);
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\nfold: fold\n");
    assert_true(fold_is_complete(stage->fold));
    assert_true(fold_behind(stage->fold, &behind));
    assert_int_equal(behind, 0);
}

static void an_outage_gives_the_connection_up_and_is_tried_again(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 3);
    fake_session_refuses(stage->session, "40P01");
    assert_true(later(stage, 0));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n"
                 "warning: the reports stand still: PostgreSQL says 40P01; trying again\n"
                 "fold: gives up the connection\n");
    fake_session_connects(stage->session);
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
}

static void a_refusal_is_said_and_tried_again_after_half_a_minute(void **state)
{
    struct stage *stage = complete(state);

    fold_note(stage->fold, 3);
    fake_session_refuses(stage->session, "42501");
    assert_true(later(stage, 0));
    diary_clear();
    assert_false(later(stage, 0));
    assert_string_equal(stage->err.message,
                        "the reports stand still (coop-admin rebuild makes them again): "
                        "PostgreSQL says 42501");
    assert_int_equal(wait_of(stage), 30000);
    assert_true(later(stage, 29999));
    diary_expect("");
    assert_true(later(stage, 1));
    diary_expect("fold: fold\n");
}

static void what_is_stored_while_it_is_refused_waits_for_the_next_try(void **state)
{
    struct stage *stage = complete(state);
    int64_t behind;

    fold_note(stage->fold, 3);
    fake_session_refuses(stage->session, "42501");
    assert_true(later(stage, 0));
    assert_false(later(stage, 0));
    diary_clear();
    fold_note(stage->fold, 2);
    assert_true(later(stage, 29999));
    diary_expect("");
    assert_false(fold_is_complete(stage->fold));
    fake_session_answers(stage->session);
    assert_true(later(stage, 1));
    assert_true(later(stage, 0));
    diary_expect("fold: fold\n");
    assert_true(fold_is_complete(stage->fold));
    assert_true(fold_behind(stage->fold, &behind));
    assert_int_equal(behind, 0);
}

static void no_fold_may_be_freed(void **state)
{
    (void)state;
    fold_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        TEST(a_fold_begins_as_soon_as_it_is_connected),
        TEST(it_is_complete_once_nothing_is_left),
        TEST(it_looks_again_after_five_seconds),
        TEST(what_is_stored_is_folded_at_once),
        TEST(what_is_stored_while_it_folds_is_folded_after_it),
        TEST(a_position_that_moves_is_folded_as_well),
        TEST(it_rests_as_long_as_it_worked),
        TEST(it_never_rests_longer_than_a_fifth_of_a_second),
        TEST(many_events_are_worth_the_next_fold_without_a_rest),
        TEST(while_others_fold_it_tries_every_tenth_of_a_second),
        TEST(what_it_left_behind_though_it_folded_some_is_folded_at_once),
        TEST(what_is_stored_while_others_fold_is_folded_at_once),
        TEST(what_it_left_behind_waits_until_it_has_rested),
        TEST(nothing_is_known_before_the_first_answer),
        TEST(it_is_behind_by_what_is_left_and_what_was_stored_since),
        TEST(a_lost_fold_is_done_again_and_nothing_is_forgotten),
        TEST(an_outage_gives_the_connection_up_and_is_tried_again),
        TEST(a_refusal_is_said_and_tried_again_after_half_a_minute),
        TEST(what_is_stored_while_it_is_refused_waits_for_the_next_try),
        cmocka_unit_test(no_fold_may_be_freed),
    };

    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
