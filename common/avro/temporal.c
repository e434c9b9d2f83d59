#include "common/avro/temporal.h"

#include <inttypes.h>
#include <stdio.h>

/* Days to year, month, day: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    *month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

size_t temporal_date_text(int64_t days, char out[TEMPORAL_TEXT_BYTES])
{
    int year;
    int month;
    int day;

    civil_from_days(days, &year, &month, &day);
    return (size_t)snprintf(out, TEMPORAL_TEXT_BYTES, "%04d-%02d-%02d", year, month, day);
}

size_t temporal_time_text(int64_t micros, char out[TEMPORAL_TEXT_BYTES])
{
    int64_t seconds = micros / 1000000;

    return (size_t)snprintf(out, TEMPORAL_TEXT_BYTES, "%02d:%02d:%02d.%06d", (int)(seconds / 3600),
                            (int)(seconds / 60 % 60), (int)(seconds % 60), (int)(micros % 1000000));
}

size_t temporal_timestamp_text(int64_t micros, bool is_instant, char out[TEMPORAL_TEXT_BYTES])
{
    int64_t days = micros / MICROS_A_DAY - (micros % MICROS_A_DAY < 0);
    size_t length = temporal_date_text(days, out);

    out[length++] = 'T';
    char time_text[TEMPORAL_TEXT_BYTES];
    temporal_time_text(micros - days * MICROS_A_DAY, time_text);
    length += (size_t)snprintf(out + length, TEMPORAL_TEXT_BYTES - length, "%.15s%s", time_text,
                               is_instant ? "Z" : "");
    return length;
}
