#ifndef COOP_ROWS_TABLE_H
#define COOP_ROWS_TABLE_H

#include <libpq-fe.h>

#include "common/avro/plan.h"
#include "common/base/buffer.h"

/*
 * A table that events go to, as its catalog describes it. Columns that say where a message
 * came from are filled by us where the table has them; all others meet the fields by name.
 */

enum origin {
    ORIGIN_ENTITY_KEY,
    ORIGIN_STREAM_ID,
    ORIGIN_KAFKA_PARTITION,
    ORIGIN_KAFKA_OFFSET,
    ORIGIN_PUBLISHED_AT,
    ORIGIN_SCHEMA_ID,
    ORIGIN_AVRO,
    ORIGIN_COUNT,
};

struct table {
    char *name;                  /**< schema.table, quoted as SQL wants it. */
    struct plan_column *columns; /**< Those that fields can fill. */
    size_t column_count;
    bool has_origin[ORIGIN_COUNT];
    bool has_event_id; /**< A unique index on event_id uuid alone: repeats are duplicates. */
    size_t event_id;   /**< Its place in `columns`, where has_event_id. */
    char *position_constraint; /**< The unique constraint on the Kafka position; "" for none. */
    char *rule_sql; /**< SQL: the reason why a row of the sieve breaks a CHECK, or NULL. */
};

/** The column's name of an origin. */
const char *origin_name(enum origin origin);

/** Do its rows say which message of Kafka they came from? */
bool table_has_position(const struct table *table);

/** Appends the name of a column in quotes, as SQL wants it. */
MUST_USE bool table_append_name(struct buffer *sql, const char *name);

/**
 * Describes a table; waits for the answers. The caller owns *out (table_free).
 *
 * @return NULL with ERROR_CONFIGURATION where the table is not there or has a column that
 *         cannot be what its name says.
 */
struct table *table_describe(PGconn *connection, const char *name, struct error *err);

void table_free(struct table *table);

#endif
