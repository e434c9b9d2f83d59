/* What the consumer asks of the database at its start; the server answers by a script. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/postgres/connection.h"
#include "consumers/plan/registry.h"
#include "tests/support/scripted_server.h"

/* connection_open() sends these two before anything else. */
#define OPENING                                                                                    \
    {"set statement_timeout = 0", {TAG("SET")}},                                                   \
    {                                                                                              \
        "set timezone = 'UTC'",                                                                    \
        {                                                                                          \
            TAG("SET")                                                                             \
        }                                                                                          \
    }
#define IS_PREPARED "select to_regprocedure('ingest.new_generation(text)') is null"

#define RECORD(type)                                                                               \
    "{\"type\":\"record\",\"name\":\"n.R\",\"fields\":[{\"name\":\"f\",\"type\":" type "}]}"
#define PLAIN RECORD("\"long\"")
#define TIMED RECORD("{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}")

struct asked {
    struct scripted_server *server;
    PGconn *connection;
    struct error err;
};

static struct asked open_with(const struct exchange *script, const struct greeting *greeting)
{
    struct asked asked = {.server = scripted_server_new(script, greeting)};

    scripted_server_run(asked.server);
    asked.connection = connection_open(asked.server->conninfo, "tested", &asked.err);
    if (!asked.connection)
        fail_msg("%s", asked.err.message);
    return asked;
}

static void end(struct asked *asked)
{
    scripted_server_check(asked->server);
    PQfinish(asked->connection);
    scripted_server_free(asked->server);
}

struct server_case {
    const char *name;
    struct greeting greeting;
    struct exchange script[4];
    const char *message; /* NULL: it will do. */
};

static struct server_case servers[] = {
    {"a server that is prepared", {0}, {OPENING, {IS_PREPARED, {ROWS("f")}}}, NULL},
    {"a newer one", {.version = "18.1"}, {OPENING, {IS_PREPARED, {ROWS("f")}}}, NULL},
    {"a server before 15",
     {.version = "14.9"},
     {OPENING},
     "PostgreSQL 15 or newer is needed, this is 14"},
    {"another encoding",
     {.encoding = "SQL_ASCII"},
     {OPENING},
     "the database \"d\" has encoding SQL_ASCII: make one with encoding UTF8"},
    {"an encoding that is not told",
     {.encoding = ""},
     {OPENING},
     "the database \"d\" has encoding unknown: make one with encoding UTF8"},
    {"a server without our migrations",
     {0},
     {OPENING, {IS_PREPARED, {ROWS("t")}}},
     "the database \"d\" is not prepared: run coop-admin migrate"},
    {"a server that refuses the question",
     {0},
     {OPENING, {IS_PREPARED, {REFUSAL("C53200|Mout of memory")}}},
     "PostgreSQL: out of memory (SQLSTATE 53200)"},
};

static void a_server_will_do_or_it_is_said_why_not(void **state)
{
    const struct server_case *row = *state;
    struct asked asked = open_with(row->script, &row->greeting);

    assert_int_equal(registry_check_server(asked.connection, &asked.err), row->message == NULL);
    if (row->message)
        assert_string_equal(asked.err.message, row->message);
    end(&asked);
}

/* A schema that is entered, and what the database knows of its fingerprint. */
struct schema_case {
    const char *name;
    const char *schema;
    struct exchange script[5];
    int32_t id; /* -1: it is refused. */
    enum error_kind kind;
    const char *message; /* How it begins. */
};

/* CRC-64-AVRO of the canonical form, which has neither logical types nor defaults. */
#define KNOWN "select text from ingest.schema where fingerprint = $1 <- '\\x"
#define ENTER "select ingest.schema_of($1, $2, $3, $4) <- '"

