#ifndef COOP_PRODUCERS_RUN_H
#define COOP_PRODUCERS_RUN_H

#include "producers/input/event.h"

/** The whole of a producer: options, input, publishing. Returns the exit code. */
int run_producer(const struct event_type *type, int argc, char **argv);

/** Appends a text field of a checked event to its Kafka key. False where that is too long. */
MUST_USE bool key_append_field(struct buffer *key, const json_t *record, const char *field);

#endif
