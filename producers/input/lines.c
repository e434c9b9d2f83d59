#include "producers/input/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/stop.h"

enum { READ_BYTES = 64 * 1024 };

static bool is_standard_input(const char *name)
{
    return strcmp(name, "-") == 0;
}

bool lines_is_stream(const char *name)
{
    struct stat status;

    return is_standard_input(name)
           || (stat(name, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

bool lines_open(struct lines *lines, const char *name, struct error *err)
{
    struct stat status;

    *lines = (struct lines){.name = name, .descriptor = STDIN_FILENO, .wait_ms = -1};
    buffer_init(&lines->line, LINE_BYTES_MAX);
    buffer_init(&lines->input, READ_BYTES);
    if (is_standard_input(name)) {
        lines->name = "standard input";
        return true;
    }
    lines->descriptor = open(name, O_RDONLY | O_CLOEXEC);
    if (lines->descriptor < 0)
        return error_set(err, ERROR_NO_INPUT, "could not open \"%s\": %s", name, strerror(errno));
    if (fstat(lines->descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        lines_close(lines);
        return error_set(err, ERROR_NO_INPUT, "\"%s\" is a directory: name the files in it", name);
    }
    return true;
}

void lines_close(struct lines *lines)
{
    if (lines->descriptor > STDIN_FILENO)
        close(lines->descriptor);
    lines->descriptor = -1;
    buffer_free(&lines->line);
    buffer_free(&lines->input);
}

/*
 * A pipe may have nothing to tell for days: a signal must end the waiting, and the caller
 * has other things to do. poll(2) says of a file that it is ready.
 */
static enum lines_outcome read_more(struct lines *lines, struct error *err)
{
    struct pollfd descriptors[] = {{.fd = lines->descriptor, .events = POLLIN},
                                   {.fd = stop_descriptor(), .events = POLLIN}};

    lines->at = 0;
    buffer_clear(&lines->input);
    unsigned char *room = buffer_reserve(&lines->input, READ_BYTES);
    assert(room && "the limit leaves it");
    for (;;) {
        int ready = poll(descriptors, ARRAY_LENGTH(descriptors), lines->wait_ms);

        if (stop_requested())
            return LINES_STOPPED;
        if (ready == 0)
            return LINES_IDLE;
        ssize_t length = read(lines->descriptor, room, READ_BYTES);
        if (length > 0)
            lines->input.length = (size_t)length;
        if (length >= 0) {
            lines->is_at_end = length == 0;
            return length ? LINES_LINE : LINES_END;
        }
        if (errno == EBADF) {
            error_set(err, ERROR_NO_INPUT, "%s is closed: name a file, or send lines to it",
                      lines->name);
            return LINES_FAILED;
        }
        if (errno != EINTR && errno != EAGAIN) {
            error_set(err, ERROR_IO, "could not read \"%s\": %s", lines->name, strerror(errno));
            return LINES_FAILED;
        }
    }
}

/* Moves what was read, up to the end of the line. True where that was there. */
static bool take_part(struct lines *lines)
{
    const unsigned char *start = lines->input.data + lines->at;
    size_t left = lines->input.length - lines->at;
    const unsigned char *end = memchr(start, '\n', left);
    size_t length = end ? (size_t)(end - start) : left;
    size_t room = LINE_BYTES_MAX - lines->line.length;

    if (!buffer_append(&lines->line, start, length < room ? length : room) || length > room)
        lines->is_too_long = true;
    lines->at += length + (end != NULL);
    return end != NULL;
}

/* One physical line; bytes beyond the limit are read and thrown away. */
static enum lines_outcome read_line(struct lines *lines, struct error *err)
{
    if (!lines->is_unfinished) {
        buffer_clear(&lines->line);
        lines->is_too_long = false;
    }
    lines->is_unfinished = true;
    do {
        enum lines_outcome outcome = lines->at < lines->input.length ? LINES_LINE
                                     : lines->is_at_end              ? LINES_END
                                                                     : read_more(lines, err);

        if (outcome == LINES_END && lines->line.length)
            break;
        if (outcome != LINES_LINE)
            return outcome;
    } while (!take_part(lines));
    lines->is_unfinished = false;
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
