#include "common/rows/copy_numeric.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/avro/decimal.h"

enum {
    BASE_DIGITS = 4, /* Decimal digits in one of PostgreSQL's. */
    SIGN_POSITIVE = 0x0000,
    SIGN_NEGATIVE = 0x4000,
};

static bool append_16(struct buffer *out, int value)
{
    uint8_t bytes[2] = {(uint8_t)((unsigned)value >> 8), (uint8_t)value};

    return buffer_append(out, bytes, sizeof(bytes));
}

/* The decimal digit `place` before the point (0 for the ones), below it where negative. */
static int digit_at(const struct decimal *number, int scale, int place)
{
    int from_right = place + scale;

    if (from_right < 0 || from_right >= (int)number->count)
        return 0;
    return number->digits[(int)number->count - 1 - from_right] - '0';
}

static int base_digit_at(const struct decimal *number, int scale, int weight)
{
    int value = 0;

    for (int i = BASE_DIGITS - 1; i >= 0; i--)
        value = value * 10 + digit_at(number, scale, weight * BASE_DIGITS + i);
    return value;
}

static int floor_divide(int value, int divisor)
{
    return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
}

static bool append_numeric(struct buffer *out, const struct decimal *number, int scale)
{
    int highest = floor_divide((int)number->count - 1 - scale, BASE_DIGITS);
    int lowest = floor_divide(-scale, BASE_DIGITS);
    int count = number->count ? highest - lowest + 1 : 0;
    uint8_t length[4] = {0, 0, (uint8_t)((unsigned)(8 + 2 * count) >> 8), (uint8_t)(8 + 2 * count)};

    if (!buffer_append(out, length, sizeof(length)) || !append_16(out, count)
        || !append_16(out, count ? highest : 0)
        || !append_16(out, number->is_negative ? SIGN_NEGATIVE : SIGN_POSITIVE)
        || !append_16(out, scale))
        return false;
    for (int weight = highest; weight > highest - count; weight--) {
        if (!append_16(out, base_digit_at(number, scale, weight)))
            return false;
    }
    return true;
}

bool copy_numeric_decimal(struct buffer *out, const struct cell *cell)
{
    struct decimal number;

    return decimal_read(cell->as.decimal.bytes, cell->length, &number)
           && append_numeric(out, &number, cell->as.decimal.scale);
}

bool copy_numeric_integer(struct buffer *out, int64_t value)
{
    struct decimal number = {.is_negative = value < 0};
    char text[32];
    int length = snprintf(text, sizeof(text), "%" PRId64, value);
    const char *digits = number.is_negative ? text + 1 : text;

    number.count = value == 0 ? 0 : (size_t)(length - number.is_negative);
    memcpy(number.digits, digits, number.count);
    return append_numeric(out, &number, 0);
}
