#ifndef COOP_PRODUCERS_LINES_H
#define COOP_PRODUCERS_LINES_H

#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/error.h"

/* A file, or standard input, line by line; only one line is in memory. */
struct lines {
    const char *name; /**< For messages; borrowed. */
    int descriptor;
    int64_t number; /**< Of the current line, from 1. */
    struct buffer line;
    bool is_too_long; /**< The current line was cut: no event is that long. */
    int wait_ms;      /**< How long lines_next() waits for input; -1, its first value: for ever. */
    struct buffer input; /**< What was read last; from `at` on it is not yet part of a line. */
    size_t at;
    bool is_unfinished; /**< `line` holds the beginning of a line. */
    bool is_at_end;
};

enum { LINE_BYTES_MAX = 1024 * 1024 };

/**
 * Can it be read only once? Standard input, a pipe, a terminal; not what cannot be read at
 * all. Opens nothing: that alone would end a pipe's writer.
 */
bool lines_is_stream(const char *name);

/** Opens a file; "-" is standard input. ERROR_NO_INPUT where that is not possible. */
MUST_USE bool lines_open(struct lines *lines, const char *name, struct error *err);
void lines_close(struct lines *lines);

enum lines_outcome { LINES_LINE, LINES_IDLE, LINES_END, LINES_STOPPED, LINES_FAILED };

/**
 * Reads the next line that is not blank, without its end (LF or CR LF) and without a byte
 * order mark at the start of the file. A signal to stop ends it, also while it waits; what
 * then stands of an unfinished line is no line. LINES_IDLE: nothing has come for `wait_ms`.
 */
enum lines_outcome lines_next(struct lines *lines, struct error *err);

#endif