static struct schema_case schemas[] = {
    {"a new one",
     PLAIN,
     {OPENING, {KNOWN, {NO_ROWS("text")}}, {ENTER "n.R', '\\x", {ROWS("12")}}},
     12,
     ERROR_NONE,
     NULL},
    {"one that is known",
     PLAIN,
     {OPENING, {KNOWN, {ROWS(PLAIN "\n" PLAIN)}}, {ENTER "n.R', '\\x", {ROWS("3")}}},
     3,
     ERROR_NONE,
     NULL},
    {"one without a name",
     "\"long\"",
     {OPENING, {KNOWN, {NO_ROWS("text")}}, {ENTER "', '\\x", {ROWS("4")}}},
     4,
     ERROR_NONE,
     NULL},
    {"one that is known with another meaning",
     TIMED,
     {OPENING, {KNOWN, {ROWS(PLAIN)}}},
     -1,
     ERROR_CONFIGURATION,
     "ingest.schema knows this fingerprint with other logical types or defaults: "},
    {"a known text that is no schema",
     PLAIN,
     {OPENING, {KNOWN, {ROWS("{\"type\":\"nothing\"}")}}},
     -1,
     ERROR_CONFIGURATION,
     ""},
    {"a database without the table",
     PLAIN,
     {OPENING, {KNOWN, {REFUSAL("C42P01|Mno such table")}}},
     -1,
     ERROR_CONFIGURATION,
     "PostgreSQL: no such table (SQLSTATE 42P01); the database is not prepared for this version: "
     "run coop-admin migrate"},
    {"a role that may not enter it",
     PLAIN,
     {OPENING, {KNOWN, {NO_ROWS("text")}}, {ENTER, {REFUSAL("C42501|Mno")}}},
     -1,
     ERROR_NOT_AUTHORISED,
     "PostgreSQL: no (SQLSTATE 42501); role \"u\" lacks a right"},
    {"a server that goes away",
     PLAIN,
     {OPENING, {KNOWN, {CLOSE}}},
     -1,
     ERROR_UNAVAILABLE,
     "connection to PostgreSQL lost: "},
};

static void a_schema_is_entered_or_it_is_said_why_not(void **state)
{
    const struct schema_case *row = *state;
    struct asked asked = open_with(row->script, NULL);
    struct schema *schema = schema_parse(row->schema, strlen(row->schema), &asked.err);
    int32_t id = -1;

    assert_non_null(schema);
    assert_int_equal(registry_enter_schema(asked.connection, schema, &id, &asked.err),
                     row->id >= 0);
    assert_int_equal(id, row->id);
    if (row->message) {
        assert_int_equal(asked.err.kind, row->kind);
        if (strncmp(asked.err.message, row->message, strlen(row->message)) != 0)
            assert_string_equal(asked.err.message, row->message);
    }
    schema_free(schema);
    end(&asked);
}

#define STREAM "select record_name from ingest.stream_of($1, $2) <- 'a.v1', 'event.a'"

struct stream_case {
    const char *name;
    struct exchange script[4];
    bool is_entered;
    const char *record;
};

static struct stream_case streams[] = {
    {"a topic of one record", {OPENING, {STREAM, {ROWS("coop.R")}}}, true, "coop.R"},
    {"a topic of any record", {OPENING, {STREAM, {ROWS("\\N")}}}, true, NULL},
    {"a topic that is refused", {OPENING, {STREAM, {REFUSAL("C42501|Mno")}}}, false, NULL},
};

static void a_topic_is_entered(void **state)
{
    const struct stream_case *row = *state;
    struct asked asked = open_with(row->script, NULL);
    char *record = NULL;

    assert_int_equal(
        registry_enter_stream(asked.connection, "a.v1", "event.a", &record, &asked.err),
        row->is_entered);
    if (row->record)
        assert_string_equal(record, row->record);
    else
        assert_null(record);
    free(record);
    end(&asked);
}

int main(void)
{
    enum {
        SERVERS = ARRAY_LENGTH(servers),
        SCHEMAS = ARRAY_LENGTH(schemas),
        STREAMS = ARRAY_LENGTH(streams)
    };
    struct CMUnitTest tests[SERVERS + SCHEMAS + STREAMS];

    for (size_t i = 0; i < SERVERS; i++)
        tests[i] = test_row(servers[i].name, a_server_will_do_or_it_is_said_why_not, &servers[i]);
    for (size_t i = 0; i < SCHEMAS; i++)
        tests[SERVERS + i] =
            test_row(schemas[i].name, a_schema_is_entered_or_it_is_said_why_not, &schemas[i]);
    for (size_t i = 0; i < STREAMS; i++)
        tests[SERVERS + SCHEMAS + i] = test_row(streams[i].name, a_topic_is_entered, &streams[i]);
    return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
