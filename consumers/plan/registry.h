#ifndef COOP_CONSUMERS_PLAN_REGISTRY_H
#define COOP_CONSUMERS_PLAN_REGISTRY_H

#include <libpq-fe.h>

#include "common/avro/schema.h"

/* What the consumer tells the database at its start, and asks of it; waits for answers. */

/** ERROR_CONFIGURATION for a server before 15, another encoding, or missing migrations. */
MUST_USE bool registry_check_server(PGconn *connection, struct error *err);

/**
 * Enters a writer schema and gives its number. Refuses one that has the fingerprint of a
 * schema met before but other logical types or defaults.
 */
MUST_USE bool registry_enter_schema(PGconn *connection, const struct schema *schema,
                                    int32_t *schema_id, struct error *err);

/** Enters a topic; *record_name (the caller owns it) is NULL where any record is welcome. */
MUST_USE bool registry_enter_stream(PGconn *connection, const char *topic, const char *table,
                                    char **record_name, struct error *err);

#endif
