/* Topics, tables and schemas put together; the database answers by a script. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/postgres/connection.h"
#include "consumers/plan/route.h"
#include "tests/support/scripted_server.h"

#define RECORD(name, fields) "{\"type\":\"record\",\"name\":\"" name "\",\"fields\":[" fields "]}"
#define LONG(name) "{\"name\":\"" name "\",\"type\":\"long\"}"
#define STRING(name) "{\"name\":\"" name "\",\"type\":\"string\"}"

enum { FILES_MAX = 4, DEFINITIONS_MAX = 3, SCRIPT_MAX = 20 };

/* A folder of schemas, as long as the test takes. */
struct folder {
    char path[64];
};

static struct folder make_folder(const char *const texts[FILES_MAX])
{
    struct folder folder;

    snprintf(folder.path, sizeof(folder.path), "/tmp/schemas-XXXXXX");
    assert_non_null(mkdtemp(folder.path));
    for (size_t i = 0; i < FILES_MAX && texts[i]; i++) {
        char path[96];

        snprintf(path, sizeof(path), "%s/%zu.avsc", folder.path, i);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(texts[i], file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
    return folder;
}

static void remove_folder(const struct folder *folder)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        char path[96];

        snprintf(path, sizeof(path), "%s/%zu.avsc", folder->path, i);
        unlink(path);
    }
    assert_int_equal(rmdir(folder->path), 0);
}

static struct text_list list_of(const char *const words[DEFINITIONS_MAX])
{
    struct text_list list = {.items = (char **)words};

    while (list.count < DEFINITIONS_MAX && words[list.count])
        list.count++;
    return list;
}

struct read_case {
    const char *name;
    const char *definitions[DEFINITIONS_MAX];
    const char *message;
};

#define NO_ROUTE(text) "option \"--route\": \"" text "\" is not TOPIC=SCHEMA.TABLE; try --help"

static struct read_case read_cases[] = {
    {"a route without a table", {"a.v1"}, NO_ROUTE("a.v1")},
    {"a route without a topic", {"=event.a"}, NO_ROUTE("=event.a")},
    {"a route without a schema", {"a=event"}, NO_ROUTE("a=event")},
    {"a route with a schema of no letters", {"a=.event"}, NO_ROUTE("a=.event")},
    {"a point in the topic is none in the table", {"a.v1=event"}, NO_ROUTE("a.v1=event")},
    {"a topic that is given twice",
     {"a=event.a", "b=event.b", "a=event.c"},
     "option \"--route\": topic \"a\" given twice"},
};

