#ifndef COOP_PRODUCERS_FILL_H
#define COOP_PRODUCERS_FILL_H

#include <avro.h>
#include <jansson.h>

#include "common/avro/schema.h"
#include "producers/input/fault.h"

/*
 * Walks a JSON value beside the schema, checks it, and fills an avro-c value of the same
 * schema: plain JSON without union wrappers, enums by symbol, dates and amounts as text
 * (docs/contract.md §2). A missing field takes the schema's default; an unknown one is a fault.
 */
struct filler {
    struct field_path path;
    struct fault *fault;
    /* Two instants of the envelope that depend on each other are read before; see times.h. */
    bool has_times;
    int64_t occurred_us;
    int64_t recorded_us;
};

/** Fills a record. The message of the first fault is in filler->fault. */
MUST_USE bool fill_record(struct filler *filler, const struct schema_node *record,
                          const json_t *json, avro_value_t *out);

/** Fills one value of any type that our schemas use; the rule is that of its field. */
MUST_USE bool fill_value(struct filler *filler, const struct schema_node *node,
                         const struct schema_rule *rule, const json_t *json, avro_value_t *out);

#endif
