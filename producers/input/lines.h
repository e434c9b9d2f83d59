#ifndef COOP_PRODUCERS_LINES_H
#define COOP_PRODUCERS_LINES_H

#include <stdio.h>

#include "common/base/buffer.h"
#include "common/base/error.h"

/* A file, or standard input, line by line; only one line is in memory. */
struct lines {
    const char *name; /**< For messages; borrowed. */
    FILE *file;
    bool is_standard_input;
    int64_t number; /**< Of the current line, from 1. */
    struct buffer line;
    bool is_too_long; /**< The current line was cut: no event is that long. */
};

enum { LINE_BYTES_MAX = 1024 * 1024 };

/** Opens a file; "-" is standard input. ERROR_NO_INPUT where that is not possible. */
MUST_USE bool lines_open(struct lines *lines, const char *name, struct error *err);
void lines_close(struct lines *lines);

enum lines_outcome { LINES_LINE, LINES_END, LINES_STOPPED, LINES_FAILED };

/**
 * Reads the next line that is not blank, without its end (LF or CR LF) and without a byte
 * order mark at the start of the file. A signal to stop ends it, also while it waits.
 */
enum lines_outcome lines_next(struct lines *lines, struct error *err);

#endif
