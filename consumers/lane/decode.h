#ifndef COOP_CONSUMERS_LANE_DECODE_H
#define COOP_CONSUMERS_LANE_DECODE_H

#include "consumers/lane/batch.h"

/* From a message to a row of a batch, or to a reject: nothing else can become of it. */

struct decoder {
    const struct routes *routes; /**< Borrowed. */
    size_t value_bytes_max;      /**< A longer value is OVERSIZE. */
    struct decoded decoded;
};

void decoder_init(struct decoder *decoder, const struct routes *routes, size_t value_bytes_max);
void decoder_clear(struct decoder *decoder);

/**
 * True: the message is in the batch, which has taken it over. False: the batch holds rows of
 * another shape or has no room; nothing has changed.
 */
bool decoder_add(struct decoder *decoder, struct partition *partition,
                 const struct message *message, struct batch *batch);

#endif
