#include "common/base/text.h"

#include <string.h>

/* Bytes of the character that begins here, 0 where it is not well-formed (Unicode 15, table 3-7).
 */
static size_t character_length(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    size_t length;

    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        if (lead == 0xe0)
            low = 0xa0;
        else if (lead == 0xed)
            high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        if (lead == 0xf0)
            low = 0x90;
        else if (lead == 0xf4)
            high = 0x8f;
    } else {
        return 0;
    }
    if (length > left || at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (at[i] < 0x80 || at[i] > 0xbf)
            return 0;
    }
    return length;
}

/* Eight bytes of ASCII without NUL: no high bit set, and no borrow into it from a zero byte. */
static bool is_plain_word(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101U;
    const uint64_t highs = 0x8080808080808080U;

    return ((word | (word - ones)) & highs) == 0;
}

enum text_fault text_check(const void *text, size_t length)
{
    const unsigned char *at = text;
    const unsigned char *end = at + length;

    while (at < end) {
        uint64_t word;

        while (end - at >= (ptrdiff_t)sizeof(word)) {
            memcpy(&word, at, sizeof(word));
            if (!is_plain_word(word))
                break;
            at += sizeof(word);
        }
        if (at == end)
            break;
        if (*at == 0)
            return TEXT_NUL_BYTE;
        size_t step = character_length(at, (size_t)(end - at));
        if (step == 0)
            return TEXT_INVALID_UTF8;
        at += step;
    }
    return TEXT_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool uuid_parse(const char *text, size_t length, uint8_t out[UUID_BYTES])
{
    uint8_t uuid[UUID_BYTES];
    size_t digits = 0;

    if (length != UUID_TEXT_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (is_dash_place(i)) {
            if (text[i] != '-')
                return false;
            continue;
        }
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return false;
        uuid[digits / 2] = (uint8_t)(digits % 2 ? uuid[digits / 2] << 4 | digit : digit);
        digits++;
    }
    memcpy(out, uuid, UUID_BYTES);
    return true;
}

void uuid_format(const uint8_t uuid[UUID_BYTES], char out[UUID_TEXT_LENGTH + 1])
{
    static const char digits[] = "0123456789abcdef";
    size_t place = 0;

    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (is_dash_place(place))
            out[place++] = '-';
        out[place++] = digits[uuid[i] >> 4];
        out[place++] = digits[uuid[i] & 0xf];
    }
    out[place] = '\0';
}

void hex_format(const void *data, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;

    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 0xf];
    }
    out[2 * length] = '\0';
}

bool hex_parse(const char *text, size_t length, uint8_t *out)
{
    if (length % 2)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}
