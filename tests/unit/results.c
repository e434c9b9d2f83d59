/* What came back, as an answer: the results are those of a server that answers by a script. */
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "consumers/postgres/results.h"
#include "tests/support/scripted_server.h"

#define NAME_OF_63 "a23456789b123456789c123456789d123456789e123456789f123456789g123"

/* A request's statements, and what has come back for them. */
struct asked {
    struct scripted_server *server;
    PGconn *connection;
    struct statements statements;
    struct roundtrip roundtrip;
    struct results results;
    struct answer answer;
};

/* The script in asked.server->script; the request's data goes nowhere. */
static struct asked ask(const struct exchange *script, const struct request *request)
{
    struct asked asked = {.server = scripted_server_new(script, NULL)};
    enum roundtrip_status status = ROUNDTRIP_WAITING;

    asked.connection = PQconnectStart(asked.server->conninfo);
    while (PQconnectPoll(asked.connection) != PGRES_POLLING_OK)
        scripted_server_turn(asked.server);
    PQsetnonblocking(asked.connection, 1);
    statements_init(&asked.statements);
    statements_write(&asked.statements, request);
    assert_true(roundtrip_begin(&asked.roundtrip, asked.connection,
                                buffer_text(&asked.statements.sql), asked.statements.copies,
                                asked.statements.copy_count));
    while (status == ROUNDTRIP_WAITING) {
        scripted_server_turn(asked.server);
        status = roundtrip_advance(&asked.roundtrip);
    }
    if (status == ROUNDTRIP_DONE)
        results_read(&asked.results, request->kind, &asked.statements, &asked.roundtrip,
                     &asked.answer);
    else
        results_read_refusal(asked.connection, asked.roundtrip.error, &asked.answer.refusal);
    return asked;
}

static void end(struct asked *asked)
{
    scripted_server_check(asked->server);
    roundtrip_clear(&asked->roundtrip);
    results_free(&asked->results);
    assert_null(asked->results.claimed);
    statements_free(&asked->statements);
    PQfinish(asked->connection);
    scripted_server_free(asked->server);
}

static void what_is_claimed_comes_with_its_place_in_the_request(void **state)
{
    static const struct exchange script[] = {
        {"ingest.claim", {ROWS("1|4|9223372036854775807|7|1655701200123456\n0|-3|0|1|\\N")}},
        {NULL, {{0}}}};
    static const struct claim claims[] = {{"a", "event.a", 0, 0}, {"a", "event.a", 1, 0}};
    struct request request = {
        .kind = REQUEST_CLAIM, .owner = "o", .claims = claims, .claim_count = 2};
    struct asked asked = ask(script, &request);

    (void)state;
    const struct claimed *claimed = asked.answer.claimed;
    assert_int_equal(asked.answer.claimed_count, 2);
    assert_int_equal(claimed[0].place, 1);
    assert_int_equal(claimed[0].stream_id, 4);
    assert_true(claimed[0].position == INT64_MAX);
    assert_int_equal(claimed[0].epoch, 7);
    assert_int_equal(claimed[0].last_published_us, 1655701200123456);
    assert_int_equal(claimed[1].place, 0);
    assert_int_equal(claimed[1].stream_id, -3);
    assert_int_equal(claimed[1].position, 0);
    assert_int_equal(claimed[1].epoch, 1);
    assert_int_equal(claimed[1].last_published_us, -1);
    end(&asked);
}

static void rows_that_break_a_rule_come_with_it(void **state)
{
    static const struct exchange script[] = {
        {"select broken",
         {TAG("TRUNCATE TABLE"), COPY_IN, COPY_IN, ROWS("120|BAD_CODE\n3|not null")}},
        {NULL, {{0}}}};
    struct request request = {.kind = REQUEST_SORT,
                              .rows_sql = "truncate t;copy r;copy m;select broken"};
    struct asked asked = ask(script, &request);

    (void)state;
    assert_int_equal(asked.answer.broken_count, 2);
    assert_int_equal(asked.answer.broken[0].place, 120);
    assert_string_equal(asked.answer.broken[0].reason, "BAD_CODE");
    assert_int_equal(asked.answer.broken[1].place, 3);
    assert_string_equal(asked.answer.broken[1].reason, "not null");
    assert_int_equal(asked.server->copy_count, 2);
    end(&asked);
}

static void no_row_that_breaks_a_rule_is_an_empty_list(void **state)
{
    static const struct exchange script[] = {
        {"select broken", {TAG("TRUNCATE TABLE"), COPY_IN, COPY_IN, NO_ROWS("place|reason")}},
        {NULL, {{0}}}};
    struct request request = {.kind = REQUEST_SORT, .rows_sql = "select broken"};
    struct asked asked = ask(script, &request);

    (void)state;
    assert_int_equal(asked.answer.broken_count, 0);
    end(&asked);
}

