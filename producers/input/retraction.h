#ifndef COOP_PRODUCERS_RETRACTION_H
#define COOP_PRODUCERS_RETRACTION_H

#include <jansson.h>

#include "producers/input/event.h"

/**
 * Turns a line that was read as `event` into the one that retracts it: the same fields, so
 * that it gets the same key, and the moment of recording that the event itself has, so that
 * a repeat is the same bytes (docs/decisions/0003-retractions-repeat.md).
 *
 * @return false with a fault where the line is a RETRACT itself.
 */
MUST_USE bool retraction_make(json_t *line, const struct event *event, const char *reason,
                              struct fault *fault);

#endif
