#include "common/avro/plan_steps.h"

/*
 * The table of docs/contract.md §4, "Avro → PostgreSQL": which scalar goes into which column. Where
 * the column could round, shift or cut a value, the step that checks it.
 */

static enum step_op fit_if(bool fits, enum step_op op)
{
    return fits ? op : STEP_SKIP;
}

/* A real has room for 24 bits of a whole number, a double for 53. */
static enum step_op fit_integer(const struct schema_node *node, const struct plan_column *column)
{
    switch (column->type) {
    case COLUMN_INTEGER:
        return fit_if(node->kind == SCHEMA_INT, STEP_SCALAR);
    case COLUMN_BIGINT:
        return STEP_SCALAR;
    case COLUMN_NUMERIC:
        return column->precision ? STEP_NUMERIC : STEP_SCALAR;
    case COLUMN_DOUBLE:
        return fit_if(node->kind == SCHEMA_INT, STEP_REAL);
    default:
        return STEP_SKIP;
    }
}

static enum step_op fit_time(const struct plan_column *column, enum column_type wanted)
{
    return fit_if(column->type == wanted, column->rounds_to_us ? STEP_TIME : STEP_SCALAR);
}

static enum step_op fit_nanos(const struct plan_column *column, enum column_type wanted)
{
    return column->type == COLUMN_BIGINT ? STEP_SCALAR
                                         : fit_if(column->type == wanted, STEP_MICROS);
}

static enum step_op fit_logical(const struct schema_node *node, const struct plan_column *column)
{
    switch (node->logical) {
    case LOGICAL_DECIMAL:
        return fit_if(column->type == COLUMN_NUMERIC,
                      column->precision ? STEP_NUMERIC : STEP_SCALAR);
    case LOGICAL_UUID:
        return fit_if(column->type == COLUMN_UUID, STEP_SCALAR);
    case LOGICAL_DATE:
        return fit_if(column->type == COLUMN_DATE, STEP_SCALAR);
    case LOGICAL_TIME_MILLIS:
    case LOGICAL_TIME_MICROS:
        return fit_time(column, COLUMN_TIME);
    case LOGICAL_TIMESTAMP_MILLIS:
    case LOGICAL_TIMESTAMP_MICROS:
        return fit_time(column, COLUMN_TIMESTAMPTZ);
    case LOGICAL_LOCAL_TIMESTAMP_MILLIS:
    case LOGICAL_LOCAL_TIMESTAMP_MICROS:
        return fit_time(column, COLUMN_TIMESTAMP);
    case LOGICAL_TIMESTAMP_NANOS:
        return fit_nanos(column, COLUMN_TIMESTAMPTZ);
    case LOGICAL_LOCAL_TIMESTAMP_NANOS:
        return fit_nanos(column, COLUMN_TIMESTAMP);
    case LOGICAL_DURATION:
        return fit_if(column->type == COLUMN_INTERVAL, STEP_INTERVAL);
    case LOGICAL_NONE:
        break;
    }
    return STEP_SKIP;
}

static enum step_op fit_text(const struct plan_column *column)
{
    if (column->type == COLUMN_VARCHAR && column->length_max)
        return STEP_VARCHAR;
    return fit_if(column->type == COLUMN_TEXT || column->type == COLUMN_VARCHAR, STEP_TEXT);
}

enum step_op plan_fit(const struct schema_node *node, const struct plan_column *column)
{
    if (node->logical != LOGICAL_NONE)
        return fit_logical(node, column);
    switch (node->kind) {
    case SCHEMA_BOOLEAN:
        return fit_if(column->type == COLUMN_BOOLEAN, STEP_SCALAR);
    case SCHEMA_INT:
    case SCHEMA_LONG:
        return fit_integer(node, column);
    case SCHEMA_FLOAT:
        return fit_if(column->type == COLUMN_REAL || column->type == COLUMN_DOUBLE, STEP_SCALAR);
    case SCHEMA_DOUBLE:
        return fit_if(column->type == COLUMN_DOUBLE, STEP_SCALAR);
    case SCHEMA_STRING:
    case SCHEMA_ENUM:
        return fit_text(column);
    case SCHEMA_BYTES:
    case SCHEMA_FIXED:
        return fit_if(column->type == COLUMN_BYTEA, STEP_SCALAR);
    default:
        return STEP_SKIP;
    }
}
