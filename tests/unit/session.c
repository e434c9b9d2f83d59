/* The session of libpq against a server that answers by a script; time is what the test says. */
#include "tests/support/check.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "common/rows/copy.h"
#include "consumers/postgres/libpq_session.h"
#include "tests/support/scripted_session.h"

static const struct request fold = {.kind = REQUEST_FOLD};

static void polls(const struct scripted_session *both, short events, int64_t expected_ms)
{
    struct pollfd descriptor = {.fd = -1};
    int64_t until_ms = INT64_MAX;

    assert_true(session_poll(both->session, &descriptor, &until_ms));
    assert_true(descriptor.fd >= 0);
    assert_int_equal(descriptor.events, events);
    assert_int_equal(until_ms, expected_ms);
}

static void it_connects_and_settles_everything_before_its_first_use(void **state)
{
    static const struct exchange script[] = {SETTINGS, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);

    (void)state;
    scripted_session_connect(&both, 5);
    assert_non_null(strstr(buffer_text(&both.server->startup), "application_name=tested "));
    assert_non_null(strstr(buffer_text(&both.server->startup), "client_encoding=UTF8 "));
    assert_non_null(strstr(buffer_text(&both.server->sql), connection_settings_sql));
    assert_int_equal(log_lines.count, 0);
    scripted_session_end(&both);
}

/* A lane must not wait for ever at the server, nor the session for a server that does not answer.
 */
static void each_kind_waits_longer_than_its_statements_may_take(void **state)
{
    static const struct {
        const struct session_kind *kind;
        const char *limit;
        int64_t limit_ms;
    } kinds[] = {
        {&lane_session, "set statement_timeout = '60s';", 60000},
        {&fold_session, "set statement_timeout = '540s';", 540000},
        {&positions_session, "set statement_timeout = '10s';", 10000},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        assert_non_null(strstr(kinds[i].kind->settings_sql, kinds[i].limit));
        assert_non_null(strstr(kinds[i].kind->settings_sql, "set lock_timeout = "));
        assert_true(kinds[i].kind->answer_wait_ms > kinds[i].limit_ms);
    }
}

static void what_to_wait_for_is_told_in_every_state(void **state)
{
    static const struct exchange script[] = {
        SETTINGS, {FOLD_SQL, {ROWS("1|2")}}, {FOLD_SQL, {SILENCE}}, {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);
    struct pollfd descriptor;
    int64_t until_ms = INT64_MAX;

    (void)state;
    assert_false(session_poll(both.session, &descriptor, &until_ms));
    assert_int_equal(until_ms, 0);
    assert_int_equal(session_turn(both.session, 10), SESSION_NOTHING);
    polls(&both, POLLOUT, 10 + CONNECT_WAIT_MS);
    assert_int_equal(session_turn(both.session, 11), SESSION_NOTHING);
    polls(&both, POLLIN, 10 + CONNECT_WAIT_MS);
    scripted_session_connect(&both, 12);
    polls(&both, POLLIN, INT64_MAX);
    session_ask(both.session, &fold, 20);
    polls(&both, POLLIN | POLLOUT, 20 + ANSWER_WAIT_MS);
    assert_int_equal(session_turn(both.session, 21), SESSION_NOTHING);
    polls(&both, POLLIN, 20 + ANSWER_WAIT_MS);
    assert_int_equal(scripted_session_news(&both, 22), SESSION_ANSWERED);
    polls(&both, POLLIN, INT64_MAX);
    session_ask(both.session, &fold, 30);
    scripted_session_stays_quiet(&both, 31);
    until_ms = 7;
    assert_true(session_poll(both.session, &descriptor, &until_ms));
    assert_int_equal(until_ms, 7);
    scripted_session_end(&both);
}

static void a_claim_is_answered(void **state)
{
    static const struct exchange script[] = {
        SETTINGS, {"('a.v1', 'event.a', 0, 3, 5::bigint)", {ROWS("0|4|100|7|\\N")}}, {NULL, {{0}}}};
    static const struct claim claim = {"a.v1", "event.a", 3, 5};
    struct scripted_session both = scripted_session(&tested_session, script);
    struct request request = {
        .kind = REQUEST_CLAIM, .owner = "host/7", .claims = &claim, .claim_count = 1};

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &request, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_ANSWERED);
    const struct answer *answer = &both.session->answer;
    assert_int_equal(answer->claimed_count, 1);
    assert_int_equal(answer->claimed[0].place, 0);
    assert_int_equal(answer->claimed[0].stream_id, 4);
    assert_int_equal(answer->claimed[0].position, 100);
    assert_int_equal(answer->claimed[0].epoch, 7);
    assert_int_equal(answer->claimed[0].last_published_us, -1);
    scripted_session_end(&both);
}

