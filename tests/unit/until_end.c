#include "tests/support/check.h"

#include "consumers/until_end.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_session.h"

/*
 * sim.a/0 ends at 5, sim.a/1 at 3, sim.b/0 is empty though its log goes on at 7, sim.b/1 is empty.
 * Nothing is ours at first.
 */
struct stage {
    struct routes routes;
    struct partitions partitions;
    struct fake_source source;
    struct fake_database database;
    struct fake_session *session;
    struct until_end until_end;
    struct error err;
    int64_t now_ms;
};

static int prepare_stage(void **state)
{
    static struct stage stage;

    diary_open();
    stage = (struct stage){.now_ms = 1000000};
    fake_routes_init(&stage.routes);
    partitions_init(&stage.partitions, &stage.routes);
    fake_source_init(&stage.source);
    fake_database_init(&stage.database);
    stage.source.logs[FAKE_A][0].end = 5;
    stage.source.logs[FAKE_A][1].end = 3;
    stage.source.logs[FAKE_B][0].start = 7;
    stage.source.logs[FAKE_B][0].end = 7;
    stage.session = fake_session_new("positions", &stage.database);
    *state = &stage;
    return 0;
}

static int open_stage(void **state)
{
    prepare_stage(state);
    struct stage *stage = *state;
    return until_end_init(&stage->until_end, &stage->session->session, &stage->source.source,
                          &stage->partitions, &stage->err)
               ? 0
               : -1;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;

    until_end_free(&stage->until_end);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    return 0;
}

static void set(struct stage *stage, int32_t number, enum partition_state state, int64_t position)
{
    struct partition *partition = partitions_get(&stage->partitions, FAKE_A, number);

    partition->state = state;
    partition->position = position;
}

static enum until_end_answer later(struct stage *stage, int64_t milliseconds)
{
    stage->now_ms += milliseconds;
    return until_end_turn(&stage->until_end, true, stage->now_ms, &stage->err);
}

static void the_end_is_reached_once_all_of_ours_is_stored(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_READING, 4);
    set(stage, 1, PARTITION_READING, 3);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    set(stage, 0, PARTITION_READING, 5);
    assert_int_equal(later(stage, 0), UNTIL_END_REACHED);
    diary_expect("");
}

static void what_comes_later_does_not_count(void **state)
{
    struct stage *stage = *state;

    stage->source.logs[FAKE_A][0].end = 500;
    set(stage, 0, PARTITION_READING, 5);
    set(stage, 1, PARTITION_READING, 30);
    assert_int_equal(later(stage, 0), UNTIL_END_REACHED);
}

/* Before it is claimed and compared, its position may not be its own. */
static void what_is_not_being_read_yet_is_not_reached(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_CHECKING, 5);
    set(stage, 1, PARTITION_READING, 3);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    set(stage, 0, PARTITION_CLAIMING, 5);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
}

static void how_far_others_are_is_asked_twice_a_second(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_READING, 5);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    diary_expect("");
    stage->session->is_willing = true;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\n");
    stage->database.positions[FAKE_A][1].position = 2;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 499), UNTIL_END_NOT_YET);
    diary_expect("");
    stage->database.positions[FAKE_A][1].position = 3;
    assert_int_equal(later(stage, 1), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\n");
    assert_int_equal(later(stage, 0), UNTIL_END_REACHED);
}

static void one_that_nobody_has_claimed_is_not_stored(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_READING, 5);
    stage->session->is_willing = true;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    /* Of others PostgreSQL knows much, of this one nothing. */
    stage->source.logs[FAKE_A][1].end = 3;
    partitions_get(&stage->partitions, FAKE_A, 1)->number = 77;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 500), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
}

static void the_same_topic_into_another_table_does_not_count(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_READING, 5);
    stage->routes.items[FAKE_A].table_name[0] = 'E';
    stage->session->is_willing = true;
    stage->database.positions[FAKE_A][1].position = 3;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
}