static void positions_come_with_topic_table_and_partition(void **state)
{
    static const struct exchange script[] = {
        {"ingest.position", {ROWS("a.v1|event.a|0|10\nb.v1|event.b|11|9223372036854775807")}},
        {NULL, {{0}}}};
    struct asked asked = ask(script, &(struct request){.kind = REQUEST_POSITIONS});

    (void)state;
    const struct stored_position *positions = asked.answer.positions;
    assert_int_equal(asked.answer.position_count, 2);
    assert_string_equal(positions[0].topic, "a.v1");
    assert_string_equal(positions[0].table, "event.a");
    assert_int_equal(positions[0].partition, 0);
    assert_int_equal(positions[0].position, 10);
    assert_string_equal(positions[1].topic, "b.v1");
    assert_int_equal(positions[1].partition, 11);
    assert_true(positions[1].position == INT64_MAX);
    end(&asked);
}

static void a_fold_tells_what_it_has_taken_in_and_left(void **state)
{
    static const struct exchange script[] = {{"state.fold()", {ROWS("5000|12345678901")}},
                                             {NULL, {{0}}}};
    struct asked asked = ask(script, &(struct request){.kind = REQUEST_FOLD});

    (void)state;
    assert_int_equal(asked.answer.folded, 5000);
    assert_true(asked.answer.behind == 12345678901);
    end(&asked);
}

/* Rows kept, repeats noted, rejects copied: only one of these numbers is that of the repeats. */
static void repeats_are_counted_by_their_own_statement(void **state)
{
    static const struct exchange script[] = {
        {"insert k;insert d;copy ingest.reject",
         {ROWS("t"), ROWS("t"), TAG("INSERT 0 97"), TAG("INSERT 0 3"), COPY_IN}},
        {NULL, {{0}}}};
    static const struct advance advances[] = {{1, 0, 7, 10, 11, -1}, {2, 0, 8, 20, 22, -1}};
    struct request request = {.kind = REQUEST_KEEP,
                              .advances = advances,
                              .advance_count = 2,
                              .rows_sql = "insert k",
                              .repeats_sql = "insert d",
                              .rejects = {"r", 1}};
    struct asked asked = ask(script, &request);

    (void)state;
    assert_int_equal(asked.answer.repeats, 3);
    end(&asked);
}

static void a_table_without_event_ids_has_no_repeats(void **state)
{
    static const struct exchange script[] = {{"insert k", {ROWS("t"), TAG("INSERT 0 97")}},
                                             {NULL, {{0}}}};
    static const struct advance advance = {1, 0, 7, 10, 11, -1};
    struct request request = {
        .kind = REQUEST_KEEP, .advances = &advance, .advance_count = 1, .rows_sql = "insert k"};
    struct asked asked = ask(script, &request);

    (void)state;
    assert_int_equal(asked.answer.repeats, 0);
    end(&asked);
}

static void a_batch_that_is_written_has_nothing_to_tell(void **state)
{
    static const struct exchange script[] = {{"copy r", {ROWS("t"), COPY_IN}}, {NULL, {{0}}}};
    static const struct advance advance = {1, 0, 7, 10, 11, -1};
    struct request request = {
        .kind = REQUEST_WRITE, .advances = &advance, .advance_count = 1, .rows_sql = "copy r"};
    struct asked asked = ask(script, &request);

    (void)state;
    assert_int_equal(asked.answer.repeats, 0);
    assert_int_equal(asked.answer.claimed_count, 0);
    assert_int_equal(asked.answer.broken_count, 0);
    assert_int_equal(asked.answer.position_count, 0);
    end(&asked);
}

/* How PostgreSQL refuses, and what of it goes where. */
struct refusal_case {
    const char *name;
    struct exchange script[2];
    const char *sqlstate;
    const char *schema;
    const char *constraint;
    const char *words;
    enum error_kind kind;
    const char *message;
};

