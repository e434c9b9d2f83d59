#include "common/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { LINE_BYTES = 4096 };

const char *const log_level_names[] = {"error", "warning", "info", "debug", NULL};
const char *const log_format_names[] = {"text", "json", NULL};

static const char *program_name = "cooptrack";
static enum log_level chosen_level = LOG_LEVEL_INFO;
static enum log_format chosen_format = LOG_FORMAT_TEXT;
static void (*diverted_to)(enum log_level level, const char *message);

void log_open(const char *program, enum log_level level, enum log_format format)
{
    program_name = program;
    chosen_level = level;
    chosen_format = format;
}

void log_divert(void (*take)(enum log_level level, const char *message))
{
    diverted_to = take;
}

bool log_wants(enum log_level level)
{
    return level <= chosen_level;
}

static void format_time(char *out, size_t size)
{
    int64_t now_us = clock_now_us();
    time_t seconds = (time_t)(now_us / 1000000);
    struct tm utc;
    char head[32];

    gmtime_r(&seconds, &utc);
    strftime(head, sizeof(head), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out, size, "%s.%03dZ", head, (int)(now_us / 1000 % 1000));
}

/* Control characters would break the line, or the terminal; in JSON quotes would, too. */
static void append_escaped(char *line, size_t *length, const char *text)
{
    for (const char *c = text; *c && *length < LINE_BYTES - 16; c++) {
        unsigned char byte = (unsigned char)*c;

        if (chosen_format == LOG_FORMAT_JSON && (byte < 0x20 || byte == 0x7f))
            *length += (size_t)snprintf(line + *length, 7, "\\u%04x", byte);
        else if (byte < 0x20 || byte == 0x7f)
            line[(*length)++] = ' ';
        else {
            if (chosen_format == LOG_FORMAT_JSON && (byte == '"' || byte == '\\'))
                line[(*length)++] = '\\';
            line[(*length)++] = *c;
        }
    }
}

void log_line(enum log_level level, const char *format, ...)
{
    char time_text[40];
    char message[LINE_BYTES / 2];
    char line[LINE_BYTES];
    va_list arguments;

    if (!log_wants(level))
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (diverted_to) {
        diverted_to(level, message);
        return;
    }
    format_time(time_text, sizeof(time_text));

    bool is_json = chosen_format == LOG_FORMAT_JSON;
    size_t length = (size_t)snprintf(
        line, sizeof(line),
        is_json ? "{\"time\":\"%s\",\"program\":\"%s\",\"level\":\"%s\",\"message\":\""
                : "%s %s %s: ",
        time_text, program_name, log_level_names[level]);
    append_escaped(line, &length, message);
    length +=
        (size_t)snprintf(line + length, sizeof(line) - length, "%s", is_json ? "\"}\n" : "\n");

    /* One write a line, so that lines of several processes do not mix. Nowhere to report to. */
    if (write(STDERR_FILENO, line, length) < 0)
        return;
}
