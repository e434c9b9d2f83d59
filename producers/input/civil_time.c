#include "producers/input/civil_time.h"

#include <string.h>

#include "common/avro/temporal.h"

const char *period_symbol(enum period period)
{
    static const char *const symbols[] = {
        [PERIOD_DAY] = "DAY",
        [PERIOD_MONTH] = "MONTH",
        [PERIOD_QUARTER] = "QUARTER",
        [PERIOD_YEAR] = "YEAR",
    };

    return symbols[period];
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return lengths[month - 1] + (month == 2 && is_leap(year));
}

/* H. Hinnant, "chrono-Compatible Low-Level Date Algorithms": days from year, month, day. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t shifted_year = year - (month <= 2);
    int64_t era = (shifted_year >= 0 ? shifted_year : shifted_year - 399) / 400;
    int64_t year_of_era = shifted_year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

/* Exactly `count` digits; -1 for anything else. */
static int read_digits(const char **at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        char c = (*at)[i];

        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += count;
    return value;
}

static bool skip(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static const char *const no_form = "is none of 2022-09-30, 2022-09, 2022-Q3, 2022";

/* Year 0 does not exist; years of other than four digits have no form here. */
static const char *read_year(const char **at, int *year)
{
    *year = read_digits(at, 4);
    if (*year < 0)
        return no_form;
    return *year == 0 ? "has no such year: years are 0001 to 9999" : NULL;
}

static const char *read_quarter(const char **at, int year, int64_t *days)
{
    int quarter = read_digits(at, 1);

    if (quarter < 0 || **at != '\0')
        return no_form;
    if (quarter < 1 || quarter > 4)
        return "has no such quarter";
    *days = days_from_civil(year, quarter * 3, days_in_month(year, quarter * 3));
    return NULL;
}

const char *civil_period_read(const char *text, int64_t *days, enum period *period)
{
    int year;
    const char *fault = read_year(&text, &year);

    if (fault)
        return fault;
    if (*text == '\0') {
        *period = PERIOD_YEAR;
        *days = days_from_civil(year, 12, 31);
        return NULL;
    }
    if (!skip(&text, '-'))
        return no_form;
    if (skip(&text, 'Q')) {
        *period = PERIOD_QUARTER;
        return read_quarter(&text, year, days);
    }
    int month = read_digits(&text, 2);
    if (month < 0)
        return no_form;
    if (month < 1 || month > 12)
        return "has no such month";
    if (*text == '\0') {
        *period = PERIOD_MONTH;
        *days = days_from_civil(year, month, days_in_month(year, month));
        return NULL;
    }
    int day = skip(&text, '-') ? read_digits(&text, 2) : -1;
    if (day < 0 || *text != '\0')
        return no_form;
    if (day < 1 || day > days_in_month(year, month))
        return "has no such day";
    *period = PERIOD_DAY;
    *days = days_from_civil(year, month, day);
    return NULL;
}

static const char *const no_instant = "is no RFC 3339 time such as 2022-06-20T10:00:00+05:00";

static const char *read_date(const char **at, int64_t *days)
{
    int year;
    const char *fault = read_year(at, &year);

    if (fault)
        return fault == no_form ? no_instant : fault;
    int month = skip(at, '-') ? read_digits(at, 2) : -1;
    int day = month >= 0 && skip(at, '-') ? read_digits(at, 2) : -1;
    if (day < 0)
        return no_instant;
    if (month < 1 || month > 12)
        return "has no such month";
    if (day < 1 || day > days_in_month(year, month))
        return "has no such day";
    *days = days_from_civil(year, month, day);
    return NULL;
}

static const char *read_clock(const char **at, int64_t *micros)
{
    int hour = read_digits(at, 2);
    int minute = hour >= 0 && skip(at, ':') ? read_digits(at, 2) : -1;
    int second = minute >= 0 && skip(at, ':') ? read_digits(at, 2) : -1;
    int fraction = 0;
    int digits = 0;

    if (second < 0)
        return no_instant;
    if (hour > 23 || minute > 59 || second > 59)
        return "has no such time of day: hours are 00 to 23, minutes and seconds 00 to 59";
    if (skip(at, '.')) {
        for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
            if (digits < 6)
                fraction = fraction * 10 + (**at - '0');
        }
        if (digits == 0)
            return no_instant;
        for (; digits < 6; digits++)
            fraction *= 10;
    }
    *micros = ((hour * 60 + minute) * 60 + second) * INT64_C(1000000) + fraction;
    return NULL;
}

static const char *read_zone(const char **at, int64_t *micros)
{
    bool is_behind = **at == '-';

    if (**at == '\0')
        return "has no zone: add Z, or +05:00 for Pakistan";
    if (skip(at, 'Z') || skip(at, 'z')) {
        *micros = 0;
    } else {
        if (!skip(at, '+') && !skip(at, '-'))
            return no_instant;
        int hours = read_digits(at, 2);
        int minutes = hours >= 0 && skip(at, ':') ? read_digits(at, 2) : -1;
        if (minutes < 0 || hours > 23 || minutes > 59)
            return no_instant;
        *micros = (hours * 60 + minutes) * INT64_C(60000000) * (is_behind ? -1 : 1);
    }
    return **at == '\0' ? NULL : no_instant;
}

const char *civil_instant_read(const char *text, int64_t *micros)
{
    int64_t days = 0;
    int64_t clock_micros = 0;
    int64_t zone_micros = 0;
    const char *fault = read_date(&text, &days);

    if (!fault && !skip(&text, 'T') && !skip(&text, 't') && !skip(&text, ' '))
        fault = no_instant;
    if (!fault)
        fault = read_clock(&text, &clock_micros);
    if (!fault)
        fault = read_zone(&text, &zone_micros);
    if (fault)
        return fault;
    *micros = days * MICROS_A_DAY + clock_micros - zone_micros;
    if (*micros < TEMPORAL_MICROS_MIN || *micros > TEMPORAL_MICROS_MAX)
        return "lies outside the years 0001 to 9999";
    return NULL;
}
