#ifndef COOP_CLI_VALUE_H
#define COOP_CLI_VALUE_H

#include "common/cli/options.h"

/* One setting's value: from text into the struct. Used by the option reader only. */

/**
 * Sets the row's place in the struct from text; replaces what is there (a list grows).
 * The message names neither flag nor variable: the caller puts that before it.
 */
MUST_USE bool value_set(const struct option_row *row, void *target, const char *text,
                        struct error *err);

/** Frees what the row's place holds and zeroes it. */
void value_clear(const struct option_row *row, void *target);

#endif