/* The socket's buffers hold some 200 kB: the rest waits for the server. */
static void rows_beyond_what_the_socket_takes_are_sent_as_it_takes_them(void **state)
{
    enum { LENGTH = 3 * 1024 * 1024 + 17 };
    static const struct exchange script[] = {
        SETTINGS,
        {"copy r;copy ingest.reject", {TAG("SELECT 1"), COPY_IN, COPY_IN}},
        {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);
    char *rows = memory_new(LENGTH, 1);
    struct request request = {.kind = REQUEST_WRITE,
                              .rows_sql = "copy r",
                              .rows = {rows, LENGTH},
                              .rejects = {"rejects", 7}};

    (void)state;
    for (size_t i = 0; i < LENGTH; i++)
        rows[i] = (char)(i * 31 / 7);
    scripted_session_connect(&both, 0);
    session_ask(both.session, &request, 0);
    assert_int_equal(session_turn(both.session, 0), SESSION_NOTHING);
    while (both.server->reply == NULL)
        scripted_server_turn(both.server);
    for (int i = 0; i < 10; i++)
        assert_int_equal(session_turn(both.session, 0), SESSION_NOTHING);
    polls(&both, POLLIN | POLLOUT, ANSWER_WAIT_MS);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_ANSWERED);
    assert_int_equal(both.server->copy_count, 2);
    const struct buffer *copies = both.server->copies;
    assert_int_equal(copies[0].length, sizeof(copy_header) + LENGTH + sizeof(copy_trailer));
    assert_memory_equal(copies[0].data, copy_header, sizeof(copy_header));
    assert_memory_equal(copies[0].data + sizeof(copy_header), rows, LENGTH);
    assert_memory_equal(copies[0].data + sizeof(copy_header) + LENGTH, copy_trailer,
                        sizeof(copy_trailer));
    assert_int_equal(copies[1].length, sizeof(copy_header) + 7 + sizeof(copy_trailer));
    assert_memory_equal(copies[1].data + sizeof(copy_header), "rejects", 7);
    free(rows);
    scripted_session_end(&both);
}

/* PostgreSQL goes on to take what the client sends, and throws it away. */
static void a_refusal_within_a_copy_leaves_a_session_that_can_be_asked(void **state)
{
    enum { LENGTH = 1024 * 1024 };
    static const struct exchange script[] = {
        SETTINGS,
        {"copy r", {COPY_SOME, REFUSAL("C23514|Mno|sevent|nBAD_CODE")}},
        {FOLD_SQL, {ROWS("3|4")}},
        {NULL, {{0}}}};
    struct scripted_session both = scripted_session(&tested_session, script);
    char *rows = memory_new(LENGTH, 1);
    struct request request = {.kind = REQUEST_WRITE, .rows_sql = "copy r", .rows = {rows, LENGTH}};

    (void)state;
    scripted_session_connect(&both, 0);
    session_ask(both.session, &request, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_REFUSED);
    const struct answer *answer = &both.session->answer;
    assert_string_equal(answer->refusal.err.sqlstate, "23514");
    assert_string_equal(answer->refusal.schema, "event");
    assert_string_equal(answer->refusal.constraint, "BAD_CODE");
    assert_string_equal(answer->refusal.words, "no");
    assert_string_equal(answer->refusal.err.message, "PostgreSQL: no (SQLSTATE 23514)");
    polls(&both, POLLIN, INT64_MAX);
    session_ask(both.session, &fold, 0);
    assert_int_equal(scripted_session_news(&both, 0), SESSION_ANSWERED);
    assert_int_equal(answer->folded, 3);
    assert_int_equal(answer->behind, 4);
    assert_string_equal(answer->refusal.err.sqlstate, "");
    assert_int_equal(log_lines.count, 0);
    free(rows);
    scripted_session_end(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_connects_and_settles_everything_before_its_first_use),
        cmocka_unit_test(each_kind_waits_longer_than_its_statements_may_take),
        cmocka_unit_test(what_to_wait_for_is_told_in_every_state),
        cmocka_unit_test(a_claim_is_answered),
        cmocka_unit_test(rows_beyond_what_the_socket_takes_are_sent_as_it_takes_them),
        cmocka_unit_test(a_refusal_within_a_copy_leaves_a_session_that_can_be_asked),
    };

    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
