#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/simulation/world.h"

enum { LINES_KEPT = 200, LINE_BYTES = 400 };

static char kept[LINES_KEPT][LINE_BYTES];
static size_t line_count;
static bool is_at_once;

void story_open(bool is_told_at_once)
{
    line_count = 0;
    is_at_once = is_told_at_once;
}

void story_line(int64_t now_us, const char *format, ...)
{
    char *line = kept[line_count++ % LINES_KEPT];
    va_list arguments;

    int length = snprintf(line, LINE_BYTES, "%5" PRId64 ".%06" PRId64 " s  ", now_us / SECOND,
                          now_us % SECOND);
    va_start(arguments, format);
    vsnprintf(line + length, LINE_BYTES - (size_t)length, format, arguments);
    va_end(arguments);
    if (is_at_once)
        puts(line);
}

void story_print_tail(void)
{
    size_t first = line_count > LINES_KEPT ? line_count - LINES_KEPT : 0;

    if (is_at_once)
        return;
    if (first)
        printf("… %zu lines before; --story tells them all\n", first);
    for (size_t i = first; i < line_count; i++)
        puts(kept[i % LINES_KEPT]);
}
