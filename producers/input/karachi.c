#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "common/avro/temporal.h"
#include "producers/input/civil_time.h"

/* The time zone database decides, but for what has stood since 2009-11-01: UTC+5. */
#define KARACHI_OFFSET_S 18000
#define FIRST_DAY_OF_TODAYS_RULE 14549

bool civil_time_zone_is_known(void)
{
    struct tm local;
    time_t summer_of_2002 = 1028000000; /* Pakistan had summer time: UTC+6. */

    setenv("TZ", "Asia/Karachi", 1);
    tzset();
    return localtime_r(&summer_of_2002, &local) && local.tm_gmtoff == 21600;
}

int64_t civil_end_of_day(int64_t days)
{
    int64_t next_midnight_s = (days + 1) * (MICROS_A_DAY / 1000000);
    int64_t offset_s = KARACHI_OFFSET_S;

    if (days < FIRST_DAY_OF_TODAYS_RULE) {
        /* The offset in force at the end of the day; twice, since the first guess may lie beyond a
         * change. */
        for (int round = 0; round < 2; round++) {
            time_t last_second = (time_t)(next_midnight_s - offset_s - 1);
            struct tm local;

            if (localtime_r(&last_second, &local))
                offset_s = local.tm_gmtoff;
        }
    }
    int64_t micros = (next_midnight_s - offset_s) * 1000000 - 1;
    return micros < TEMPORAL_MICROS_MIN ? TEMPORAL_MICROS_MIN : micros;
}
