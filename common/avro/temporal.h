#ifndef COOP_AVRO_TEMPORAL_H
#define COOP_AVRO_TEMPORAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Dates and instants that the project takes: years 1 to 9999 of the proleptic Gregorian
 * calendar (docs/domain.md §1.3). Days count from 1970-01-01, microseconds from its midnight UTC.
 */

#define TEMPORAL_DAYS_MIN INT64_C(-719162)
#define TEMPORAL_DAYS_MAX INT64_C(2932896)
#define TEMPORAL_MICROS_MIN INT64_C(-62135596800000000)
#define TEMPORAL_MICROS_MAX INT64_C(253402300799999999)
#define MICROS_A_DAY INT64_C(86400000000)

/** Room for any text below, with its NUL. */
enum { TEMPORAL_TEXT_BYTES = 40 };

/** YYYY-MM-DD; returns its length. */
size_t temporal_date_text(int64_t days, char out[TEMPORAL_TEXT_BYTES]);

/** HH:MM:SS.ffffff of a time of day, 0 to 24 h; returns its length. */
size_t temporal_time_text(int64_t micros, char out[TEMPORAL_TEXT_BYTES]);

/** YYYY-MM-DDTHH:MM:SS.ffffff, with a Z for an instant; returns its length. */
size_t temporal_timestamp_text(int64_t micros, bool is_instant, char out[TEMPORAL_TEXT_BYTES]);

#endif
