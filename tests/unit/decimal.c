#include "tests/support/check.h"

#include <string.h>

#include "common/avro/decimal.h"
#include "common/avro/temporal.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

struct decimal_case {
    const char *text;
    const uint8_t *bytes;
    size_t length;
    int scale;
};

static struct decimal_case decimal_cases[] = {
    {"0", BYTES(0x00), 0},
    {"0.000", BYTES(0x00), 3},
    {"1.500", BYTES(0x05, 0xdc), 3},
    {"-0.001", BYTES(0xff), 3},
    {"-1", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 0},
    {"127", BYTES(0x00, 0x00, 0x7f), 0},
    {"-128", BYTES(0x80), 0},
    {"128", BYTES(0x00, 0x80), 0},
    {"400000000000.000", BYTES(0x01, 0x6b, 0xcc, 0x41, 0xe9, 0x00, 0x00), 3},
    {"-9223372036854775808", BYTES(0x80, 0, 0, 0, 0, 0, 0, 0), 0},
    {"340282366920938463463374607431768211455",
     BYTES(0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
           0xff, 0xff),
     0},
};

static void check_decimal(void **state)
{
    const struct decimal_case *row = *state;
    struct decimal decimal;
    char text[DECIMAL_TEXT_BYTES];

    assert_true(decimal_read(row->bytes, row->length, &decimal));
    assert_int_equal(decimal_text(&decimal, row->scale, text), strlen(row->text));
    assert_string_equal(text, row->text);
}

static void more_than_a_thousand_digits_are_refused(void **state)
{
    uint8_t bytes[1024];
    struct decimal decimal;

    (void)state;
    memset(bytes, 0x7f, sizeof(bytes));
    assert_false(decimal_read(bytes, sizeof(bytes), &decimal));
    assert_false(decimal_read(bytes, DECIMAL_BYTES_MAX, &decimal));
    assert_true(decimal_read(bytes, 415, &decimal));
    memset(bytes, 0, 1023);
    assert_true(decimal_read(bytes, sizeof(bytes), &decimal));
    assert_int_equal(decimal.count, 3);
}

static void dates_reach_from_year_1_to_year_9999(void **state)
{
    char text[TEMPORAL_TEXT_BYTES];

    (void)state;
    temporal_date_text(TEMPORAL_DAYS_MIN, text);
    assert_string_equal(text, "0001-01-01");
    temporal_date_text(TEMPORAL_DAYS_MAX, text);
    assert_string_equal(text, "9999-12-31");
    temporal_date_text(19051, text);
    assert_string_equal(text, "2022-02-28");
    temporal_timestamp_text(TEMPORAL_MICROS_MAX, true, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
    temporal_timestamp_text(-1, false, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999");
    temporal_time_text(MICROS_A_DAY, text);
    assert_string_equal(text, "24:00:00.000000");
}

int main(void)
{
    struct CMUnitTest tests[2 + ARRAY_LENGTH(decimal_cases)] = {
        cmocka_unit_test(more_than_a_thousand_digits_are_refused),
        cmocka_unit_test(dates_reach_from_year_1_to_year_9999),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(decimal_cases); i++)
        tests[2 + i] = test_row(decimal_cases[i].text, check_decimal, &decimal_cases[i]);
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
