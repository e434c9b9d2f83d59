#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "common/avro/decimal.h"
#include "common/avro/plan.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define FIELD(type)                                                                                \
    "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":" type "}]}"
#define LOGICAL(type, logical) FIELD("{\"type\":\"" type "\",\"logicalType\":\"" logical "\"}")
#define DECIMAL                                                                                    \
    FIELD("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":7,\"scale\":4}")
#define FIXED(size, logical)                                                                       \
    FIELD("{\"type\":\"fixed\",\"name\":\"F\",\"size\":" size ",\"logicalType\":\"" logical "\"}")
#define ENUM "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}"

/* One field f, one column f of a type, one body: the cell as text, or the reason. */
struct plan_case {
    const char *name;
    const char *schema;
    enum column_type column;
    bool is_array;
    const uint8_t *body;
    size_t length;
    const char *cell;
};

static struct plan_case plan_cases[] = {
    {"boolean", FIELD("\"boolean\""), COLUMN_BOOLEAN, false, BYTES(1), "1"},
    {"a boolean of 7", FIELD("\"boolean\""), COLUMN_BOOLEAN, false, BYTES(7), "MALFORMED"},
    {"int", FIELD("\"int\""), COLUMN_INTEGER, false, BYTES(3), "-2"},
    {"int into bigint", FIELD("\"int\""), COLUMN_BIGINT, false, BYTES(3), "-2"},
    {"int into double", FIELD("\"int\""), COLUMN_DOUBLE, false, BYTES(3), "-2.0"},
    {"long into integer is refused", FIELD("\"long\""), COLUMN_INTEGER, false, BYTES(3), "no fit"},
    {"long", FIELD("\"long\""), COLUMN_BIGINT, false, BYTES(3), "-2"},
    {"float", FIELD("\"float\""), COLUMN_REAL, false, BYTES(0, 0, 0xc0, 0x3f), "1.5"},
    {"float into double", FIELD("\"float\""), COLUMN_DOUBLE, false, BYTES(0, 0, 0xc0, 0x3f), "1.5"},
    {"double", FIELD("\"double\""), COLUMN_DOUBLE, false, BYTES(0, 0, 0, 0, 0, 0, 0xf8, 0x3f),
     "1.5"},
    {"double into real is refused", FIELD("\"double\""), COLUMN_REAL, false, BYTES(0), "no fit"},
    {"string", FIELD("\"string\""), COLUMN_TEXT, false, BYTES(4, 'a', 'b'), "ab"},
    {"an empty string is not NULL", FIELD("\"string\""), COLUMN_TEXT, false, BYTES(0), ""},
    {"string into integer is refused", FIELD("\"string\""), COLUMN_INTEGER, false, BYTES(0),
     "no fit"},
    {"a string cut off", FIELD("\"string\""), COLUMN_TEXT, false, BYTES(6, 'a', 'b'), "TRUNCATED"},
    {"a string with FF", FIELD("\"string\""), COLUMN_TEXT, false, BYTES(2, 0xff), "INVALID_UTF8"},
    {"a string with NUL", FIELD("\"string\""), COLUMN_TEXT, false, BYTES(2, 0), "NUL_BYTE"},
    {"bytes", FIELD("\"bytes\""), COLUMN_BYTEA, false, BYTES(4, 'a', 'b'), "ab"},
    {"fixed", FIXED("2", ""), COLUMN_BYTEA, false, BYTES('a', 'b'), "ab"},
    {"an enum goes by symbol", FIELD(ENUM), COLUMN_TEXT, false, BYTES(2), "B"},
    {"an enum out of range", FIELD(ENUM), COLUMN_TEXT, false, BYTES(4), "ENUM_OUT_OF_RANGE"},
    {"an enum below 0", FIELD(ENUM), COLUMN_TEXT, false, BYTES(1), "ENUM_OUT_OF_RANGE"},
    {"a uuid as fixed", FIXED("16", "uuid"), COLUMN_UUID, false,
     BYTES(1, 0x81, 0x80, 0xea, 0x8b, 0, 0x8d, 0x1e, 0x9c, 0x51, 0x3f, 0x8e, 0x4b, 0xd3, 0xa0,
           0xc2),
     "018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2"},
    {"a uuid that is none", LOGICAL("string", "uuid"), COLUMN_UUID, false, BYTES(4, 'a', 'b'),
     "BAD_UUID"},
    {"decimal", DECIMAL, COLUMN_NUMERIC, false, BYTES(4, 0x30, 0x39), "1.2345"},
    {"a decimal of too many digits", DECIMAL, COLUMN_NUMERIC, false, BYTES(6, 0x98, 0x96, 0x80),
     "-677.7216"},
    {"a decimal beyond its precision", DECIMAL, COLUMN_NUMERIC, false,
     BYTES(8, 0, 0x98, 0x96, 0x80), "DECIMAL_OUT_OF_RANGE"},
    {"redundant bytes of a decimal are fine", DECIMAL, COLUMN_NUMERIC, false,
     BYTES(24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x30, 0x39), "1.2345"},
    {"a decimal without bytes", DECIMAL, COLUMN_NUMERIC, false, BYTES(0), "MALFORMED"},
    {"decimal as fixed",
     FIELD("{\"type\":\"fixed\",\"name\":\"F\",\"size\":2,\"logicalType\":"
           "\"decimal\",\"precision\":4,\"scale\":2}"),
     COLUMN_NUMERIC, false, BYTES(0xff, 0xff), "-0.01"},
    {"date", LOGICAL("int", "date"), COLUMN_DATE, false, BYTES(2), "1"},
    {"a date in the year 10000", LOGICAL("int", "date"), COLUMN_DATE, false,
     BYTES(0xc2, 0x82, 0xe6, 0x02), "TIME_OUT_OF_RANGE"},
    {"date into timestamp is refused", LOGICAL("int", "date"), COLUMN_TIMESTAMP, false, BYTES(2),
     "no fit"},
    {"time-millis", LOGICAL("int", "time-millis"), COLUMN_TIME, false, BYTES(2), "1000"},
    {"24 hours", LOGICAL("int", "time-millis"), COLUMN_TIME, false, BYTES(0x80, 0xf0, 0xb2, 0x52),
     "86400000000"},
    {"a time before midnight", LOGICAL("long", "time-micros"), COLUMN_TIME, false, BYTES(1),
     "TIME_OUT_OF_RANGE"},
    {"timestamp-millis", LOGICAL("long", "timestamp-millis"), COLUMN_TIMESTAMPTZ, false, BYTES(2),
     "1000"},
    {"timestamp-micros", LOGICAL("long", "timestamp-micros"), COLUMN_TIMESTAMPTZ, false, BYTES(2),
     "1"},
    {"an instant in the year 10000", LOGICAL("long", "timestamp-millis"), COLUMN_TIMESTAMPTZ, false,
     BYTES(0x80, 0xa0, 0xa2, 0xa3, 0xf9, 0xbf, 0x73), "TIME_OUT_OF_RANGE"},
    {"timestamp-micros into timestamp is refused", LOGICAL("long", "timestamp-micros"),
     COLUMN_TIMESTAMP, false, BYTES(2), "no fit"},
    {"local-timestamp-micros", LOGICAL("long", "local-timestamp-micros"), COLUMN_TIMESTAMP, false,
     BYTES(2), "1"},
    {"timestamp-nanos that divide", LOGICAL("long", "timestamp-nanos"), COLUMN_TIMESTAMPTZ, false,
     BYTES(0xd0, 0x0f), "1"},
    {"timestamp-nanos that do not", LOGICAL("long", "timestamp-nanos"), COLUMN_TIMESTAMPTZ, false,
     BYTES(0xd2, 0x0f), "TIME_OUT_OF_RANGE"},
    {"timestamp-nanos into bigint", LOGICAL("long", "timestamp-nanos"), COLUMN_BIGINT, false,
     BYTES(0xd2, 0x0f), "1001"},
    {"duration", FIXED("12", "duration"), COLUMN_INTERVAL, false,
     BYTES(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0), "1 2 3"},
    {"null of an optional field stays NULL", FIELD("[\"null\",\"int\"]"), COLUMN_INTEGER, false,
     BYTES(0), "NULL"},
    {"an optional field with null last", FIELD("[\"int\",\"null\"]"), COLUMN_INTEGER, false,
     BYTES(2), "NULL"},
    {"an optional field that is there", FIELD("[\"null\",\"int\"]"), COLUMN_INTEGER, false,
     BYTES(2, 4), "2"},
    {"a branch out of range", FIELD("[\"null\",\"int\"]"), COLUMN_INTEGER, false, BYTES(4),
     "UNION_OUT_OF_RANGE"},
    {"an array of text", FIELD("{\"type\":\"array\",\"items\":\"string\"}"), COLUMN_TEXT, true,
     BYTES(4, 2, 'a', 0, 0), "{a,}"},
    {"an empty array", FIELD("{\"type\":\"array\",\"items\":\"string\"}"), COLUMN_TEXT, true,
     BYTES(0), "{}"},
    {"an array with a NULL", FIELD("{\"type\":\"array\",\"items\":[\"null\",\"int\"]}"),
     COLUMN_INTEGER, true, BYTES(4, 0, 2, 14, 0), "{NULL,7}"},
    {"an array into a plain column is refused", FIELD("{\"type\":\"array\",\"items\":\"int\"}"),
     COLUMN_INTEGER, false, BYTES(0), "no fit"},
    {"an array as JSON", FIELD("{\"type\":\"array\",\"items\":\"int\"}"), COLUMN_JSONB, false,
     BYTES(4, 2, 3, 0), "[1, -2]"},
    {"a map", FIELD("{\"type\":\"map\",\"values\":\"string\"}"), COLUMN_JSONB, false,
     BYTES(2, 2, 'k', 4, '"', '\n', 0), "{\"k\": \"\\\"\\n\"}"},
    {"a union of several types", FIELD("[\"null\",\"int\"," ENUM "]"), COLUMN_JSONB, false,
     BYTES(4, 2), "{\"E\": \"B\"}"},
    {"null in a union of several types", FIELD("[\"null\",\"int\"," ENUM "]"), COLUMN_JSONB, false,
     BYTES(0), "NULL"},
    {"a float as JSON", FIELD("\"float\""), COLUMN_JSONB, false, BYTES(0xcd, 0xcc, 0xcc, 0x3d),
     "0.1"},
    {"a double as JSON", FIELD("\"double\""), COLUMN_JSONB, false,
     BYTES(0x34, 0x33, 0x33, 0x33, 0x33, 0x33, 0xd3, 0x3f), "0.30000000000000004"},
    {"a record as JSON",
     FIELD("{\"type\":\"record\",\"name\":\"I\",\"fields\":[{\"name\":\"d\",\"type\":{"
           "\"type\":\"int\",\"logicalType\":\"date\"}},{\"name\":\"n\",\"type\":["
           "\"null\",\"int\"]}]}"),
     COLUMN_JSONB, false, BYTES(2, 0), "{\"d\": \"1970-01-02\", \"n\": null}"},
    {"a byte too many", FIELD("\"int\""), COLUMN_INTEGER, false, BYTES(2, 0), "TRAILING_BYTES"},
    {"a column of another kind is refused", FIELD("\"int\""), COLUMN_OTHER, false, BYTES(2),
     "no fit"},
};

