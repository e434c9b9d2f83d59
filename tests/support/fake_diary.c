#include "tests/support/check.h"

#include "tests/support/fake_diary.h"

#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

static char text[64 * 1024];
static size_t length;
static void (*take_debug)(const char *message);

static void add(const char *before, const char *line)
{
    int added = snprintf(text + length, sizeof(text) - length, "%s%s\n", before, line);

    length += (size_t)added;
    if (length >= sizeof(text))
        fail_msg("the diary is full");
}

static void take_log_line(enum log_level level, const char *message)
{
    static const char *const names[] = {"error: ", "warning: ", "info: "};

    if (level != LOG_LEVEL_DEBUG)
        add(names[level], message);
    else if (take_debug)
        take_debug(message);
}

void diary_open(void)
{
    diary_clear();
    take_debug = NULL;
    log_open("test", LOG_LEVEL_DEBUG, LOG_FORMAT_TEXT);
    log_divert(take_log_line);
}

void diary_divert_debug(void (*take)(const char *message))
{
    take_debug = take;
}

void diary_note(const char *format, ...)
{
    char line[4096];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    add("", line);
}

void diary_clear(void)
{
    length = 0;
    text[0] = '\0';
}

int diary_count(const char *words)
{
    int count = 0;

    for (const char *at = strstr(text, words); at; at = strstr(at + 1, words))
        count++;
    return count;
}

void diary_compare(const char *expected, const char *file, int line)
{
    if (strcmp(text, expected) != 0) {
        print_error("the diary says:\n%sand should say:\n%s", text, expected);
        _fail(file, line);
    }
    diary_clear();
}
