#ifndef COOP_AVRO_FRAME_H
#define COOP_AVRO_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "common/avro/schema.h"

/*
 * How a value in Kafka begins (docs/contract.md §3): Avro's single-object encoding, C3 01 and
 * the fingerprint, or a schema registry's, 00 and a big-endian id.
 */

enum frame_kind { FRAME_NONE, FRAME_SINGLE_OBJECT, FRAME_REGISTRY };

enum { FRAME_SINGLE_OBJECT_BYTES = 2 + FINGERPRINT_BYTES, FRAME_REGISTRY_BYTES = 5 };

struct frame {
    enum frame_kind kind;
    uint8_t fingerprint[FINGERPRINT_BYTES]; /**< FRAME_SINGLE_OBJECT. */
    uint32_t registry_id;                   /**< FRAME_REGISTRY. */
    const uint8_t *body;                    /**< Borrowed from the value. */
    size_t body_length;
};

/** Takes the frame off. FRAME_NONE: not framed, also where the head is cut off. */
struct frame frame_read(const void *value, size_t length);

/** Writes the head of the single-object encoding. */
void frame_write_head(const uint8_t fingerprint[FINGERPRINT_BYTES],
                      uint8_t out[FRAME_SINGLE_OBJECT_BYTES]);

#endif