static size_t append(char *out, size_t length, const char *text)
{
    return length + (size_t)snprintf(out + length, 256 - length, "%s", text);
}

static void cell_text(const struct cell *cell, const struct cell *items, char out[256])
{
    size_t length = 0;

    switch (cell->kind) {
    case CELL_NULL:
        snprintf(out, 256, "NULL");
        break;
    case CELL_DEFAULT:
        snprintf(out, 256, "DEFAULT");
        break;
    case CELL_INTEGER:
        snprintf(out, 256, "%lld", (long long)cell->as.integer);
        break;
    case CELL_REAL:
        snprintf(out, 256, "%.1f", cell->as.real);
        break;
    case CELL_BYTES:
        snprintf(out, 256, "%.*s", (int)cell->length, (const char *)cell->as.bytes);
        break;
    case CELL_UUID:
        uuid_format(cell->as.uuid, out);
        break;
    case CELL_DECIMAL: {
        struct decimal number;
        char text[DECIMAL_TEXT_BYTES];

        assert_true(decimal_read(cell->as.decimal.bytes, cell->length, &number));
        decimal_text(&number, cell->as.decimal.scale, text);
        snprintf(out, 256, "%.200s", text);
        break;
    }
    case CELL_INTERVAL:
        snprintf(out, 256, "%d %d %d", cell->as.bytes[0], cell->as.bytes[4], cell->as.bytes[8]);
        break;
    case CELL_ARRAY:
        length = append(out, length, "{");
        for (uint32_t i = 0; i < cell->length; i++) {
            char item[256];

            cell_text(&items[cell->as.first + i], items, item);
            length = append(out, append(out, length, i ? "," : ""), item);
        }
        append(out, length, "}");
        break;
    }
}

