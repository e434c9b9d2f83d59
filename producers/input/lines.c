#include "producers/input/lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/stop.h"

enum { READ_BYTES = 64 * 1024 };

bool lines_open(struct lines *lines, const char *name, struct error *err)
{
    struct stat status;

    *lines = (struct lines){.name = name, .is_standard_input = strcmp(name, "-") == 0};
    buffer_init(&lines->line, LINE_BYTES_MAX + READ_BYTES);
    if (lines->is_standard_input) {
        lines->name = "standard input";
        lines->file = stdin;
        return true;
    }
    lines->file = fopen(name, "r");
    if (!lines->file)
        return error_set(err, ERROR_NO_INPUT, "could not open \"%s\": %s", name, strerror(errno));
    if (fstat(fileno(lines->file), &status) == 0 && S_ISDIR(status.st_mode)) {
        lines_close(lines);
        return error_set(err, ERROR_NO_INPUT, "\"%s\" is a directory: name the files in it", name);
    }
    return true;
}

void lines_close(struct lines *lines)
{
    if (lines->file && !lines->is_standard_input)
        fclose(lines->file);
    buffer_free(&lines->line);
    lines->file = NULL;
}

/* A pipe may have nothing to tell for days: a signal must end the waiting, too. */
static bool wait_for_input(const struct lines *lines)
{
    struct pollfd descriptors[] = {{.fd = fileno(lines->file), .events = POLLIN},
                                   {.fd = stop_descriptor(), .events = POLLIN}};

    poll(descriptors, ARRAY_LENGTH(descriptors), -1);
    return !stop_requested();
}

/* One physical line; bytes beyond the limit are read and thrown away. */
static enum lines_outcome read_line(struct lines *lines, struct error *err)
{
    int c;

    buffer_clear(&lines->line);
    lines->is_too_long = false;
    if (lines->is_standard_input && !wait_for_input(lines))
        return LINES_STOPPED;
    flockfile(lines->file);
    while ((c = getc_unlocked(lines->file)) != EOF && c != '\n') {
        if (lines->line.length == LINE_BYTES_MAX) {
            lines->is_too_long = true;
        } else if (!buffer_append_byte(&lines->line, (unsigned char)c)) {
            funlockfile(lines->file);
            error_no_memory(err);
            return LINES_FAILED;
        }
    }
    funlockfile(lines->file);
    if (c == EOF && ferror(lines->file)) {
        error_set(err, ERROR_IO, "could not read \"%s\": %s", lines->name, strerror(errno));
        return LINES_FAILED;
    }
    if (c == EOF && lines->line.length == 0)
        return LINES_END;
    lines->number++;
    return LINES_LINE;
}

static void drop_byte_order_mark(struct lines *lines)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    struct buffer *line = &lines->line;

    if (lines->number != 1 || line->length < sizeof(mark)
        || memcmp(line->data, mark, sizeof(mark)) != 0)
        return;
    line->length -= sizeof(mark);
    memmove(line->data, line->data + sizeof(mark), line->length);
}

static bool is_blank(const struct buffer *line)
{
    for (size_t i = 0; i < line->length; i++) {
        if (line->data[i] != ' ' && line->data[i] != '\t')
            return false;
    }
    return true;
}

enum lines_outcome lines_next(struct lines *lines, struct error *err)
{
    for (;;) {
        if (stop_requested())
            return LINES_STOPPED;
        enum lines_outcome outcome = read_line(lines, err);
        if (outcome != LINES_LINE)
            return outcome;
        drop_byte_order_mark(lines);
        if (lines->line.length && lines->line.data[lines->line.length - 1] == '\r')
            lines->line.length--;
        if (lines->is_too_long || !is_blank(&lines->line))
            return LINES_LINE;
    }
}