static void partitions_that_stand_still_are_told_once_all_others_are_at_their_ends(void **state)
{
    struct stage *stage = *state;

    set(stage, 0, PARTITION_HELD, 0);
    set(stage, 1, PARTITION_READING, 2);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    set(stage, 1, PARTITION_READING, 3);
    assert_int_equal(later(stage, 0), UNTIL_END_HELD);
    assert_string_equal(stage->err.message, "1 partitions stand still, see above");
    assert_int_equal(stage->err.kind, ERROR_CONFIGURATION);
}

static void a_refusal_is_told_and_tried_again_on_a_new_connection(void **state)
{
    struct stage *stage = *state;

    fake_session_connects(stage->session);
    fake_session_refuses(stage->session, "42501");
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 600), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\n"
                 "warning: PostgreSQL says 42501\n"
                 "positions: gives up the connection\n");
    fake_session_connects(stage->session);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\n");
}

static void a_lost_question_is_asked_again_on_a_new_connection(void **state)
{
    struct stage *stage = *state;

    fake_session_connects(stage->session);
    fake_session_loses(stage->session, "");
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_int_equal(later(stage, 600), UNTIL_END_NOT_YET);
    fake_session_connects(stage->session);
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\npositions: tell positions\n");
}

static void it_waits_for_postgresql_only_while_others_are_asked_about(void **state)
{
    struct stage *stage = *state;
    struct pollfd descriptor;
    int64_t until_ms = stage->now_ms + 10000;

    assert_false(until_end_poll(&stage->until_end, &descriptor, &until_ms));
    assert_int_equal(until_ms, stage->now_ms + 10000);
    stage->session->is_willing = true;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_true(until_end_poll(&stage->until_end, &descriptor, &until_ms));
    until_ms = stage->now_ms + 10000;
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    assert_true(until_end_poll(&stage->until_end, &descriptor, &until_ms));
    assert_int_equal(until_ms, stage->now_ms + 500);
}

static void others_are_not_asked_about_while_something_of_ours_is_left(void **state)
{
    struct stage *stage = *state;
    struct pollfd descriptor;
    int64_t until_ms = INT64_MAX;

    stage->session->is_willing = true;
    set(stage, 0, PARTITION_READING, 5);
    assert_int_equal(until_end_turn(&stage->until_end, false, 0, &stage->err), UNTIL_END_NOT_YET);
    diary_expect("");
    assert_int_equal(later(stage, 0), UNTIL_END_NOT_YET);
    diary_expect("positions: tell positions\n");
    assert_int_equal(until_end_turn(&stage->until_end, false, 0, &stage->err), UNTIL_END_NOT_YET);
    assert_false(until_end_poll(&stage->until_end, &descriptor, &until_ms));
}

static void without_brokers_it_does_not_begin(void **state)
{
    struct stage *stage = *state;

    stage->source.is_away = true;
    assert_false(until_end_init(&stage->until_end, &stage->session->session, &stage->source.source,
                                &stage->partitions, &stage->err));
    assert_string_equal(stage->err.message, "the brokers do not answer");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        TEST(the_end_is_reached_once_all_of_ours_is_stored),
        TEST(what_comes_later_does_not_count),
        TEST(what_is_not_being_read_yet_is_not_reached),
        TEST(how_far_others_are_is_asked_twice_a_second),
        TEST(one_that_nobody_has_claimed_is_not_stored),
        TEST(the_same_topic_into_another_table_does_not_count),
        TEST(partitions_that_stand_still_are_told_once_all_others_are_at_their_ends),
        TEST(a_refusal_is_told_and_tried_again_on_a_new_connection),
        TEST(a_lost_question_is_asked_again_on_a_new_connection),
        TEST(others_are_not_asked_about_while_something_of_ours_is_left),
        TEST(it_waits_for_postgresql_only_while_others_are_asked_about),
        cmocka_unit_test_setup_teardown(without_brokers_it_does_not_begin, prepare_stage,
                                        close_stage),
    };

    return cmocka_run_group_tests_name("until_end", tests, NULL, NULL);
}
