#ifndef COOP_AVRO_PLAN_STEPS_H
#define COOP_AVRO_PLAN_STEPS_H

#include "common/avro/plan.h"

/* The inside of a plan: what plan_compile.c writes and plan_run.c reads. */

enum step_op {
    STEP_SKIP,     /**< Check a value of any type and pass over it. */
    STEP_SCALAR,   /**< Into the column as it is. */
    STEP_TEXT,     /**< A string or an enum: by far the most frequent. */
    STEP_VARCHAR,  /**< The same into a column of limited length. */
    STEP_NUMERIC,  /**< A decimal or a whole number into a column of limited digits. */
    STEP_TIME,     /**< A time into a column that would round it. */
    STEP_MICROS,   /**< timestamp-nanos into a column of microseconds. */
    STEP_INTERVAL, /**< A duration: months and days have 31 bits there. */
    STEP_REAL,     /**< A whole number into a column of floats. */
    STEP_JSON,     /**< A value of any type into a jsonb column. */
    STEP_ARRAY,    /**< Scalars into an array column. */
    STEP_OPTIONAL, /**< An index; null passes over the next steps. */
    STEP_BRANCH,   /**< The index of a union with one branch. */
};

struct step {
    enum step_op op;
    enum step_op item_op;           /**< STEP_ARRAY: how an item is read. */
    size_t column;                  /**< Place of the cell. */
    const struct plan_column *into; /**< The column, where a value must fit into its limits. */
    const struct schema_node *node; /**< Type of the value; of an item for STEP_ARRAY. */
    const char *field;              /**< For messages. Points into the plan's names. */
    size_t null_branch;             /**< STEP_OPTIONAL. */
    size_t next;                    /**< STEP_OPTIONAL: the step after the value. */
};

struct plan {
    struct step *steps;
    size_t step_count;
    size_t step_capacity;
    char **names;
    size_t name_count;
    struct cell *blank; /**< What the cells are before a run: NULL, or the column's default. */
    size_t column_count;
};

/** How a scalar goes into the column, or an item into its array; STEP_SKIP: not at all. */
enum step_op plan_fit(const struct schema_node *node, const struct plan_column *column);

#endif
