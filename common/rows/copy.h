#ifndef COOP_ROWS_COPY_H
#define COOP_ROWS_COPY_H

#include "common/avro/cell.h"
#include "common/avro/temporal.h"
#include "common/base/buffer.h"

/*
 * Rows in the binary format of PostgreSQL's COPY (PostgreSQL 15 manual, "COPY", "Binary
 * Format"): a header, then for each row the number of its fields and each field's length
 * and bytes in network order, then a trailer. False where the buffer is at its limit.
 */

/** PostgreSQL counts from 2000-01-01, Avro from 1970-01-01. */
#define DAYS_TO_2000 10957
#define MICROS_TO_2000 (DAYS_TO_2000 * MICROS_A_DAY)

extern const uint8_t copy_header[19];
extern const uint8_t copy_trailer[2];

MUST_USE bool copy_row(struct buffer *out, size_t field_count);

MUST_USE bool copy_null(struct buffer *out);
MUST_USE bool copy_smallint(struct buffer *out, int16_t value);
MUST_USE bool copy_integer(struct buffer *out, int32_t value);
MUST_USE bool copy_bigint(struct buffer *out, int64_t value);

/** Microseconds since 1970, UTC. */
MUST_USE bool copy_timestamptz(struct buffer *out, int64_t micros);

/** text, bytea and uuid: the bytes as they are. A NULL pointer is SQL's NULL. */
MUST_USE bool copy_bytes(struct buffer *out, const void *bytes, size_t length);

/** A bytes field whose contents the caller appends: its length is set by copy_bytes_end(). */
MUST_USE bool copy_bytes_begin(struct buffer *out, size_t *mark);
void copy_bytes_end(struct buffer *out, size_t mark);

/** jsonb has a version number before its text. */
MUST_USE bool copy_jsonb(struct buffer *out, const void *text, size_t length);

/** A decoded field, in a column of that type; `items` are the items of array cells. */
MUST_USE bool copy_cell(struct buffer *out, const struct cell *cell, enum column_type type,
                        const struct cell *items);

#endif
