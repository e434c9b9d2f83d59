#ifndef COOP_AVRO_FINGERPRINT_H
#define COOP_AVRO_FINGERPRINT_H

#include "common/avro/schema.h"
#include "common/base/buffer.h"

/**
 * Appends the parsing canonical form of a schema (Avro 1.11 specification, "Parsing
 * Canonical Form for Schemas"); a named type is spelled out where it first occurs.
 */
MUST_USE bool fingerprint_canonical_form(const struct schema_node *root, struct buffer *out);

/** CRC-64-AVRO (the Rabin fingerprint) as it goes over the wire: little-endian. */
void fingerprint_crc64(const void *data, size_t length, uint8_t out[FINGERPRINT_BYTES]);

#endif
