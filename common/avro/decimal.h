#ifndef COOP_AVRO_DECIMAL_H
#define COOP_AVRO_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"

/*
 * Avro's decimal: an unscaled whole number in two's complement, big-endian, of any length
 * (Avro 1.11 specification, "Decimal"). PostgreSQL's numeric(p, s) has p up to 1000.
 */

enum {
    DECIMAL_DIGITS_MAX = 1000,
    DECIMAL_BYTES_MAX = 417, /**< Enough for 1,000 digits and a sign. */
};

struct decimal {
    bool is_negative;
    size_t count;                        /**< Digits; 0 for zero. No leading zeros. */
    char digits[DECIMAL_DIGITS_MAX + 4]; /**< Of the unscaled number, '0' to '9'. */
};

/** Drops redundant leading bytes: what is left is the shortest form, at least one byte. */
void decimal_shorten(const uint8_t **bytes, size_t *length);

/** Writes the number's digits; false for more than DECIMAL_DIGITS_MAX of them. */
MUST_USE bool decimal_read(const uint8_t *bytes, size_t length, struct decimal *out);

/** Room for decimal_text(): digits, sign, point, leading zero, NUL. */
enum { DECIMAL_TEXT_BYTES = 2 * DECIMAL_DIGITS_MAX + 8 };

/** Writes the number with `scale` decimals, all of them: 1.500. Returns its length. */
size_t decimal_text(const struct decimal *decimal, int scale, char out[DECIMAL_TEXT_BYTES]);

#endif