static void check_plan(void **state)
{
    const struct plan_case *row = *state;
    struct error err = {0};
    char text[256] = "";
    struct plan_column column = {
        .name = "f", .type_name = "tested", .type = row->column, .is_array = row->is_array};
    struct schema *schema = schema_parse(row->schema, strlen(row->schema), &err);
    if (!schema)
        fail_msg("%s", err.message);

    struct plan *plan = plan_compile(schema, &column, 1, &err);
    struct decoded decoded;
    decoded_init(&decoded, 1);
    if (!plan) {
        assert_non_null(
            strstr(err.message, "field \"f\" does not fit column \"f\" of type tested"));
        snprintf(text, sizeof(text), "no fit");
    } else if (!plan_run(plan, row->body, row->length, &decoded)) {
        snprintf(text, sizeof(text), "%s", reason_name(decoded.reason));
    } else {
        cell_text(&decoded.cells[0], decoded.items, text);
    }
    decoded_clear(&decoded);
    plan_free(plan);
    schema_free(schema);
    assert_string_equal(text, row->cell);
}

static const char nested[] =
    "{\"type\":\"record\",\"name\":\"R\",\"fields\":["
    "{\"name\":\"event_id\",\"type\":{\"type\":\"string\",\"logicalType\":\"uuid\"}},"
    "{\"name\":\"org\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"O\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"rank\",\"type\":[\"null\",\"int\"]}]}]},"
    "{\"name\":\"unknown\",\"type\":\"string\"},{\"name\":\"last\",\"type\":\"int\"}]}";

