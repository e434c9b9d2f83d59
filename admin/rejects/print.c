#include "admin/rejects/print.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 16 };

void print_text(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        /* U+0080 to U+009F, which some terminals obey, are C2 and one byte more. */
        if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            printf("\\u%04x", *++c);
        else if (*c < 0x20 || *c == 0x7f)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
}

static void print_line(const uint8_t *bytes, size_t offset, size_t length)
{
    printf("%08zx ", offset);
    for (size_t i = 0; i < LINE_BYTES; i++) {
        if (i % 8 == 0)
            putchar(' ');
        if (i < length)
            printf("%02x ", bytes[i]);
        else
            printf("   ");
    }
    printf(" |");
    for (size_t i = 0; i < length; i++)
        putchar(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
    printf("|\n");
}

void print_hex_dump(const void *data, size_t length)
{
    const uint8_t *bytes = data;
    bool is_starred = false;

    for (size_t at = 0; at < length; at += LINE_BYTES) {
        size_t here = length - at < LINE_BYTES ? length - at : LINE_BYTES;

        if (at && here == LINE_BYTES && memcmp(bytes + at, bytes + at - LINE_BYTES, here) == 0) {
            if (!is_starred)
                printf("*\n");
            is_starred = true;
            continue;
        }
        is_starred = false;
        print_line(bytes + at, at, here);
    }
    if (length)
        printf("%08zx\n", length);
}
