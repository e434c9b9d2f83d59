#ifndef COOP_PRODUCERS_AMOUNT_H
#define COOP_PRODUCERS_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"

enum { AMOUNT_BYTES = 16 };

/**
 * Turns -?digits[.digits] into the unscaled number of an Avro decimal: two's complement,
 * big-endian, in as few bytes as possible, at the end of `out`.
 *
 * @param precision  Digits that the schema allows, at most 18: more do not fit 64 bits.
 * @return NULL, or what is wrong, in words.
 */
MUST_USE const char *amount_read(const char *text, int precision, int scale,
                                 uint8_t out[AMOUNT_BYTES], size_t *length);

#endif
