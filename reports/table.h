#ifndef COOP_REPORTS_TABLE_H
#define COOP_REPORTS_TABLE_H

#include <stdio.h>

#include "common/base/error.h"

/*
 * A table for a terminal: a line of headings, a rule, the rows, every column as wide as its
 * widest cell. Numbers stand at the right of theirs. Knows neither databases nor reports.
 */

enum { TABLE_COLUMNS_MAX = 16 };

struct table_column {
    const char *heading;
    bool is_number;
};

struct table {
    const struct table_column *columns;
    size_t column_count; /**< At most TABLE_COLUMNS_MAX. */
    size_t row_count;
    /** UTF-8, valid until the next call; NULL where nothing is known, which is shown as -. */
    const char *(*cell)(const void *context, size_t row, size_t column);
    const void *context;
};

/** Needs width_open(). A failure to write is the stream's to remember; false, ERROR_DATA, for
 * a cell that is too long. */
MUST_USE bool table_print(FILE *out, const struct table *table, struct error *err);

#endif