static const struct plan_column nested_columns[] = {
    {.name = "event_id", .type_name = "uuid", .type = COLUMN_UUID, .is_required = true},
    {.name = "org_name", .type_name = "text", .type = COLUMN_TEXT},
    {.name = "org_rank", .type_name = "integer", .type = COLUMN_INTEGER},
    {.name = "last", .type_name = "integer", .type = COLUMN_INTEGER},
    {.name = "note", .type_name = "text", .type = COLUMN_TEXT, .has_default = true},
};

static const uint8_t nested_body[] = "\x48"
                                     "018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2"
                                     "\x02\x02"
                                     "Z"
                                     "\x02\x0e"
                                     "\x04"
                                     "??"
                                     "\x10";

struct nested_state {
    struct schema *schema;
    struct plan *plan;
    struct decoded decoded;
};

static int compile_nested(void **state)
{
    static struct nested_state nested_state;
    struct error err = {0};

    nested_state.schema = schema_parse(nested, sizeof(nested) - 1, &err);
    nested_state.plan =
        plan_compile(nested_state.schema, nested_columns, ARRAY_LENGTH(nested_columns), &err);
    *state = &nested_state;
    decoded_init(&nested_state.decoded, 5);
    return nested_state.plan ? 0 : -1;
}

static int free_nested(void **state)
{
    struct nested_state *s = *state;

    decoded_clear(&s->decoded);
    plan_free(s->plan);
    schema_free(s->schema);
    return 0;
}

