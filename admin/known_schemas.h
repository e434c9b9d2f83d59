#ifndef COOP_ADMIN_KNOWN_SCHEMAS_H
#define COOP_ADMIN_KNOWN_SCHEMAS_H

#include <libpq-fe.h>

#include "common/avro/schema.h"

/* Every writer schema that a consumer has met, as ingest.schema keeps its text. */

struct known_schema {
    struct schema *schema;
    int32_t id; /**< Its number in ingest.schema. */
};

struct known_schemas {
    struct known_schema *items; /**< In the order of their numbers. */
    size_t count;
};

/** Reads them all. Clear *out in any case. */
MUST_USE bool known_schemas_load(PGconn *connection, struct known_schemas *out, struct error *err);
void known_schemas_clear(struct known_schemas *schemas);

/**
 * The place of the first with that fingerprint, or SIZE_MAX. Others with it mean the same:
 * the consumer takes no other (docs/contract.md §3).
 */
size_t known_schemas_find(const struct known_schemas *schemas,
                          const uint8_t fingerprint[FINGERPRINT_BYTES]);

#endif
