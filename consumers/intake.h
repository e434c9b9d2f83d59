#ifndef COOP_CONSUMERS_INTAKE_H
#define COOP_CONSUMERS_INTAKE_H

#include "consumers/batch.h"
#include "consumers/route.h"

/* From a message to a row of a batch, or to a reject: nothing else can become of it. */

struct intake {
    const struct routes *routes; /**< Borrowed. */
    size_t value_bytes_max;      /**< A longer value is OVERSIZE. */
    struct decoded decoded;
};

MUST_USE bool intake_init(struct intake *intake, const struct routes *routes,
                          size_t value_bytes_max, struct error *err);
void intake_clear(struct intake *intake);

enum intake_outcome {
    INTAKE_TAKEN,      /**< It is in the batch, which has taken the message over. */
    INTAKE_OTHER_ROWS, /**< The batch holds rows of another shape, or is full: write it first. */
    INTAKE_FAILED,     /**< No memory. */
};

enum intake_outcome intake_take(struct intake *intake, struct partition *partition,
                                struct message *message, struct batch *batch, struct error *err);

#endif
