#ifndef COOP_ROWS_COPY_NUMERIC_H
#define COOP_ROWS_COPY_NUMERIC_H

#include "common/avro/cell.h"
#include "common/base/buffer.h"

/*
 * numeric in PostgreSQL's binary form (numeric_recv in utils/adt/numeric.c): the number of
 * digits to the base 10,000, the weight of the first, the sign, the decimals shown, and the
 * digits, each a 16-bit number.
 */

/** A CELL_DECIMAL, with all the decimals of its scale. */
MUST_USE bool copy_numeric_decimal(struct buffer *out, const struct cell *cell);

MUST_USE bool copy_numeric_integer(struct buffer *out, int64_t value);

#endif
