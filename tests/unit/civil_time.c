#include "tests/support/check.h"

#include <string.h>

#include "common/avro/decimal.h"
#include "common/avro/temporal.h"
#include "producers/input/amount.h"
#include "producers/input/civil_time.h"

struct text_case {
    const char *text;
    const char *result; /* A time or date as we print it, or the end of the complaint. */
};

static struct text_case instant_cases[] = {
    {"2022-06-20T10:00:00+05:00", "2022-06-20T05:00:00.000000Z"},
    {"2022-06-20T05:05:00.124Z", "2022-06-20T05:05:00.124000Z"},
    {"1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"},
    {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
    {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    {"2024-02-29t00:00:00z", "2024-02-29T00:00:00.000000Z"},
    {"0001-01-01T00:00:00+05:00", "outside the years 0001 to 9999"},
    {"9999-12-31T23:59:59-01:00", "outside the years 0001 to 9999"},
    {"0000-01-01T00:00:00Z", "years are 0001 to 9999"},
    {"2022-06-20T10:00:00", "add Z, or +05:00 for Pakistan"},
    {"2022-06-20T24:00:00Z", "seconds 00 to 59"},
    {"2022-06-20T10:00:60Z", "seconds 00 to 59"},
    {"2022-02-29T10:00:00Z", "no such day"},
    {"2022-13-01T10:00:00Z", "no such month"},
    {"2022-06-20T10:00:00.Z", "no RFC 3339 time such as 2022-06-20T10:00:00+05:00"},
    {"2022-06-20T10:00:00+5", "no RFC 3339 time such as 2022-06-20T10:00:00+05:00"},
    {"2022-06-20T10:00:00Z ", "no RFC 3339 time such as 2022-06-20T10:00:00+05:00"},
    {"20.06.2022", "no RFC 3339 time such as 2022-06-20T10:00:00+05:00"},
    {"", "no RFC 3339 time such as 2022-06-20T10:00:00+05:00"},
};

static void expect_end(const char *text, const char *end)
{
    if (strlen(text) < strlen(end) || strcmp(text + strlen(text) - strlen(end), end) != 0)
        fail_msg("\"%s\" does not end in \"%s\"", text, end);
}

static void check_instant(void **state)
{
    const struct text_case *row = *state;
    int64_t micros = 0;
    char text[TEMPORAL_TEXT_BYTES];
    const char *fault = civil_instant_read(row->text, &micros);

    temporal_timestamp_text(micros, true, text);
    expect_end(fault ? fault : text, row->result);
}

static struct text_case period_cases[] = {
    {"2022-09-18", "2022-09-18"}, {"2022-09", "2022-09-30"},     {"2024-02", "2024-02-29"},
    {"2022-Q3", "2022-09-30"},    {"2022-Q4", "2022-12-31"},     {"2022", "2022-12-31"},
    {"0001", "0001-12-31"},       {"9999-12-31", "9999-12-31"},  {"2022-Q5", "no such quarter"},
    {"2022-13", "no such month"}, {"2022-02-30", "no such day"}, {"0000", "years are 0001 to 9999"},
    {"2022-9", "2022"},           {"22-09-18", "2022"},          {"2022-Q33", "2022"},
};

static void check_period(void **state)
{
    const struct text_case *row = *state;
    int64_t days = 0;
    enum period period;
    char text[TEMPORAL_TEXT_BYTES];
    const char *fault = civil_period_read(row->text, &days, &period);

    temporal_date_text(days, text);
    expect_end(fault ? fault : text, row->result);
}

static void a_day_ends_by_the_clock_of_karachi(void **state)
{
    char text[TEMPORAL_TEXT_BYTES];
    int64_t days;
    enum period period;

    (void)state;
    assert_true(civil_time_zone_is_known());
    assert_null(civil_period_read("2022-06-30", &days, &period));
    temporal_timestamp_text(civil_end_of_day(days), true, text);
    assert_string_equal(text, "2022-06-30T18:59:59.999999Z");
    /* Summer time of 2008: UTC+6. */
    assert_null(civil_period_read("2008-07-15", &days, &period));
    temporal_timestamp_text(civil_end_of_day(days), true, text);
    assert_string_equal(text, "2008-07-15T17:59:59.999999Z");
}

static struct text_case amount_cases[] = {
    {"400000000000.00", "400000000000.000"},
    {"0", "0.000"},
    {"-0.001", "-0.001"},
    {"1.5", "1.500"},
    {"000000000000000000000001", "1.000"},
    {"999999999999999.999", "999999999999999.999"},
    {"1000000000000000.000", "too many digits"},
    {"1.5000", "too many decimals"},
    {"1e3", "\"400000000000.00\""},
    {"1,000", "\"400000000000.00\""},
    {".5", "\"400000000000.00\""},
    {"5.", "\"400000000000.00\""},
    {"", "\"400000000000.00\""},
    {"--1", "\"400000000000.00\""},
    {"+1", "\"400000000000.00\""},
    {"1.2.3", "\"400000000000.00\""},
};

static void check_amount(void **state)
{
    const struct text_case *row = *state;
    uint8_t bytes[AMOUNT_BYTES];
    size_t length = 0;
    struct decimal decimal;
    char text[DECIMAL_TEXT_BYTES];
    const char *fault = amount_read(row->text, 18, 3, bytes, &length);

    if (!fault) {
        assert_true(decimal_read(bytes + AMOUNT_BYTES - length, length, &decimal));
        decimal_text(&decimal, 3, text);
    }
    expect_end(fault ? fault : text, row->result);
}

int main(void)
{
    struct CMUnitTest tests[1 + ARRAY_LENGTH(instant_cases) + ARRAY_LENGTH(period_cases)
                            + ARRAY_LENGTH(amount_cases)] = {
        cmocka_unit_test(a_day_ends_by_the_clock_of_karachi),
    };
    size_t count = 1;

    for (size_t i = 0; i < ARRAY_LENGTH(instant_cases); i++)
        tests[count++] = test_row(instant_cases[i].text, check_instant, &instant_cases[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(period_cases); i++)
        tests[count++] = test_row(period_cases[i].text, check_period, &period_cases[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(amount_cases); i++)
        tests[count++] = test_row(amount_cases[i].text, check_amount, &amount_cases[i]);
    return cmocka_run_group_tests_name("civil_time", tests, NULL, NULL);
}