static void a_route_that_is_none_is_refused(void **state)
{
    const struct read_case *row = *state;
    struct text_list definitions = list_of(row->definitions);
    struct routes routes;
    struct error err = {0};

    assert_false(routes_read(&routes, TEST_SCHEMAS, &definitions, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(err.message, row->message);
    routes_clear(&routes);
}

static void where_no_route_is_given_there_are_three(void **state)
{
    static const char *const topics[] = {"coop.outreach.v1", "coop.agreement.v1",
                                         "coop.training.v1"};
    static const char *const tables[] = {"event.outreach", "event.agreement", "event.training"};
    struct routes routes;
    struct error err = {0};

    (void)state;
    assert_true(routes_read(&routes, TEST_SCHEMAS, &(struct text_list){0}, &err));
    assert_int_equal(routes.count, ARRAY_LENGTH(topics));
    for (size_t i = 0; i < routes.count; i++) {
        assert_int_equal(routes.items[i].number, i);
        assert_string_equal(routes.topics[i], topics[i]);
        assert_string_equal(routes.items[i].topic, topics[i]);
        assert_string_equal(routes.items[i].table_name, tables[i]);
    }
    for (size_t i = 0; i < routes.folder.count; i++)
        assert_int_equal(routes_find_schema(&routes, routes.folder.schemas[i]->fingerprint), i);
    assert_true(routes_find_schema(&routes, (const uint8_t[FINGERPRINT_BYTES]){1, 2}) == SIZE_MAX);
    routes_clear(&routes);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct routes routes;
    struct error err = {0};

    (void)state;
    assert_false(routes_read(&routes, "/nowhere/schemas", &(struct text_list){0}, &err));
    assert_int_equal(err.kind, ERROR_CONFIGURATION);
    assert_non_null(strstr(err.message, "/nowhere/schemas"));
    routes_clear(&routes);
}

/* What is asked, in its order: settings, server, schemas, then for each route its table. */
#define OPENING                                                                                    \
    {"set statement_timeout = 0", {TAG("SET")}}, {"set timezone = 'UTC'", {TAG("SET")}},           \
    {                                                                                              \
        "select to_regprocedure",                                                                  \
        {                                                                                          \
            ROWS("f")                                                                              \
        }                                                                                          \
    }
#define ENTERED(id)                                                                                \
    {"select text from ingest.schema", {NO_ROWS("text")}},                                         \
    {                                                                                              \
        "ingest.schema_of",                                                                        \
        {                                                                                          \
            ROWS(id)                                                                               \
        }                                                                                          \
    }
#define TABLE(columns)                                                                             \
    {"from pg_attribute", {ROWS(columns)}}, {"from pg_index", {NO_ROWS("a|b")}},                   \
    {                                                                                              \
        "from pg_constraint",                                                                      \
        {                                                                                          \
            NO_ROWS("a|b|c")                                                                       \
        }                                                                                          \
    }
#define STREAM(record)                                                                             \
    {                                                                                              \
        "ingest.stream_of",                                                                        \
        {                                                                                          \
            ROWS(record)                                                                           \
        }                                                                                          \
    }
#define BIGINT(name) name "|int8|-1|f|bigint|f"
#define REQUIRED(name) name "|int8|-1|t|bigint|f"
#define TEXT(name) name "|text|-1|f|text|f"
#define AVRO "avro|bytea|-1|f|bytea|f"

#define ONE RECORD("n.One", LONG("a") "," LONG("b"))
#define ONE_OLDER RECORD("n.One", LONG("a"))
#define OTHER RECORD("n.Other", LONG("x") "," LONG("y"))
#define WRONG RECORD("n.One", STRING("a") "," LONG("b"))

struct prepare_case {
    const char *name;
    const char *schemas[FILES_MAX];
    const char *definitions[DEFINITIONS_MAX];
    struct exchange script[SCRIPT_MAX];
    const char *message;      /* How it is refused; NULL: it is not. */
    bool has_plan[FILES_MAX]; /* Of the first route. */
};

static struct prepare_case prepare_cases[] = {
    {"a topic of one record, a schema of another beside it",
     {ONE, OTHER},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(BIGINT("a") "\n" BIGINT("b")), STREAM("n.One")},
     NULL,
     {true, false}},
    {"a topic of any record has a plan for all that fit",
     {ONE, OTHER},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(BIGINT("a") "\n" AVRO), STREAM("\\N")},
     NULL,
     {true, true}},
    {"a topic of any record leaves out what shares no field with its table",
     {ONE, OTHER},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(BIGINT("a")), STREAM("\\N")},
     NULL,
     {true, false}},
    {"a table that only keeps bodies takes every record",
     {ONE, OTHER},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(AVRO), STREAM("\\N")},
     NULL,
     {true, true}},
    {"two routes are described one after the other",
     {ONE},
     {"t=e.t", "u=e.u"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a")), STREAM("n.One"), TABLE(BIGINT("b")),
      STREAM("\\N")},
     NULL,
     {true}},
    {"a server that is not prepared",
     {ONE},
     {"t=e.t"},
     {{"set statement_timeout = 0", {TAG("SET")}},
      {"set timezone = 'UTC'", {TAG("SET")}},
      {"select to_regprocedure", {ROWS("t")}}},
     "the database \"d\" is not prepared: run coop-admin migrate",
     {false}},
    {"a schema that is refused is named",
     {ONE},
     {"t=e.t"},
     {OPENING, {"select text from ingest.schema", {REFUSAL("C53200|Mno memory")}}},
     "schema \"0.avsc\": PostgreSQL: no memory (SQLSTATE 53200)",
     {false}},
    {"a table that is not there",
     {ONE},
     {"t=e.t"},
     {OPENING, ENTERED("5"), {"from pg_attribute", {NO_ROWS("a|b|c|d|e|f")}}},
     "there is no table e.t in the database: run coop-admin migrate, or mend --route",
     {false}},
    {"a topic that is refused",
     {ONE},
     {"t=e.t"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a")), {"ingest.stream_of", {REFUSAL("C53200|Mno")}}},
     "PostgreSQL: no (SQLSTATE 53200)",
     {false}},
    {"no schema of the topic's record",
     {ONE},
     {"t=e.t"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a")), STREAM("n.Absent")},
     "no schema of record n.Absent for topic \"t\"",
     {false}},
    {"a schema of the topic's record that does not fit",
     {WRONG},
     {"t=e.t"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a")), STREAM("n.One")},
     "\"0.avsc\" for table e.t: ",
     {false}},
    {"a required column that nothing fills",
     {ONE},
     {"t=e.t"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a") "\n" REQUIRED("c")), STREAM("\\N")},
     "no schema fits topic \"t\" and table e.t: \"0.avsc\": ",
     {false}},
    {"the misfit that is told is that of the nearest schema",
     {OTHER, WRONG},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(BIGINT("a") "\n" BIGINT("b")), STREAM("\\N")},
     "no schema fits topic \"t\" and table e.t: \"1.avsc\": ",
     {false}},
    {"every version of the record that a table is made for must fit",
     {ONE_OLDER, WRONG},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), TABLE(BIGINT("a") "\n" BIGINT("b")), STREAM("\\N")},
     "\"1.avsc\" for table e.t: ",
     {false}},
    {"two records as near leave it open which one the table is made for",
     {ONE_OLDER, RECORD("n.Two", LONG("b")), RECORD("n.One", STRING("a"))},
     {"t=e.t"},
     {OPENING, ENTERED("5"), ENTERED("6"), ENTERED("7"), TABLE(BIGINT("a") "\n" BIGINT("b")),
      STREAM("\\N")},
     NULL,
     {true, true, false}},
    {"a schema that is no record has no field for a column",
     {"\"long\""},
     {"t=e.t"},
     {OPENING, ENTERED("5"), TABLE(BIGINT("a")), STREAM("\\N")},
     "no schema fits topic \"t\" and table e.t: \"0.avsc\": ",
     {false}},
};

