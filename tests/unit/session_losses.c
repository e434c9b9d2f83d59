/* How the session of libpq loses its server, says so and comes again. */
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/scripted_session.h"

static const struct request fold = {.kind = REQUEST_FOLD};

static int64_t next_try_ms(const struct session *session)
{
    struct pollfd descriptor;
    int64_t until_ms = INT64_MAX;

    assert_false(session_poll(session, &descriptor, &until_ms));
    return until_ms;
}

/* Closed since now_ms, and it comes again after so long, or up to a fifth more; not before. */
static void comes_again_after(const struct scripted_session *both, int64_t now_ms, int64_t wait_ms)
{
    int64_t until_ms = next_try_ms(both->session);

    assert_in_range(until_ms, now_ms + wait_ms, now_ms + wait_ms + wait_ms / 5);
    assert_int_equal(session_turn(both->session, until_ms - 1), SESSION_NOTHING);
    assert_int_equal(next_try_ms(both->session), until_ms);
}

/* A request, how the server answers it, and what is known afterwards. */
struct loss_case {
    const char *name;
    struct exchange script[4];
    const char *sqlstate;
    const char *words;
    const char *line;
};

static struct loss_case losses[] = {
    {"a connection closed before the answer",
     {SETTINGS, {FOLD_SQL, {CLOSE}}},
     "",
     "",
     "connection to PostgreSQL lost: server closed the connection unexpectedly; trying again in "},
    {"a connection closed within the answer",
     {SETTINGS, {FOLD_SQL, {ROWS("1|2"), CLOSE}}},
     "",
     "",
     "connection to PostgreSQL lost: server closed the connection unexpectedly; trying again in "},
    {"a connection closed within a message",
     {SETTINGS, {FOLD_SQL, {RAW("T"), CLOSE}}},
     "",
     "",
     "connection to PostgreSQL lost: server closed the connection unexpectedly; trying again in "},
    {"a server that says why it closes",
     {SETTINGS, {FOLD_SQL, {REFUSAL("C57P01|Mterminating connection"), CLOSE}}},
     "57P01",
     "terminating connection",
     "PostgreSQL: terminating connection (SQLSTATE 57P01); trying again in "},
    {"a message that is none of the protocol's",
     {SETTINGS, {FOLD_SQL, {RAW("yes, of course"), SILENCE}}},
     "",
     "",
     "connection to PostgreSQL lost: lost synchronization with server: got message type \"y\""},
    {"a COPY that nobody has data for",
     {SETTINGS, {FOLD_SQL, {COPY_IN}}},
     "",
     "",
     "connection to PostgreSQL lost: ; trying again in "},
    {"settings that are refused",
     {{"set lock_timeout", {REFUSAL("C42501|Mpermission denied")}}},
     "42501",
     "permission denied",
     "PostgreSQL: permission denied (SQLSTATE 42501); role \"u\" lacks a right: grant it, or "
     "connect as another; trying again in "},
    {"a connection closed while it is set up",
     {{"set lock_timeout", {CLOSE}}},
     "",
     "",
     "connection to PostgreSQL lost: server closed the connection unexpectedly; trying again in "},
};

static void a_loss_is_told_and_mended_later(void **state)
{
    const struct loss_case *row = *state;
    struct scripted_session both = scripted_session(&tested_session, row->script);

    if (row->script[1].expects) {
        scripted_session_connect(&both, 1000);
        session_ask(both.session, &fold, 1000);
    }
    assert_int_equal(scripted_session_news(&both, 1000), SESSION_LOST);
    assert_string_equal(both.session->answer.refusal.err.sqlstate, row->sqlstate);
    assert_string_equal(both.session->answer.refusal.words, row->words);
    assert_int_equal(log_lines.count, 1);
    if (strncmp(log_lines.last, row->line, strlen(row->line)) != 0)
        assert_string_equal(log_lines.last, row->line);
    comes_again_after(&both, 1000, FIRST_RETRY_MS);
    scripted_session_end(&both);
}

