#ifndef COOP_PRODUCERS_TIMES_H
#define COOP_PRODUCERS_TIMES_H

#include <jansson.h>

#include "producers/input/fault.h"

/**
 * Reads the two clocks of an event (docs/domain.md §1.3): occurred_at, also as a period, whose
 * end is cut at a given recorded_at; recorded_at, which is occurred_at where it is left out
 * and must be given where `is_correction`.
 */
MUST_USE bool times_read(const json_t *event, bool is_correction, int64_t *occurred_us,
                         int64_t *recorded_us, struct fault *fault);

#endif
