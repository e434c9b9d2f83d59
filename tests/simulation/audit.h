#ifndef COOP_TESTS_SIMULATION_AUDIT_H
#define COOP_TESTS_SIMULATION_AUDIT_H

#include "tests/simulation/postgres/server.h"

/* What must always be, held against what is: at every commit, and at the end. */

/** Whoever writes is the partition's owner, and what it writes is what its positions pass. */
void audit_write(const struct backend *backend);

/** Is everything stored that is in the logs, and every position at its end? */
bool audit_is_caught_up(const struct world *world);

/** What is not: for the words of a failure. */
void audit_tell_missing(const struct world *world, char *out, size_t size);

/** Every message is exactly once what it must be. */
void audit_end(struct world *world);

#endif
