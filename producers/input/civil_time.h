#ifndef COOP_PRODUCERS_CIVIL_TIME_H
#define COOP_PRODUCERS_CIVIL_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"

/*
 * Dates, instants and periods as people write them (docs/domain.md §1.3). Days and microseconds
 * count from 1970-01-01T00:00:00Z.
 */

enum period { PERIOD_DAY, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };

/** The symbol of DatePrecision that goes with a period. */
const char *period_symbol(enum period period);

/**
 * Reads 2022-09-18, 2022-09, 2022-Q3 or 2022 as the last day of that period.
 *
 * @return NULL, or what is wrong, in words.
 */
MUST_USE const char *civil_period_read(const char *text, int64_t *days, enum period *period);

/**
 * Reads an RFC 3339 time with its zone; digits after the sixth decimal are cut off.
 *
 * @return NULL, or what is wrong, in words.
 */
MUST_USE const char *civil_instant_read(const char *text, int64_t *micros);

/** The last microsecond of a day in Asia/Karachi. */
int64_t civil_end_of_day(int64_t days);

/** Does the machine know the time zone? Call once, before civil_end_of_day(). */
MUST_USE bool civil_time_zone_is_known(void);

#endif
