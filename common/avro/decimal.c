#include "common/avro/decimal.h"

#include <string.h>

void decimal_shorten(const uint8_t **bytes, size_t *length)
{
    while (*length > 1
           && (((*bytes)[0] == 0x00 && (*bytes)[1] < 0x80)
               || ((*bytes)[0] == 0xff && (*bytes)[1] >= 0x80))) {
        (*bytes)++;
        (*length)--;
    }
}

/* The magnitude of a two's-complement number, most significant byte first. */
static void copy_magnitude(const uint8_t *bytes, size_t length, bool is_negative, uint8_t *out)
{
    unsigned carry = 1;

    for (size_t i = length; i-- > 0;) {
        if (is_negative) {
            unsigned sum = (unsigned)(uint8_t)~bytes[i] + carry;

            out[i] = (uint8_t)sum;
            carry = sum >> 8;
        } else {
            out[i] = bytes[i];
        }
    }
}

/* Divides the magnitude by 1000 in place and returns the remainder. */
static unsigned divide_by_thousand(uint8_t *magnitude, size_t length)
{
    unsigned remainder = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned value = remainder << 8 | magnitude[i];

        magnitude[i] = (uint8_t)(value / 1000);
        remainder = value % 1000;
    }
    return remainder;
}

static void reverse(char *text, size_t length)
{
    for (size_t i = 0; i < length / 2; i++) {
        char other = text[i];

        text[i] = text[length - 1 - i];
        text[length - 1 - i] = other;
    }
}

bool decimal_read(const uint8_t *bytes, size_t length, struct decimal *out)
{
    uint8_t magnitude[DECIMAL_BYTES_MAX];
    size_t start = 0;

    decimal_shorten(&bytes, &length);
    out->count = 0;
    out->is_negative = length > 0 && bytes[0] >= 0x80;
    if (length > sizeof(magnitude))
        return false;
    copy_magnitude(bytes, length, out->is_negative, magnitude);

    /* Three digits a step, the least significant first. */
    while (start < length) {
        if (magnitude[start] == 0) {
            start++;
            continue;
        }
        unsigned three = divide_by_thousand(magnitude + start, length - start);
        if (out->count > DECIMAL_DIGITS_MAX)
            return false;
        for (int i = 0; i < 3; i++) {
            out->digits[out->count++] = (char)('0' + three % 10);
            three /= 10;
        }
    }
    while (out->count && out->digits[out->count - 1] == '0')
        out->count--;
    reverse(out->digits, out->count);
    return out->count <= DECIMAL_DIGITS_MAX;
}

size_t decimal_text(const struct decimal *decimal, int scale, char out[DECIMAL_TEXT_BYTES])
{
    size_t decimals = (size_t)scale;
    size_t whole = decimal->count > decimals ? decimal->count - decimals : 0;
    size_t length = 0;

    if (decimal->is_negative)
        out[length++] = '-';
    if (whole == 0)
        out[length++] = '0';
    memcpy(out + length, decimal->digits, whole);
    length += whole;
    if (decimals) {
        out[length++] = '.';
        memset(out + length, '0', decimals);
        memcpy(out + length + decimals - (decimal->count - whole), decimal->digits + whole,
               decimal->count - whole);
        length += decimals;
    }
    out[length] = '\0';
    return length;
}
