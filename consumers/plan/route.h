#ifndef COOP_CONSUMERS_PLAN_ROUTE_H
#define COOP_CONSUMERS_PLAN_ROUTE_H

#include "common/avro/folder.h"
#include "common/avro/plan.h"
#include "common/cli/options.h"
#include "common/rows/table.h"
#include "consumers/plan/shape.h"

/* A topic and the table that its events go to, with a plan for every writer schema. */
struct route {
    size_t number;     /**< Place among the routes, and of the topic in the source. */
    const char *topic; /**< Borrowed. */
    char *table_name;
    struct table *table;
    char *record_name;     /**< Full name of the record that the topic carries; NULL: any. */
    struct plan **plans;   /**< One a known schema; NULL: WRONG_TYPE here. */
    char **misfits;        /**< Why a schema that is not another record's has no plan; else NULL. */
    struct shape **shapes; /**< One a plan; equal ones are the same. */
    size_t schema_count;
};

/** The routes, and the schemas they are planned for. */
struct routes {
    char **topics; /**< One a route; owned. */
    struct route *items;
    size_t count;
    struct schema_folder folder;
    int32_t *schema_ids; /**< Numbers in ingest.schema, one a schema. */
};

/**
 * Reads the schemas and the definitions TOPIC=SCHEMA.TABLE; asks nobody. Clear *out in any
 * case.
 */
MUST_USE bool routes_read(struct routes *out, const char *schemas_path,
                          const struct text_list *definitions, struct error *err);

/**
 * Describes the tables, enters schemas and streams in the database and plans every schema
 * for every table it is meant for. Waits for the answers.
 *
 * @return false with ERROR_CONFIGURATION where a schema, a table and the database do not
 *         fit together.
 */
MUST_USE bool routes_prepare(struct routes *routes, PGconn *connection, struct error *err);

void routes_clear(struct routes *routes);

/** Place of the schema with that fingerprint, or SIZE_MAX. */
size_t routes_find_schema(const struct routes *routes,
                          const uint8_t fingerprint[FINGERPRINT_BYTES]);

#endif