static void check_plans(const struct routes *routes, const struct prepare_case *row)
{
    const struct route *route = &routes->items[0];

    for (size_t i = 0; i < routes->folder.count; i++) {
        assert_int_equal(routes->schema_ids[i], 5 + i);
        assert_int_equal(route->plans[i] != NULL, row->has_plan[i]);
        assert_int_equal(route->shapes[i] != NULL, row->has_plan[i]);
    }
}

static void routes_are_prepared_or_it_is_said_why_not(void **state)
{
    const struct prepare_case *row = *state;
    struct text_list definitions = list_of(row->definitions);
    struct folder folder = make_folder(row->schemas);
    struct scripted_server *server = scripted_server_new(row->script, NULL);
    struct routes routes;
    struct error err = {0};

    scripted_server_run(server);
    PGconn *connection = connection_open(server->conninfo, "tested", &err);
    assert_non_null(connection);
    if (!routes_read(&routes, folder.path, &definitions, &err))
        fail_msg("%s", err.message);
    bool ok = routes_prepare(&routes, connection, &err);
    if (!row->message && !ok)
        fail_msg("%s", err.message);
    if (row->message) {
        assert_false(ok);
        if (strncmp(err.message, row->message, strlen(row->message)) != 0)
            assert_string_equal(err.message, row->message);
    } else {
        check_plans(&routes, row);
    }
    routes_clear(&routes);
    remove_folder(&folder);
    scripted_server_check(server);
    PQfinish(connection);
    scripted_server_free(server);
}

/* Versions side by side fill a batch together, unless a default stands in for what one lacks. */
static void versions_with_the_same_columns_share_a_shape(void **state)
{
    static const char *const schemas[FILES_MAX] = {ONE_OLDER, ONE,
                                                   RECORD("n.One", LONG("a") "," LONG("d"))};
    static const struct exchange script[] = {
        OPENING,
        ENTERED("5"),
        ENTERED("6"),
        ENTERED("7"),
        TABLE(BIGINT("a") "\n" BIGINT("b") "\nd|int8|-1|f|bigint|t"),
        STREAM("n.One"),
        {NULL, {{0}}}};
    static const char *const words[DEFINITIONS_MAX] = {"t=e.t"};
    struct text_list definitions = list_of(words);
    struct folder folder = make_folder(schemas);
    struct scripted_server *server = scripted_server_new(script, NULL);
    struct routes routes;
    struct error err = {0};

    (void)state;
    scripted_server_run(server);
    PGconn *connection = connection_open(server->conninfo, "tested", &err);
    assert_true(routes_read(&routes, folder.path, &definitions, &err));
    if (!routes_prepare(&routes, connection, &err))
        fail_msg("%s", err.message);
    struct shape *const *shapes = routes.items[0].shapes;
    assert_int_equal(shapes[0]->column_count, 2);
    assert_ptr_equal(shapes[0], shapes[1]);
    assert_int_equal(shapes[2]->column_count, 3);
    assert_ptr_not_equal(shapes[0], shapes[2]);
    routes_clear(&routes);
    remove_folder(&folder);
    scripted_server_check(server);
    PQfinish(connection);
    scripted_server_free(server);
}

int main(void)
{
    enum { OTHERS = 3, READS = ARRAY_LENGTH(read_cases), PREPARES = ARRAY_LENGTH(prepare_cases) };
    struct CMUnitTest tests[OTHERS + READS + PREPARES] = {
        cmocka_unit_test(where_no_route_is_given_there_are_three),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
        cmocka_unit_test(versions_with_the_same_columns_share_a_shape),
    };

    for (size_t i = 0; i < READS; i++)
        tests[OTHERS + i] =
            test_row(read_cases[i].name, a_route_that_is_none_is_refused, &read_cases[i]);
    for (size_t i = 0; i < PREPARES; i++)
        tests[OTHERS + READS + i] = test_row(
            prepare_cases[i].name, routes_are_prepared_or_it_is_said_why_not, &prepare_cases[i]);
    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
