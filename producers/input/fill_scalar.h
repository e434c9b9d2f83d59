#ifndef COOP_PRODUCERS_FILL_SCALAR_H
#define COOP_PRODUCERS_FILL_SCALAR_H

#include "producers/input/fill.h"

/** Numbers, texts, enums, dates, instants, amounts, UUIDs. */
MUST_USE bool fill_scalar(struct filler *filler, const struct schema_node *node,
                          const struct schema_rule *rule, const json_t *json, avro_value_t *out);

/** The fault that avro-c has just found. Never want of memory, see event.c. Always false. */
bool fill_refused(struct filler *filler);

/** The type of a JSON value, as a message names it. */
const char *fill_type_name(const json_t *json);

#endif
