#include "tests/support/check.h"

#include <string.h>

#include "admin/audit/value.h"

/* What PostgreSQL 15 sends for a value, in hex, and the cell that the consumer made it from. */
struct value_case {
    const char *name;
    enum column_type type;
    struct cell cell;
    const char *hex; /* NULL: SQL's NULL. */
    bool says_so;
};

#define JSON(text)                                                                                 \
    {                                                                                              \
        .kind = CELL_BYTES, .length = sizeof(text) - 1, .as.bytes = (const uint8_t *)(text)        \
    }
#define NUMBER(bytes_of_it, count, decimals)                                                       \
    {                                                                                              \
        .kind = CELL_DECIMAL, .length = (count), .as.decimal = {                                   \
            .bytes = (const uint8_t *)(bytes_of_it),                                               \
            .scale = (decimals)                                                                    \
        }                                                                                          \
    }

static struct value_case cases[] = {
    {"null is null", COLUMN_TEXT, {.kind = CELL_NULL}, NULL, true},
    {"null is not the empty text", COLUMN_TEXT, {.kind = CELL_NULL}, "", false},
    {"the empty text is not null", COLUMN_TEXT, JSON(""), NULL, false},
    {"an integer", COLUMN_INTEGER, {.kind = CELL_INTEGER, .as.integer = 7}, "00000007", true},
    {"another integer", COLUMN_INTEGER, {.kind = CELL_INTEGER, .as.integer = 7}, "00000008", false},
    {"1.000 is kept as 1", COLUMN_NUMERIC, NUMBER("\x03\xe8", 2, 3), "00010000000000030001", true},
    {"1.000 in a column of two decimals", COLUMN_NUMERIC, NUMBER("\x03\xe8", 2, 3),
     "00010000000000020001", true},
    {"1.001 is not 1", COLUMN_NUMERIC, NUMBER("\x03\xe9", 2, 3), "00010000000000030001", false},
    {"-1 is not 1", COLUMN_NUMERIC, NUMBER("\xff", 1, 0), "00010000000000000001", false},
    {"10000 is not 1", COLUMN_NUMERIC, NUMBER("\x01", 1, 0), "00010001000000000001", false},
    {"zero", COLUMN_NUMERIC, NUMBER("\x00", 1, 3), "0000000000000003", true},
    {"a document in another order", COLUMN_JSONB, JSON("{\"long\": 1, \"b\": [2, null]}"),
     "017b2262223a205b322c206e756c6c5d2c20226c6f6e67223a20317d", true},
    {"a document of other items", COLUMN_JSONB, JSON("{\"b\": [null, 2], \"long\": 1}"),
     "017b2262223a205b322c206e756c6c5d2c20226c6f6e67223a20317d", false},
    {"a document with a field more", COLUMN_JSONB, JSON("{\"b\": 1}"),
     "017b2262223a20312c202263223a20317d", false},
    {"a number that jsonb writes out", COLUMN_JSONB, JSON("1e+16"),
     "013130303030303030303030303030303030", true},
    {"a number of another value", COLUMN_JSONB, JSON("1e+16"),
     "013130303030303030303030303030303031", false},
    {"a document that is none", COLUMN_JSONB, JSON("{}"), "01", false},
};

static void check_value(void **state)
{
    const struct value_case *it = *state;
    uint8_t bytes[64] = {0};
    struct value stored = {it->hex ? bytes : NULL, it->hex ? strlen(it->hex) / 2 : 0};
    struct buffer scratch;

    assert_true(!it->hex || hex_parse(it->hex, strlen(it->hex), bytes));
    buffer_init(&scratch, 1000);
    assert_int_equal(value_says(&stored, &it->cell, it->type, NULL, &scratch), it->says_so);
    buffer_free(&scratch);
}

static void numbers_and_instants_are_read_from_their_bytes(void **state)
{
    (void)state;
    int64_t number;

    assert_true(value_bigint(&(struct value){"\xff\xfe", 2}, &number));
    assert_int_equal(number, -2);
    assert_true(value_bigint(&(struct value){"\x01", 1}, &number));
    assert_int_equal(number, 1);
    assert_false(value_bigint(&(struct value){NULL, 0}, &number));
    assert_true(value_is_instant(&(struct value){NULL, 0}, -1));
    assert_false(value_is_instant(&(struct value){NULL, 0}, 0));
    assert_true(value_is_instant(&(struct value){"\0\0\0\0\0\0\0\1", 8}, INT64_C(946684800000001)));
}

int main(void)
{
    struct CMUnitTest tests[1 + ARRAY_LENGTH(cases)] = {
        cmocka_unit_test(numbers_and_instants_are_read_from_their_bytes),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        tests[1 + i] = test_row(cases[i].name, check_value, &cases[i]);
    return cmocka_run_group_tests_name("audit_value", tests, NULL, NULL);
}
