/* The statements of rows that fill some columns of a table, word for word. */
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "consumers/plan/shape.h"

#define ID_FIELD "{\"name\":\"event_id\",\"type\":{\"type\":\"string\",\"logicalType\":\"uuid\"}}"
#define RECORD(fields) "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"
#define SCHEMA RECORD(ID_FIELD ",{\"name\":\"people\",\"type\":\"int\"}")

enum { EVENT_ID, PEOPLE, NOTE, DEFAULTED, COLUMNS };

static const struct plan_column columns[COLUMNS] = {
    [EVENT_ID] = {.name = "event_id", .type_name = "uuid", .type = COLUMN_UUID},
    [PEOPLE] = {.name = "people", .type_name = "integer", .type = COLUMN_INTEGER},
    [NOTE] = {.name = "a \"note\"", .type_name = "text", .type = COLUMN_TEXT},
    [DEFAULTED] = {.name = "remark", .type_name = "text", .type = COLUMN_TEXT, .has_default = true},
};

static struct table full_table = {
    .name = "event.\"a b\"",
    .columns = (struct plan_column *)columns,
    .column_count = COLUMNS,
    .has_origin = {true, true, true, true, true, true, true},
    .has_event_id = true,
    .rule_sql = "case when (people > 0) is false then 'TOO_FEW' end",
};

/* The same without bodies: content is compared column by column. */
static struct table table_without_avro = {
    .name = "event.t",
    .columns = (struct plan_column *)columns,
    .column_count = COLUMNS,
    .has_origin = {[ORIGIN_STREAM_ID] = true, [ORIGIN_KAFKA_OFFSET] = true},
    .has_event_id = true,
    .rule_sql = "null",
};

static struct table table_without_ids = {
    .name = "event.t",
    .columns = (struct plan_column *)columns,
    .column_count = COLUMNS,
    .has_origin = {false},
    .rule_sql = "null",
};

#define ORIGINS(prefix)                                                                            \
    prefix "\"entity_key\", " prefix "\"stream_id\", " prefix "\"kafka_partition\", " prefix       \
           "\"kafka_offset\", " prefix "\"published_at\", " prefix "\"schema_id\", " prefix        \
           "\"avro\""
#define FULL(prefix)                                                                               \
    prefix "\"event_id\", " prefix "\"people\", " prefix "\"a \"\"note\"\"\", " ORIGINS(prefix)
#define PREPARE(number, table)                                                                     \
    "create temporary table if not exists sieve_" number "_row as select * from " table            \
    " limit 0;alter table sieve_" number                                                           \
    "_row add column if not exists sieve_place integer generated always as identity;"              \
    "create temporary table if not exists sieve_" number                                           \
    "_message (sieve_place integer, stream_id smallint, kafka_partition integer,"                  \
    " kafka_offset bigint, published_at timestamptz);"                                             \
    "create temporary table if not exists sieve_" number "_kept (event_id uuid)"
#define SORT(number, list, rule_sql)                                                               \
    "truncate sieve_" number "_row, sieve_" number "_message, sieve_" number                       \
    "_kept restart identity;copy sieve_" number "_row (" list                                      \
    ") from stdin binary;copy sieve_" number "_message from stdin binary;"                         \
    "with sorted as (select sieve_place as place, " rule_sql " as reason from sieve_" number       \
    "_row), broken as (delete from sieve_" number "_row as item using sorted"                      \
    "  where item.sieve_place = sorted.place and sorted.reason is not null"                        \
    "  returning sorted.place, sorted.reason) select place, reason from broken order by place "    \
    "desc"
#define INSERT(number, table, list, items)                                                         \
    "insert into " table " (" list ") select " items " from sieve_" number                         \
    "_row as item order by sieve_place"
#define KEEP(number, table, list, items)                                                           \
    "with kept as (" INSERT(                                                                       \
        number, table, list,                                                                       \
        items) " on conflict (event_id) do nothing returning event_id) insert into sieve_" number  \
               "_kept select event_id from kept"
#define REPEATS(number, table, same, body)                                                         \
    "with numbered as (select row_number() over (partition by event_id  order by sieve_place)"     \
    " as copy, * from sieve_" number "_row),"                                                      \
    " item as materialized (select numbered.* from numbered  left join sieve_" number              \
    "_kept as kept using (event_id)  where kept.event_id is null or copy > 1) "                    \
    "insert into ingest.duplicate (stream_id, kafka_partition, kafka_offset, event_id,"            \
    " same_content, avro, published_at) select message.stream_id, message.kafka_partition,"        \
    " message.kafka_offset, item.event_id, " same ", case when not " same " then " body            \
    " end, message.published_at from item join sieve_" number                                      \
    "_message as message using (sieve_place) join " table                                          \
    " as stored on stored.event_id = item.event_id"

/* Which columns some schema fills, and the statements of SCHEMA's rows. */
struct shape_case {
    const char *name;
    const struct table *table;
    bool is_filled[COLUMNS];
    int number;
    const char *copy;
    const char *prepare;
    const char *sort;
    const char *keep;
    const char *repeats;
};

