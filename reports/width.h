#ifndef COOP_REPORTS_WIDTH_H
#define COOP_REPORTS_WIDTH_H

#include "common/base/buffer.h"
#include "common/base/error.h"

/* How much room a text takes on a terminal: a Chinese character two columns, a mark that is
 * written over its neighbour none. */

/**
 * Has this thread read text as UTF-8, whatever the user's locale is. Once, before the others.
 * ERROR_CONFIGURATION where the system has no locale C.UTF-8.
 */
MUST_USE bool width_open(struct error *err);

/**
 * Appends the text as a terminal may have it, and tells its width in *columns. Control
 * characters, and those that turn the direction of what follows, are spelled out: \u001b.
 * Text from right to left is put between marks, so that it does not change places with its
 * neighbours in the line. The text is UTF-8. False where `out` is full.
 */
MUST_USE bool width_append(struct buffer *out, const char *text, size_t *columns);

#endif
