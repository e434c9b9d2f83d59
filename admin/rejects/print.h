#ifndef COOP_ADMIN_REJECTS_PRINT_H
#define COOP_ADMIN_REJECTS_PRINT_H

#include <stdbool.h>
#include <stddef.h>

/* Foreign bytes on the standard output of a person's terminal. */

/** Text with its control characters spelled out: no message moves the cursor. */
void print_text(const char *text);

/** As `hexdump -C` does it, equal lines left out too. */
void print_hex_dump(const void *data, size_t length);

#endif
