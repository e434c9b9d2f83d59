#include "producers/input/amount.h"

#include <stdbool.h>

#include <string.h>

#include "common/avro/decimal.h"

enum { DIGITS_OF_64_BITS = 18 };

static const char *const no_amount = "is no amount such as \"400000000000.00\"";

const char *amount_read(const char *text, int precision, int scale, uint8_t out[AMOUNT_BYTES],
                        size_t *length)
{
    int64_t unscaled = 0;
    int digits = 0;
    int whole = 0;
    int decimals = 0;
    bool is_negative = *text == '-';

    text += is_negative;
    for (const char *c = text; *c; c++) {
        if (*c == '.' && whole && !decimals && c[1]) {
            decimals = 1; /* One more than there are: see below. */
            continue;
        }
        if (*c < '0' || *c > '9')
            return no_amount;
        if (decimals)
            decimals++;
        else
            whole++;
        if (decimals - 1 > scale)
            return "has too many decimals";
        if (unscaled || *c != '0')
            digits++;
        if (digits > DIGITS_OF_64_BITS)
            return "has too many digits";
        unscaled = unscaled * 10 + (*c - '0');
    }
    if (whole == 0)
        return no_amount;
    for (int i = decimals ? decimals - 1 : 0; i < scale; i++) {
        if (unscaled && ++digits > precision)
            return "has too many digits";
        unscaled *= 10;
    }
    if (digits > precision)
        return "has too many digits";
    if (is_negative)
        unscaled = -unscaled;

    const uint8_t *bytes = out + AMOUNT_BYTES - sizeof(unscaled);
    for (size_t i = 0; i < sizeof(unscaled); i++)
        out[AMOUNT_BYTES - 1 - i] = (uint8_t)((uint64_t)unscaled >> (8 * i));
    *length = sizeof(unscaled);
    decimal_shorten(&bytes, length);
    return NULL;
}