static struct shape_case cases[] = {
    {"a table with all of ours, and a column that another version fills",
     &full_table,
     {true, true, true, true},
     7,
     "copy event.\"a b\" (" FULL("") ") from stdin binary",
     PREPARE("7", "event.\"a b\""),
     SORT("7", FULL(""), "case when (people > 0) is false then 'TOO_FEW' end"),
     KEEP("7", "event.\"a b\"", FULL(""), FULL("item.")),
     REPEATS("7", "event.\"a b\"", "stored.avro = item.avro", "item.avro")},
    {"a table that keeps no bodies",
     &table_without_avro,
     {true, true, false, false},
     12,
     "copy event.t (\"event_id\", \"people\", \"stream_id\", \"kafka_offset\") from stdin binary",
     PREPARE("12", "event.t"),
     SORT("12", "\"event_id\", \"people\", \"stream_id\", \"kafka_offset\"", "null"),
     KEEP("12", "event.t", "\"event_id\", \"people\", \"stream_id\", \"kafka_offset\"",
          "item.\"event_id\", item.\"people\", item.\"stream_id\", item.\"kafka_offset\""),
     REPEATS("12", "event.t",
             "(stored.\"event_id\" is not distinct from item.\"event_id\" and stored.\"people\""
             " is not distinct from item.\"people\")",
             "null::bytea")},
    {"a table without event ids, and nothing of ours",
     &table_without_ids,
     {true, true, false, false},
     0,
     "copy event.t (\"event_id\", \"people\") from stdin binary",
     PREPARE("0", "event.t"),
     SORT("0", "\"event_id\", \"people\"", "null"),
     INSERT("0", "event.t", "\"event_id\", \"people\"", "item.\"event_id\", item.\"people\""),
     NULL},
};

static struct schema *parse(const char *text)
{
    struct error err = {0};
    struct schema *schema = schema_parse(text, strlen(text), &err);

    if (!schema)
        fail_msg("%s", err.message);
    return schema;
}

static struct plan *compile(const struct schema *schema, const struct table *table)
{
    struct error err = {0};
    struct plan *plan = plan_compile(schema, table->columns, table->column_count, &err);

    if (!plan)
        fail_msg("%s", err.message);
    return plan;
}

static void rows_go_in_by_this_sql(void **state)
{
    const struct shape_case *row = *state;
    struct schema *schema = parse(SCHEMA);
    struct plan *plan = compile(schema, row->table);
    struct shape *shape = shape_new(row->table, plan, row->is_filled, row->number);

    assert_ptr_equal(shape->table, row->table);
    assert_string_equal(shape->copy_sql, row->copy);
    assert_string_equal(shape->prepare_sql, row->prepare);
    assert_string_equal(shape->sort_sql, row->sort);
    assert_string_equal(shape->keep_sql, row->keep);
    if (row->repeats)
        assert_string_equal(shape->repeats_sql, row->repeats);
    else
        assert_null(shape->repeats_sql);
    shape_free(shape);
    shape_free(NULL);
    plan_free(plan);
    schema_free(schema);
}

/* Which columns a row has: those of its schema, and what others fill where nothing stands in. */
static void a_column_with_a_default_is_left_out_where_the_schema_lacks_it(void **state)
{
    static const bool is_filled[COLUMNS] = {true, true, true, true};
    struct schema *schema = parse(SCHEMA);
    struct plan *plan = compile(schema, &full_table);
    struct shape *shape = shape_new(&full_table, plan, is_filled, 0);

    (void)state;
    assert_int_equal(shape->column_count, 3);
    assert_int_equal(shape->columns[0], EVENT_ID);
    assert_int_equal(shape->columns[1], PEOPLE);
    assert_int_equal(shape->columns[2], NOTE);
    shape_free(shape);
    plan_free(plan);
    schema_free(schema);
}

static void shapes_are_equal_by_table_and_columns_alone(void **state)
{
    static const bool ours[COLUMNS] = {true, true, false, false};
    static const bool more[COLUMNS] = {true, true, true, false};
    struct schema *schema = parse(SCHEMA);
    struct schema *remarked = parse(RECORD(ID_FIELD ",{\"name\":\"remark\",\"type\":\"string\"}"));
    struct plan *plan = compile(schema, &full_table);
    struct plan *other_plan = compile(remarked, &full_table);
    struct shape *one = shape_new(&full_table, plan, ours, 0);
    struct shape *same = shape_new(&full_table, plan, ours, 1);
    struct shape *longer = shape_new(&full_table, plan, more, 0);
    struct shape *of_others = shape_new(&full_table, other_plan, (bool[COLUMNS]){false}, 0);
    struct shape *elsewhere = shape_new(&table_without_avro, plan, ours, 0);

    (void)state;
    assert_true(shape_equals(one, same));
    assert_false(shape_equals(one, longer));
    assert_int_equal(one->column_count, of_others->column_count);
    assert_false(shape_equals(one, of_others));
    assert_false(shape_equals(one, elsewhere));
    shape_free(one);
    shape_free(same);
    shape_free(longer);
    shape_free(of_others);
    shape_free(elsewhere);
    plan_free(plan);
    plan_free(other_plan);
    schema_free(schema);
    schema_free(remarked);
}

int main(void)
{
    enum { OTHERS = 2 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(cases)] = {
        cmocka_unit_test(a_column_with_a_default_is_left_out_where_the_schema_lacks_it),
        cmocka_unit_test(shapes_are_equal_by_table_and_columns_alone),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        tests[OTHERS + i] = test_row(cases[i].name, rows_go_in_by_this_sql, &cases[i]);
    return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
