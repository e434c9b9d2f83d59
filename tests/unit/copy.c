#include "tests/support/check.h"

#include <string.h>

#include "common/base/text.h"
#include "common/rows/copy.h"
#include "common/rows/copy_numeric.h"

/* What PostgreSQL 15 sends for the same values with COPY ... TO STDOUT BINARY, in hex. */
struct numeric_case {
    const char *name;
    int64_t unscaled;
    int scale;
    const char *hex;
};

static struct numeric_case numeric_cases[] = {
    {"0", 0, 0, "000000080000000000000000"},
    {"0.000", 0, 3, "000000080000000000000003"},
    {"1", 1, 0, "0000000a00010000000000000001"},
    {"1.500", 1500, 3, "0000000c000200000000000300011388"},
    {"-0.001", -1, 3, "0000000a0001ffff40000003000a"},
    {"12345678.9", 123456789, 1, "0000000e000300010000000104d2162e2328"},
    {"10000", 10000, 0, "0000000c000200010000000000010000"},
};

static void check_numeric(void **state)
{
    const struct numeric_case *row = *state;
    struct buffer out;
    uint8_t bytes[8];
    char hex[128];
    struct cell cell = {.kind = CELL_DECIMAL, .length = sizeof(bytes)};

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)((uint64_t)row->unscaled >> (8 * (7 - i)));
    cell.as.decimal.bytes = bytes;
    cell.as.decimal.scale = row->scale;
    buffer_init(&out, 1000);
    assert_true(copy_cell(&out, &cell, COLUMN_NUMERIC, NULL));
    hex_format(out.data, out.length, hex);
    assert_string_equal(hex, row->hex);
    buffer_free(&out);
}

static void an_array_tells_its_size_and_its_nulls(void **state)
{
    struct cell items[] = {{.kind = CELL_BYTES, .length = 1, .as.bytes = (const uint8_t *)"a"},
                           {.kind = CELL_NULL}};
    struct cell cell = {.kind = CELL_ARRAY, .length = 2, .as.first = 0};
    struct buffer out;
    char hex[128];

    (void)state;
    buffer_init(&out, 1000);
    assert_true(copy_cell(&out, &cell, COLUMN_TEXT, items));
    hex_format(out.data, out.length, hex);
    assert_string_equal(hex, "0000001d"
                             "00000001"
                             "00000001"
                             "00000019"
                             "00000002"
                             "00000001"
                             "0000000161"
                             "ffffffff");
    buffer_clear(&out);
    cell.length = 0;
    assert_true(copy_cell(&out, &cell, COLUMN_TEXT, items));
    hex_format(out.data, out.length, hex);
    assert_string_equal(hex, "0000000c"
                             "00000000"
                             "00000000"
                             "00000019");
    buffer_free(&out);
}

static void times_count_from_the_year_2000(void **state)
{
    struct cell cell = {.kind = CELL_INTEGER, .as.integer = 10957};
    struct buffer out;
    char hex[64];

    (void)state;
    buffer_init(&out, 100);
    assert_true(copy_cell(&out, &cell, COLUMN_DATE, NULL));
    cell.as.integer = INT64_C(946684800000001);
    assert_true(copy_cell(&out, &cell, COLUMN_TIMESTAMPTZ, NULL));
    hex_format(out.data, out.length, hex);
    assert_string_equal(hex, "00000004"
                             "00000000"
                             "00000008"
                             "0000000000000001");
    buffer_free(&out);
}

int main(void)
{
    struct CMUnitTest tests[2 + ARRAY_LENGTH(numeric_cases)] = {
        cmocka_unit_test(an_array_tells_its_size_and_its_nulls),
        cmocka_unit_test(times_count_from_the_year_2000),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(numeric_cases); i++)
        tests[2 + i] = test_row(numeric_cases[i].name, check_numeric, &numeric_cases[i]);
    return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
