/* A request as SQL, word for word, and the data of its COPY statements. */
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "common/rows/copy.h"
#include "consumers/postgres/statements.h"

#define CLAIMS(...)                                                                                \
    .claims = (const struct claim[])                                                               \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ADVANCES(...)                                                                              \
    .advances = (const struct advance[])                                                           \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define TEXT_SPAN(text)                                                                            \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define REJECTS_SQL                                                                                \
    "copy ingest.reject (stream_id, kafka_partition, kafka_offset, published_at, reason, detail,"  \
    " sqlstate, event_id, key, value, value_bytes, value_sha256, headers) from stdin binary;"
#define WANTED_SQL                                                                                 \
    ") as w (topic, event_table, place, partition, log_start),"                                    \
    " lateral (select coalesce((select n.stream_id from ingest.stream as n"                        \
    " cross join lateral (select n.stream_id <= current_setting('coop.newest_stream')::integer"    \
    " as is_known) as k"                                                                           \
    " where n.topic = w.topic and n.event_table = w.event_table order by k.is_known desc,"         \
    " case when k.is_known then -n.generation else n.generation end limit 1),"                     \
    " (select o.stream_id from ingest.stream_of(w.topic, w.event_table) as o)) as stream_id) as s"
#define CLAIM_SQL                                                                                  \
    "select w.place, s.stream_id, c.next_offset, c.epoch,"                                         \
    " (extract(epoch from c.last_published_at) * 1000000)::bigint from (values "

struct statements_case {
    const char *name;
    struct request request;
    const char *sql;
    const char *copies[COPIES_MAX]; /* Without header and trailer. */
    size_t repeats_result;
};

static struct statements_case cases[] = {
    {"a claim of two partitions, in the order of the request",
     {.kind = REQUEST_CLAIM,
      .owner = "host/7",
      CLAIMS({"a.v1", "event.a", 0, 5}, {"a.v1", "event.a", 12, 9223372036854775807}),
      .claim_count = 2},
     CLAIM_SQL "('a.v1', 'event.a', 0, 0, 5::bigint), "
               "('a.v1', 'event.a', 1, 12, 9223372036854775807::bigint)" WANTED_SQL
               ", lateral ingest.claim(s.stream_id, w.partition, 'host/7', w.log_start) as c",
     {NULL},
     0},
    {"quotes and backslashes in names mean themselves",
     {.kind = REQUEST_CLAIM,
      .owner = "o'h\\ost/7",
      CLAIMS({"it's", "event.\"a\\b\"", 0, 0}),
      .claim_count = 1},
     CLAIM_SQL "('it''s',  E'event.\"a\\\\b\"', 0, 0, 0::bigint)" WANTED_SQL
               ", lateral ingest.claim(s.stream_id, w.partition,  E'o''h\\\\ost/7', w.log_start)"
               " as c",
     {NULL},
     0},
    {"the end of those who hold a partition",
     {.kind = REQUEST_END_HOLDERS, CLAIMS({"a.v1", "event.a", 3, 5}), .claim_count = 1},
     "select ingest.end_holder(s.stream_id, w.partition) from (values "
     "('a.v1', 'event.a', 0, 3, 5::bigint)" WANTED_SQL,
     {NULL},
     0},
    {"a question whether partitions are still ours",
     {.kind = REQUEST_CONFIRM,
      ADVANCES({.stream_id = 1, .partition = 0, .epoch = 7},
               {.stream_id = 32767, .partition = 11, .epoch = 9223372036854775807}),
      .advance_count = 2},
     "select ingest.confirm(w.stream, w.partition, w.epoch) from (values (1::smallint, 0, "
     "7::bigint), (32767::smallint, 11, 9223372036854775807::bigint))"
     " as w (stream, partition, epoch)",
     {NULL},
     0},
    {"a batch of rows and rejects",
     {.kind = REQUEST_WRITE,
      ADVANCES({1, 4, 7, 100, 102, 1655701200123456}),
      .advance_count = 1,
      .rows_sql = "copy event.a (\"b\") from stdin binary",
      .rows = TEXT_SPAN("rows"),
      .rejects = TEXT_SPAN("rejects")},
     "select ingest.advance(1::smallint, '{4}', '{100}', '{102}', '{7}',"
     " '{2022-06-20T05:00:00.123456Z}');copy event.a (\"b\") from stdin binary;" REJECTS_SQL,
     {"rows", "rejects"},
     0},
    {"a batch without rejects",
     {.kind = REQUEST_WRITE,
      ADVANCES({1, 4, 7, 100, 102, 0}),
      .advance_count = 1,
      .rows_sql = "copy r",
      .rows = TEXT_SPAN("rows")},
     "select ingest.advance(1::smallint, '{4}', '{100}', '{102}', '{7}',"
     " '{1970-01-01T00:00:00.000000Z}');copy r;",
     {"rows"},
     0},
    {"a batch without rows, and of a message without time",
     {.kind = REQUEST_WRITE,
      ADVANCES({1, 4, 7, 100, 102, -1}),
      .advance_count = 1,
      .rejects = TEXT_SPAN("rejects")},
     "select ingest.advance(1::smallint, '{4}', '{100}', '{102}', '{7}', '{null}');" REJECTS_SQL,
     {"rejects"},
     0},
    {"a batch that only moves positions",
     {.kind = REQUEST_WRITE, ADVANCES({-1, 4, 7, 100, 102, -1}), .advance_count = 1},
     "select ingest.advance(-1::smallint, '{4}', '{100}', '{102}', '{7}', '{null}');",
     {NULL},
     0},
    {"partitions of two streams, a statement a stream",
     {.kind = REQUEST_WRITE,
      ADVANCES({1, 0, 7, 10, 11, -1}, {2, 0, 8, 20, 22, 1}, {1, 1, 9, 30, 33, 2}),
      .advance_count = 3},
     "select ingest.advance(1::smallint, '{0,1}', '{10,30}', '{11,33}', '{7,9}',"
     " '{null,1970-01-01T00:00:00.000002Z}');"
     "select ingest.advance(2::smallint, '{0}', '{20}', '{22}', '{8}',"
     " '{1970-01-01T00:00:00.000001Z}');",
     {NULL},
     0},
    {"the sieve's tables",
     {.kind = REQUEST_PREPARE, .rows_sql = "create temporary table t"},
     "create temporary table t;",
     {NULL},
     0},
    {"rows to be sorted",
     {.kind = REQUEST_SORT,
      .rows_sql = "truncate t;copy r;copy m;select b",
      .rows = TEXT_SPAN("rows"),
      .messages = TEXT_SPAN("messages")},
     "truncate t;copy r;copy m;select b;",
     {"rows", "messages"},
     0},
    {"rows to be kept, and the statement that counts repeats",
     {.kind = REQUEST_KEEP,
      ADVANCES({1, 0, 7, 10, 11, -1}, {2, 0, 8, 20, 22, -1}),
      .advance_count = 2,
      .rows_sql = "insert k",
      .repeats_sql = "insert d",
      .rejects = TEXT_SPAN("rejects")},
     "select ingest.advance(1::smallint, '{0}', '{10}', '{11}', '{7}', '{null}');"
     "select ingest.advance(2::smallint, '{0}', '{20}', '{22}', '{8}', '{null}');"
     "insert k;insert d;" REJECTS_SQL,
     {"rejects"},
     3},
    {"rows to be kept where none can be a repeat",
     {.kind = REQUEST_KEEP,
      ADVANCES({1, 0, 7, 10, 11, -1}),
      .advance_count = 1,
      .rows_sql = "insert k"},
     "select ingest.advance(1::smallint, '{0}', '{10}', '{11}', '{7}', '{null}');insert k;",
     {NULL},
     0},
    {"a fold", {.kind = REQUEST_FOLD}, "select events, behind from state.fold()", {NULL}, 0},
    {"all positions, of the newest generation of each topic",
     {.kind = REQUEST_POSITIONS},
     "select s.topic, s.event_table, p.kafka_partition, p.next_offset"
     " from (select distinct on (topic, event_table) * from ingest.stream"
     " order by topic, event_table, generation desc) as s"
     " join ingest.position as p using (stream_id)",
     {NULL},
     0},
};