/* What the last step before the deadline does not bring is lost at the deadline. */
static void is_given_up_at(struct scripted_session *both, int64_t deadline_ms)
{
    scripted_session_stays_quiet(both, deadline_ms - 1);
    assert_int_equal(session_turn(both->session, deadline_ms), SESSION_LOST);
    assert_string_equal(both->session->answer.refusal.err.sqlstate, "");
    assert_non_null(strstr(log_lines.last, "PostgreSQL does not answer; trying again in "));
}

static void a_server_that_does_not_greet_is_given_up(void **state)
{
    static const struct exchange script[] = {{NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    both.server->greeting.is_silent = true;
    assert_int_equal(session_turn(both.session, 500), SESSION_NOTHING);
    is_given_up_at(&both, 500 + CONNECT_WAIT_MS);
    assert_int_equal(both.server->connections, 1);
    scripted_session_end(&both);
}

static void settings_without_an_answer_are_given_up(void **state)
{
    static const struct exchange script[] = {{"set lock_timeout", {SILENCE}}, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_stays_quiet(&both, 500);
    is_given_up_at(&both, 500 + ANSWER_WAIT_MS);
    scripted_session_end(&both);
}

static void a_request_without_an_answer_is_given_up(void **state)
{
    static const struct exchange script[] = {SETTINGS, {FOLD_SQL, {SILENCE}}, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &fold, 700);
    is_given_up_at(&both, 700 + ANSWER_WAIT_MS);
    comes_again_after(&both, 700 + ANSWER_WAIT_MS, FIRST_RETRY_MS);
    scripted_session_end(&both);
}

/* An idle session hears of it at its next turn, not only when it is asked. */
static void a_server_that_leaves_an_idle_session_is_missed_at_once(void **state)
{
    static const struct exchange script[] = {SETTINGS, {FOLD_SQL, {ROWS("1|2")}}, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_ANSWERED);
    scripted_session_stays_quiet(&both, 1000000);
    scripted_server_hang_up(both.server);
    assert_int_equal(scripted_session_news(&both, 2000000), SESSION_LOST);
    comes_again_after(&both, 2000000, FIRST_RETRY_MS);
    scripted_session_end(&both);
}

/* What was refused before has nothing to do with it. */
static void a_loss_after_a_refusal_is_not_told_as_that_refusal(void **state)
{
    static const struct exchange script[] = {
        SETTINGS, {FOLD_SQL, {REFUSAL("C23514|Mrefused|sevent|nBAD_CODE")}}, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_REFUSED);
    scripted_server_hang_up(both.server);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_LOST);
    assert_string_equal(both.session->answer.refusal.err.sqlstate, "");
    assert_non_null(strstr(log_lines.last, "connection to PostgreSQL lost: "));
    scripted_session_end(&both);
}

/* Written to before it was read from, the dead socket shows at the next turn. */
static void a_request_to_a_server_that_has_left_is_lost(void **state)
{
    static const struct exchange script[] = {SETTINGS, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    scripted_server_hang_up(both.server);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_LOST);
    assert_string_equal(both.session->answer.refusal.err.sqlstate, "");
    scripted_session_end(&both);
}

/* The words were there before the question was asked. */
static void a_request_hears_why_the_server_has_left(void **state)
{
    static const struct exchange script[] = {SETTINGS, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    scripted_server_say(both.server, "C57P01|Mterminating connection");
    scripted_server_hang_up(both.server);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_LOST);
    assert_string_equal(both.session->answer.refusal.err.sqlstate, "57P01");
    scripted_session_end(&both);
}

static void a_caller_gives_up_what_was_refused(void **state)
{
    static const struct exchange script[] = {
        SETTINGS, {FOLD_SQL, {REFUSAL("C53100|Mdisk full")}}, SETTINGS, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_REFUSED);
    assert_string_equal(both.session->answer.refusal.err.sqlstate, "53100");
    assert_int_equal(log_lines.count, 0);
    session_lose(both.session, 50);
    assert_int_equal(log_lines.count, 1);
    assert_non_null(
        strstr(log_lines.last, "PostgreSQL: disk full (SQLSTATE 53100); trying again in "));
    comes_again_after(&both, 50, FIRST_RETRY_MS);
    scripted_session_connect(&both, next_try_ms(both.session));
    assert_string_equal(log_lines.last, "connected to PostgreSQL again");
    assert_int_equal(log_lines.count, 2);
    scripted_session_end(&both);
}

/* A server that starts refuses, and a few times is not so often as to trouble it. */
static void each_try_comes_twice_as_late_up_to_the_longest_wait(void **state)
{
    static const int64_t waits_ms[] = {100, 200, 400, 400, 400};
    static const struct exchange script[] = {SETTINGS, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);
    int64_t now_ms = 0;

    (void)state;
    both.server->greeting.refusal = "C57P03|Mthe database system is starting up";
    for (size_t i = 0; i < ARRAY_LENGTH(waits_ms); i++) {
        assert_int_equal(scripted_session_news(&both, now_ms), SESSION_LOST);
        assert_int_equal(log_lines.count, i + 1);
        assert_non_null(strstr(log_lines.last, "could not connect to PostgreSQL: "));
        assert_non_null(strstr(log_lines.last, "the database system is starting up"));
        comes_again_after(&both, now_ms, waits_ms[i]);
        now_ms = next_try_ms(both.session);
    }
    both.server->greeting.refusal = NULL;
    scripted_session_connect(&both, now_ms);
    assert_int_equal(both.server->connections, ARRAY_LENGTH(waits_ms) + 1);
    scripted_server_hang_up(both.server);
    assert_int_equal(scripted_session_news(&both, now_ms), SESSION_LOST);
    comes_again_after(&both, now_ms, FIRST_RETRY_MS);
    scripted_session_end(&both);
}

/* There is nothing to poll for: the caller turns at once and hears why. */
static void nobody_who_listens_is_told_at_the_next_turn(void **state)
{
    static const struct exchange script[] = {{NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_server_go_away(both.server);
    assert_int_equal(session_turn(both.session, 5), SESSION_NOTHING);
    assert_int_equal(next_try_ms(both.session), 0);
    assert_int_equal(session_turn(both.session, 5), SESSION_LOST);
    assert_non_null(strstr(log_lines.last, "could not connect to PostgreSQL: "));
    assert_non_null(strstr(log_lines.last, "No such file or directory"));
    comes_again_after(&both, 5, FIRST_RETRY_MS);
    scripted_session_end(&both);
}

static void a_quiet_kind_says_nothing_of_outages(void **state)
{
    static const struct exchange script[] = {SETTINGS, SETTINGS, {NULL, {{0}}}};
    struct session_kind quiet = tested_session;

    (void)state;
    quiet.outages = LOG_LEVEL_DEBUG;
    struct scripted_session both = scripted_session(&quiet, script);
    scripted_session_connect(&both, 0);
    scripted_server_hang_up(both.server);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_LOST);
    scripted_session_connect(&both, next_try_ms(both.session));
    assert_int_equal(log_lines.count, 0);
    scripted_session_end(&both);
}

int main(void)
{
    enum { OTHERS = 11 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(losses)] = {
        cmocka_unit_test(a_server_that_does_not_greet_is_given_up),
        cmocka_unit_test(settings_without_an_answer_are_given_up),
        cmocka_unit_test(a_request_without_an_answer_is_given_up),
        cmocka_unit_test(a_server_that_leaves_an_idle_session_is_missed_at_once),
        cmocka_unit_test(a_loss_after_a_refusal_is_not_told_as_that_refusal),
        cmocka_unit_test(a_request_to_a_server_that_has_left_is_lost),
        cmocka_unit_test(a_request_hears_why_the_server_has_left),
        cmocka_unit_test(a_caller_gives_up_what_was_refused),
        cmocka_unit_test(each_try_comes_twice_as_late_up_to_the_longest_wait),
        cmocka_unit_test(nobody_who_listens_is_told_at_the_next_turn),
        cmocka_unit_test(a_quiet_kind_says_nothing_of_outages),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(losses); i++)
        tests[OTHERS + i] = test_row(losses[i].name, a_loss_is_told_and_mended_later, &losses[i]);
    return cmocka_run_group_tests_name("session_losses", tests, NULL, NULL);
}
