#ifndef COOP_AUDIT_VALUE_H
#define COOP_AUDIT_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/avro/cell.h"
#include "common/base/buffer.h"

/** A field of a row as PostgreSQL sends it in binary; NULL bytes for SQL's NULL. */
struct value {
    const void *bytes;
    size_t length;
};

/** Takes a field, with its length before it, off the front of *rest. */
MUST_USE bool value_take(struct value *rest, struct value *field);

/** Are these the bytes? `bytes` NULL: SQL's NULL. */
bool value_is(const struct value *value, const void *bytes, size_t length);

/** The numbers of a smallint (2 bytes), an integer (4) or a bigint (8); false for NULL. */
MUST_USE bool value_bigint(const struct value *value, int64_t *out);

/** Is it that timestamptz, in microseconds since 1970? Below 0: is it NULL? */
bool value_is_instant(const struct value *value, int64_t micros);

/**
 * Does a stored value say what a decoded cell says? The cell is written as the consumer
 * writes it (common/rows/copy.h) and the bytes are compared; numeric without regard to the
 * decimals shown, jsonb by what the documents mean, since PostgreSQL orders and respells both.
 *
 * @param scratch  Is overwritten.
 */
bool value_says(const struct value *stored, const struct cell *cell, enum column_type type,
                const struct cell *items, struct buffer *scratch);

#endif