static void check_copy(const struct copy_data *copy, const char *data)
{
    assert_int_equal(copy->spans[0].length, sizeof(copy_header));
    assert_ptr_equal(copy->spans[0].data, copy_header);
    assert_int_equal(copy->spans[1].length, strlen(data));
    assert_memory_equal(copy->spans[1].data, data, strlen(data));
    assert_int_equal(copy->spans[2].length, sizeof(copy_trailer));
    assert_ptr_equal(copy->spans[2].data, copy_trailer);
}

static void a_request_is_this_sql(void **state)
{
    const struct statements_case *row = *state;
    struct statements statements;
    size_t count = 0;

    statements_init(&statements);
    statements_write(&statements, &row->request);
    assert_string_equal(buffer_text(&statements.sql), row->sql);
    while (count < COPIES_MAX && row->copies[count])
        count++;
    assert_int_equal(statements.copy_count, count);
    for (size_t i = 0; i < count; i++)
        check_copy(&statements.copies[i], row->copies[i]);
    assert_int_equal(statements.repeats_result, row->repeats_result);
    statements_free(&statements);
}

static void what_was_there_before_is_forgotten(void **state)
{
    struct statements statements;
    struct request keep = {.kind = REQUEST_KEEP,
                           ADVANCES({1, 0, 7, 10, 11, -1}),
                           .advance_count = 1,
                           .rows_sql = "insert k",
                           .repeats_sql = "insert d",
                           .rejects = TEXT_SPAN("rejects")};

    (void)state;
    statements_init(&statements);
    statements_write(&statements, &keep);
    assert_int_equal(statements.repeats_result, 2);
    statements_write(&statements, &(struct request){.kind = REQUEST_FOLD});
    assert_string_equal(buffer_text(&statements.sql), "select events, behind from state.fold()");
    assert_int_equal(statements.copy_count, 0);
    assert_int_equal(statements.repeats_result, 0);
    statements_write(&statements, &keep);
    statements_write_sql(&statements, "set a = 1;");
    assert_string_equal(buffer_text(&statements.sql), "set a = 1;");
    assert_int_equal(statements.copy_count, 0);
    statements_free(&statements);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(cases) + 1] = {
        cmocka_unit_test(what_was_there_before_is_forgotten),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        tests[1 + i] = test_row(cases[i].name, a_request_is_this_sql, &cases[i]);
    return cmocka_run_group_tests_name("statements", tests, NULL, NULL);
}
