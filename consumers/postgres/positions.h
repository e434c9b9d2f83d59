#ifndef COOP_CONSUMERS_POSITIONS_H
#define COOP_CONSUMERS_POSITIONS_H

#include "consumers/route.h"

/**
 * Have the partitions that are not ours reached their target_offset, as PostgreSQL has it?
 * Connects anew and waits for the answer; false also where there is none.
 */
bool positions_have_reached_targets(const char *conninfo, const struct routes *routes);

#endif