static struct refusal_case refusals[] = {
    {"a row that breaks a constraint",
     {{"fold", {REFUSAL("C23514|Mbreaks it|Drow (1, secret)|sevent|toutreach|nBAD_CODE")}}},
     "23514",
     "event",
     "BAD_CODE",
     "breaks it",
     ERROR_DATA,
     "PostgreSQL: breaks it (SQLSTATE 23514)"},
    {"names of the greatest length are whole",
     {{"fold", {REFUSAL("C23505|Mm|s" NAME_OF_63 "|n" NAME_OF_63)}}},
     "23505",
     NAME_OF_63,
     NAME_OF_63,
     "m",
     ERROR_DATA,
     "PostgreSQL: m (SQLSTATE 23505)"},
    {"names beyond that are cut",
     {{"fold", {REFUSAL("C23505X|Mm|s" NAME_OF_63 "45|n" NAME_OF_63 "4")}}},
     "23505",
     NAME_OF_63,
     NAME_OF_63,
     "m",
     ERROR_DATA,
     "PostgreSQL: m (SQLSTATE 23505X)"},
    {"a value that is none of its type is not quoted in the log",
     {{"fold", {REFUSAL("C22P02|Minvalid input syntax for type uuid: \"secret\"")}}},
     "22P02",
     "",
     "",
     "invalid input syntax for type uuid: \"secret\"",
     ERROR_DATA,
     "PostgreSQL: invalid input syntax for type uuid (SQLSTATE 22P02)"},
    {"a lost claim",
     {{"fold", {REFUSAL("CCT001|Manother consumer has claimed it")}}},
     "CT001",
     "",
     "",
     "another consumer has claimed it",
     ERROR_INTERNAL,
     "PostgreSQL: another consumer has claimed it (SQLSTATE CT001)"},
    {"a connection that is gone",
     {{"fold", {CLOSE}}},
     "",
     "",
     "",
     "",
     ERROR_UNAVAILABLE,
     "connection to PostgreSQL lost: server closed the connection unexpectedly"},
};

static void a_refusal_is_told_so(void **state)
{
    const struct refusal_case *row = *state;
    struct asked asked = ask(row->script, &(struct request){.kind = REQUEST_FOLD});
    const struct refusal *refusal = &asked.answer.refusal;

    assert_string_equal(refusal->err.sqlstate, row->sqlstate);
    assert_string_equal(refusal->schema, row->schema);
    assert_string_equal(refusal->constraint, row->constraint);
    assert_string_equal(refusal->words, row->words);
    assert_int_equal(refusal->err.kind, row->kind);
    assert_string_equal(refusal->err.message, row->message);
    end(&asked);
}

/* The words go into ingest.reject; the log's line is cut, too. */
static void long_words_are_cut(void **state)
{
    enum { LENGTH = 2000 };
    char *fields = memory_new(LENGTH + 1, 1);
    struct exchange script[2] = {{"fold", {REFUSAL(fields)}}, {NULL, {{0}}}};

    (void)state;
    memset(fields, 'w', LENGTH);
    memcpy(fields, "C22000|M", 8);
    struct asked asked = ask(script, &(struct request){.kind = REQUEST_FOLD});
    assert_int_equal(strlen(asked.answer.refusal.words), sizeof(asked.answer.refusal.words) - 1);
    assert_int_equal(strspn(asked.answer.refusal.words, "w"),
                     sizeof(asked.answer.refusal.words) - 1);
    assert_non_null(strstr(asked.answer.refusal.err.message, "w (SQLSTATE 22000)"));
    free(fields);
    end(&asked);
}

static void a_value_is_quoted_at_level_debug(void **state)
{
    static const struct exchange script[] = {
        {"fold", {REFUSAL("C22P02|Minvalid input syntax for type uuid: \"secret\"")}},
        {NULL, {{0}}}};

    (void)state;
    log_open("tested", LOG_LEVEL_DEBUG, LOG_FORMAT_TEXT);
    struct asked asked = ask(script, &(struct request){.kind = REQUEST_FOLD});
    log_open("tested", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    assert_string_equal(
        asked.answer.refusal.err.message,
        "PostgreSQL: invalid input syntax for type uuid: \"secret\" (SQLSTATE 22P02)");
    end(&asked);
}

int main(void)
{
    enum { OTHERS = 10 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(refusals)] = {
        cmocka_unit_test(what_is_claimed_comes_with_its_place_in_the_request),
        cmocka_unit_test(rows_that_break_a_rule_come_with_it),
        cmocka_unit_test(no_row_that_breaks_a_rule_is_an_empty_list),
        cmocka_unit_test(positions_come_with_topic_table_and_partition),
        cmocka_unit_test(a_fold_tells_what_it_has_taken_in_and_left),
        cmocka_unit_test(repeats_are_counted_by_their_own_statement),
        cmocka_unit_test(a_table_without_event_ids_has_no_repeats),
        cmocka_unit_test(a_batch_that_is_written_has_nothing_to_tell),
        cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(a_value_is_quoted_at_level_debug),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
        tests[OTHERS + i] = test_row(refusals[i].name, a_refusal_is_told_so, &refusals[i]);
    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
