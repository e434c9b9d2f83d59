#include "reports/width.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

/* U+200E, no room of its own, left to right: the neutral blanks beside it go with it. */
#define LEFT_TO_RIGHT_MARK "\xe2\x80\x8e"

bool width_open(struct error *err)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

    if (utf8 == (locale_t)0)
        return error_set(err, ERROR_CONFIGURATION,
                         "the system has no locale C.UTF-8, without which tables cannot be "
                         "aligned: use --json or --csv");
    /* In use until the program ends. */
    uselocale(utf8);
    return true;
}

/* The next character, and how many bytes it has; a byte that begins none counts as itself. */
static size_t next(const char *text, wchar_t *character)
{
    mbstate_t state = {0};
    size_t length = mbrtowc(character, text, strlen(text), &state);

    if (length <= strlen(text))
        return length;
    *character = (unsigned char)*text;
    return 1;
}

/* Hebrew to Arabic Extended-A, and their presentation forms. */
static bool is_right_to_left(wchar_t character)
{
    return (character >= 0x0590 && character <= 0x08ff)
           || (character >= 0xfb1d && character <= 0xfdff)
           || (character >= 0xfe70 && character <= 0xfefe);
}

static bool has_right_to_left(const char *text)
{
    wchar_t character = 0;

    while (*text) {
        text += next(text, &character);
        if (is_right_to_left(character))
            return true;
    }
    return false;
}

/* Embeddings, overrides and isolates. */
static bool turns_direction(wchar_t character)
{
    return (character >= 0x202a && character <= 0x202e)
           || (character >= 0x2066 && character <= 0x2069);
}

static bool append_character(struct buffer *out, const char *text, size_t length, wchar_t character,
                             size_t *columns)
{
    int width = turns_direction(character) ? -1 : wcwidth(character);
    size_t before = out->length;

    if (width >= 0 && !(length == 1 && character >= 0x80)) {
        *columns += (size_t)width;
        return buffer_append(out, text, length);
    }
    if (!buffer_append_format(out, "\\u%04lx", (unsigned long)character))
        return false;
    *columns += out->length - before;
    return true;
}

bool width_append(struct buffer *out, const char *text, size_t *columns)
{
    const char *mark = has_right_to_left(text) ? LEFT_TO_RIGHT_MARK : "";
    wchar_t character = 0;

    *columns = 0;
    if (!buffer_append_text(out, mark))
        return false;
    while (*text) {
        size_t length = next(text, &character);

        if (!append_character(out, text, length, character, columns))
            return false;
        text += length;
    }
    return buffer_append_text(out, mark);
}
