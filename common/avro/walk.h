#ifndef COOP_AVRO_WALK_H
#define COOP_AVRO_WALK_H

#include "common/avro/reason.h"
#include "common/avro/schema.h"

/*
 * Goes through a body value by value, as far as it can be read: for a person who wants to
 * know what is in a message that was refused, and where it breaks.
 */

enum { WALK_PATH_BYTES = 512 };

/** Where a walk has ended. */
struct walk {
    enum reason reason; /**< REASON_NONE: the body was read whole. */
    size_t offset;      /**< Bytes into the body: where the faulty value begins, or near it. */
    /** recipient.country, parties[1].org.name, names["ur"]; cut where it is longer. */
    char path[WALK_PATH_BYTES]; /**< "" where no value is at fault, but what comes after all. */
};

/**
 * Told of each single value, in reading order, and of each null, empty array and empty map.
 * `json` is its JSON text as render_value() makes it. Both are good during the call.
 *
 * @return false to end the walk.
 */
typedef bool walk_visit(void *context, const char *path, const char *json);

/**
 * @return false on a fault, which *out then tells, and with REASON_NONE where `visit` or the
 *         memory ended it.
 */
MUST_USE bool walk_body(const struct schema_node *root, const uint8_t *body, size_t length,
                        walk_visit *visit, void *context, struct walk *out);

#endif
