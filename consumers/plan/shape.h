#ifndef COOP_CONSUMERS_PLAN_SHAPE_H
#define COOP_CONSUMERS_PLAN_SHAPE_H

#include "common/avro/plan.h"
#include "common/rows/table.h"

/*
 * The columns that the rows of one writer schema fill in one table, and the statements
 * that go with them. Rows of one shape share a batch.
 */
struct shape {
    const struct table *table; /**< Borrowed. */
    size_t *columns;           /**< Places in table->columns, in the order of the row. */
    size_t column_count;       /**< The origins that the table has follow them. */
    char *copy_sql;            /**< COPY into the table. */
    char *prepare_sql;         /**< Makes the sieve's temporary tables, once a connection. */
    char *sort_sql;    /**< Empties the sieve, takes the rows, gives (place, reason) of those
                            that break a rule, the last first. */
    char *keep_sql;    /**< What passed the sieve goes into the table. */
    char *repeats_sql; /**< What was there before is noted; NULL: the table has no ids. */
};

/**
 * The caller owns the result: shape_free().
 *
 * @param is_filled  For each column of the table: does some writer schema fill it? One that
 *                   has no default is then always part of the row, so that schema versions
 *                   side by side share their batches.
 * @param number     Tells its temporary tables from those of others.
 */
struct shape *shape_new(const struct table *table, const struct plan *plan, const bool *is_filled,
                        int number);

void shape_free(struct shape *shape);

/** Same table, same columns. */
bool shape_equals(const struct shape *one, const struct shape *other);

#endif