static void nested_fields_meet_their_columns_and_unknown_ones_are_skipped(void **state)
{
    struct nested_state *s = *state;

    assert_true(plan_run(s->plan, nested_body, sizeof(nested_body) - 1, &s->decoded));
    assert_memory_equal(s->decoded.cells[1].as.bytes, "Z", 1);
    assert_int_equal(s->decoded.cells[2].as.integer, 7);
    assert_int_equal(s->decoded.cells[3].as.integer, 8);
    assert_int_equal(s->decoded.cells[4].kind, CELL_DEFAULT);
    assert_false(plan_fills(s->plan, 4));
}

static void a_record_that_is_null_leaves_all_its_columns_null(void **state)
{
    struct nested_state *s = *state;
    uint8_t body[64];
    size_t length = 0;

    memcpy(body, nested_body, 37);
    length = 37;
    body[length++] = 0; /* org is null */
    body[length++] = 0; /* unknown is empty */
    body[length++] = 2; /* last is 1 */
    assert_true(plan_run(s->plan, body, length, &s->decoded));
    assert_int_equal(s->decoded.cells[1].kind, CELL_NULL);
    assert_int_equal(s->decoded.cells[2].kind, CELL_NULL);
    assert_int_equal(s->decoded.cells[3].as.integer, 1);
}

static void what_was_read_before_a_fault_can_be_seen(void **state)
{
    struct nested_state *s = *state;

    assert_false(plan_run(s->plan, nested_body, 45, &s->decoded));
    assert_int_equal(s->decoded.reason, REASON_TRUNCATED);
    assert_string_equal(s->decoded.field, "last");
    assert_int_equal(s->decoded.fault_offset, 45);
    assert_int_equal(s->decoded.cells[0].kind, CELL_UUID);

    uint8_t body[sizeof(nested_body)];
    memcpy(body, nested_body, sizeof(body));
    body[3] = 'g';
    assert_false(plan_run(s->plan, body, sizeof(body) - 1, &s->decoded));
    assert_int_equal(s->decoded.reason, REASON_BAD_UUID);
    assert_int_not_equal(s->decoded.cells[0].kind, CELL_UUID);
}

static void a_required_column_without_a_field_is_named(void **state)
{
    static const struct plan_column column = {
        .name = "stage", .type_name = "text", .type = COLUMN_TEXT, .is_required = true};
    struct nested_state *s = *state;
    struct error err = {0};

    assert_null(plan_compile(s->schema, &column, 1, &err));
    assert_string_equal(err.message, "column \"stage\" is NOT NULL without a default, and record R "
                                     "has no field for it");
}

