#ifndef COOP_AVRO_PLAN_H
#define COOP_AVRO_PLAN_H

#include "common/avro/cell.h"
#include "common/avro/reason.h"
#include "common/avro/schema.h"
#include "common/base/buffer.h"
#include "common/base/error.h"

/*
 * A plan says how the bytes of one writer schema become the cells of one table: compiled
 * once, run for every message. Fields and columns meet by name, nested records joined by _;
 * fields without a column are checked and passed over, columns without a field keep their
 * default (docs/contract.md §4). Nothing of an event's type is known here.
 */

struct plan_column {
    const char *name;
    const char *type_name; /**< As PostgreSQL spells it, for messages. */
    enum column_type type; /**< Of an item where `is_array`. */
    bool is_array;
    int precision;    /**< COLUMN_NUMERIC: digits it holds; 0 for any number. */
    int scale;        /**< COLUMN_NUMERIC: decimals it holds; below 0, zeros before the point. */
    int length_max;   /**< COLUMN_VARCHAR: characters it holds; 0 for any number. */
    int rounds_to_us; /**< Times: it keeps only multiples of so many microseconds; 0 for all. */
    bool has_default; /**< Left out, it becomes something else than NULL. */
    bool is_required; /**< NOT NULL and without a default. */
};

struct plan;

/**
 * Both schema and columns must outlive the plan. A cell's place is its column's.
 *
 * @return NULL with ERROR_CONFIGURATION naming the field that does not fit its column, or
 *         the required column that no field fills.
 */
struct plan *plan_compile(const struct schema *schema, const struct plan_column *columns,
                          size_t column_count, struct error *err);

void plan_free(struct plan *plan);

/** Does a field of the schema fill that column? */
bool plan_fills(const struct plan *plan, size_t column);

/**
 * How many fields of the record have a column of their name, or columns below it? Tells which
 * schema a table is meant for where none fits. 0 for what is no record.
 */
size_t plan_overlap(const struct schema *schema, const struct plan_column *columns,
                    size_t column_count);

/** Where decoding goes, and where it stopped. One is reused for all messages. */
struct decoded {
    struct cell *cells; /**< One a column. */
    struct cell *items; /**< Items of array cells. */
    size_t item_count;
    size_t item_capacity;
    struct buffer scratch; /**< JSON text of jsonb cells. */
    enum reason reason;    /**< Why decoding stopped; REASON_NONE: the message is whole. */
    const char *field;     /**< The field it stopped in, by its column-like name. */
    size_t fault_offset;   /**< Bytes into the body. */
};

/** Always true. */
/** The caller owns what is in it: decoded_clear(). */
void decoded_init(struct decoded *decoded, size_t column_count);
void decoded_clear(struct decoded *decoded);

/**
 * Decodes one body. On a fault (false) the cells of the fields before it are set, and
 * reason, field and fault_offset say what and where. Cells point into body, schema and
 * `decoded` and are good until the next run.
 */
MUST_USE bool plan_run(const struct plan *plan, const uint8_t *body, size_t length,
                       struct decoded *decoded);

#endif