/* A column with limits: the reason why it does not take a body, "" where it does. */
static struct limit_case {
    const char *name;
    const char *schema;
    struct plan_column column;
    const uint8_t *body;
    size_t length;
    const char *reason;
} limit_cases[] = {
#define NUMERIC(p, s)                                                                              \
    {                                                                                              \
        .type = COLUMN_NUMERIC, .precision = (p), .scale = (s)                                     \
    }
    {"a decimal that would be rounded", DECIMAL, NUMERIC(5, 2), BYTES(4, 0x30, 0x39),
     "DECIMAL_OUT_OF_RANGE"},
    {"a decimal whose last decimals are zero", DECIMAL, NUMERIC(5, 2), BYTES(4, 0x30, 0xd4), ""},
    {"a decimal of too many digits before the point", DECIMAL, NUMERIC(5, 4),
     BYTES(6, 0x01, 0x86, 0xa0), "DECIMAL_OUT_OF_RANGE"},
    {"an int of too many digits", FIELD("\"int\""), NUMERIC(3, 2), BYTES(20),
     "DECIMAL_OUT_OF_RANGE"},
    {"zero where there is no room for ones", FIELD("\"int\""), NUMERIC(2, 4), BYTES(0), ""},
    {"a long where only hundreds are kept", FIELD("\"long\""), NUMERIC(3, -2), BYTES(0xca, 1),
     "DECIMAL_OUT_OF_RANGE"},
    {"whole hundreds where only hundreds are kept", FIELD("\"long\""), NUMERIC(3, -2),
     BYTES(0xc8, 1), ""},
#undef NUMERIC
    {"as many characters as a varchar holds",
     FIELD("\"string\""),
     {.type = COLUMN_VARCHAR, .length_max = 1},
     BYTES(6, 0xe4, 0xb8, 0xad),
     ""},
    {"a blank more than a varchar holds",
     FIELD("\"string\""),
     {.type = COLUMN_VARCHAR, .length_max = 1},
     BYTES(4, 'a', ' '),
     "TOO_LONG"},
    {"microseconds where milliseconds are kept",
     LOGICAL("long", "timestamp-micros"),
     {.type = COLUMN_TIMESTAMPTZ, .rounds_to_us = 1000},
     BYTES(2),
     "TIME_OUT_OF_RANGE"},
    {"nanoseconds where milliseconds are kept",
     LOGICAL("long", "timestamp-nanos"),
     {.type = COLUMN_TIMESTAMPTZ, .rounds_to_us = 1000},
     BYTES(0xd0, 0x0f),
     "TIME_OUT_OF_RANGE"},
    {"a duration of 2^31 months",
     FIXED("12", "duration"),
     {.type = COLUMN_INTERVAL},
     BYTES(0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0),
     "TIME_OUT_OF_RANGE"},
    {"a duration of 2^32 - 1 milliseconds",
     FIXED("12", "duration"),
     {.type = COLUMN_INTERVAL},
     BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
     ""},
};

static void check_limit(void **state)
{
    const struct limit_case *row = *state;
    struct error err = {0};
    struct decoded decoded;
    struct plan_column column = row->column;
    struct schema *schema = schema_parse(row->schema, strlen(row->schema), &err);

    column.name = "f";
    column.type_name = "tested";
    struct plan *plan = plan_compile(schema, &column, 1, &err);
    assert_non_null(plan);
    decoded_init(&decoded, 1);
    assert_int_equal(plan_run(plan, row->body, row->length, &decoded), row->reason[0] == '\0');
    assert_string_equal(reason_name(decoded.reason), row->reason);
    decoded_clear(&decoded);
    plan_free(plan);
    schema_free(schema);
}

int main(void)
{
    enum { OTHERS = 4, PLANS = ARRAY_LENGTH(plan_cases), LIMITS = ARRAY_LENGTH(limit_cases) };
    struct CMUnitTest tests[OTHERS + PLANS + LIMITS] = {
        cmocka_unit_test_setup_teardown(
            nested_fields_meet_their_columns_and_unknown_ones_are_skipped, compile_nested,
            free_nested),
        cmocka_unit_test_setup_teardown(a_record_that_is_null_leaves_all_its_columns_null,
                                        compile_nested, free_nested),
        cmocka_unit_test_setup_teardown(what_was_read_before_a_fault_can_be_seen, compile_nested,
                                        free_nested),
        cmocka_unit_test_setup_teardown(a_required_column_without_a_field_is_named, compile_nested,
                                        free_nested),
    };

    for (size_t i = 0; i < PLANS; i++)
        tests[OTHERS + i] = test_row(plan_cases[i].name, check_plan, &plan_cases[i]);
    for (size_t i = 0; i < LIMITS; i++)
        tests[OTHERS + PLANS + i] = test_row(limit_cases[i].name, check_limit, &limit_cases[i]);
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
