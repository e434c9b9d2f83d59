#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/plan_steps.h"
#include "common/avro/scalar.h"
#include "common/base/memory.h"

struct compiler {
    struct plan *plan;
    const struct plan_column *columns;
    size_t column_count;
    struct error *err;
};

static const size_t NO_COLUMN = SIZE_MAX;

static bool compile_fields(struct compiler *c, const struct schema_node *record,
                           const char *prefix);

static size_t find_column(const struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->column_count; i++) {
        if (strcmp(c->columns[i].name, name) == 0)
            return i;
    }
    return NO_COLUMN;
}

/* Is there a column for anything inside a record of that name? */
static bool has_columns_below(const struct compiler *c, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < c->column_count; i++) {
        if (strncmp(c->columns[i].name, name, length) == 0 && c->columns[i].name[length] == '_')
            return true;
    }
    return false;
}

/* The plan keeps every name, since steps are spoken of in messages. */
static const char *join_name(struct compiler *c, const char *prefix, const char *name)
{
    struct plan *plan = c->plan;
    size_t size = strlen(prefix) + strlen(name) + 2;
    char *joined = memory_new(size, 1);

    snprintf(joined, size, "%s%s%s", prefix, prefix[0] ? "_" : "", name);
    plan->names = memory_resize(plan->names, plan->name_count + 1, sizeof(*plan->names));
    plan->names[plan->name_count++] = joined;
    return joined;
}

/* Returns the place of the new step. */
static size_t add_step(struct compiler *c, struct step step)
{
    struct plan *plan = c->plan;

    if (plan->step_count == plan->step_capacity) {
        plan->step_capacity = plan->step_capacity ? plan->step_capacity * 2 : 64;
        plan->steps = memory_resize(plan->steps, plan->step_capacity, sizeof(*plan->steps));
    }
    plan->steps[plan->step_count] = step;
    return plan->step_count++;
}

static bool refuse(struct compiler *c, const char *field, const struct plan_column *column)
{
    return error_set(c->err, ERROR_CONFIGURATION,
                     "field \"%s\" does not fit column \"%s\" of type %s", field, column->name,
                     column->type_name);
}

static bool compile_scalar(struct compiler *c, const struct schema_node *node, const char *field,
                           size_t place)
{
    const struct plan_column *column = &c->columns[place];
    struct step step = {.op = plan_fit(node, column),
                        .column = place,
                        .into = column,
                        .node = node,
                        .field = field};

    if (step.op == STEP_SKIP || column->is_array)
        return refuse(c, field, column);
    add_step(c, step);
    return true;
}

/* Items may be null: {NULL} is not {}. */
static bool compile_array(struct compiler *c, const struct schema_node *node, const char *field,
                          size_t place)
{
    const struct plan_column *column = &c->columns[place];
    size_t null_branch;
    const struct schema_node *item = schema_nullable(node->items, &null_branch);
    enum step_op op = STEP_SKIP;

    if (!item)
        item = node->items;
    if (scalar_is(item))
        op = plan_fit(item, column);
    if (op == STEP_SKIP || !column->is_array)
        return refuse(c, field, column);
    add_step(c, (struct step){.op = STEP_ARRAY,
                              .item_op = op,
                              .column = place,
                              .into = column,
                              .node = node->items,
                              .field = field});
    return true;
}

/* A value that is there, into the column of its own name. */
static bool compile_value(struct compiler *c, const struct schema_node *node, const char *field,
                          size_t place)
{
    const struct plan_column *column = &c->columns[place];

    if (column->type == COLUMN_JSONB && !column->is_array) {
        add_step(c, (struct step){.op = STEP_JSON, .column = place, .node = node, .field = field});
        return true;
    }
    if (node->kind == SCHEMA_ARRAY)
        return compile_array(c, node, field, place);
    if (scalar_is(node))
        return compile_scalar(c, node, field, place);
    return refuse(c, field, column);
}

/* One field: into its column, or its fields into theirs, or nowhere. */
static bool compile_present(struct compiler *c, const struct schema_node *node, const char *field)
{
    size_t place = find_column(c, field);

    if (place != NO_COLUMN) {
        if (c->plan->blank[place].kind != CELL_DEFAULT)
            return error_set(c->err, ERROR_CONFIGURATION, "two fields meet in column \"%s\"",
                             field);
        c->plan->blank[place].kind = CELL_NULL;
        return compile_value(c, node, field, place);
    }
    if (node->kind == SCHEMA_RECORD && has_columns_below(c, field))
        return compile_fields(c, node, field);
    add_step(c, (struct step){.op = STEP_SKIP, .node = node, .field = field});
    return true;
}

static bool compile_field(struct compiler *c, const struct schema_node *type, const char *field)
{
    size_t null_branch;
    const struct schema_node *value = schema_nullable(type, &null_branch);

    if (value) {
        size_t optional = add_step(
            c, (struct step){
                   .op = STEP_OPTIONAL, .node = type, .field = field, .null_branch = null_branch});

        if (!compile_present(c, value, field))
            return false;
        c->plan->steps[optional].next = c->plan->step_count;
        return true;
    }
    if (type->kind == SCHEMA_UNION && type->branch_count == 1) {
        add_step(c, (struct step){.op = STEP_BRANCH, .field = field});
        return compile_field(c, type->branches[0], field);
    }
    return compile_present(c, type, field);
}

static bool compile_fields(struct compiler *c, const struct schema_node *record, const char *prefix)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const char *name = join_name(c, prefix, record->fields[i].name);

        if (!compile_field(c, record->fields[i].type, name))
            return false;
    }
    return true;
}

static bool check_required(const struct compiler *c, const struct schema *schema)
{
    for (size_t i = 0; i < c->column_count; i++) {
        if (c->columns[i].is_required && c->plan->blank[i].kind == CELL_DEFAULT)
            return error_set(c->err, ERROR_CONFIGURATION,
                             "column \"%s\" is NOT NULL without a default, and record %s has no "
                             "field for it",
                             c->columns[i].name, schema->root->name);
    }
    return true;
}

struct plan *plan_compile(const struct schema *schema, const struct plan_column *columns,
                          size_t column_count, struct error *err)
{
    struct plan *plan = memory_new(1, sizeof(*plan));
    struct compiler compiler = {
        .plan = plan, .columns = columns, .column_count = column_count, .err = err};

    plan->blank = memory_new(column_count, sizeof(*plan->blank));
    plan->column_count = column_count;
    for (size_t i = 0; i < column_count; i++)
        plan->blank[i].kind = CELL_DEFAULT;
    if (schema->root->kind != SCHEMA_RECORD) {
        error_set(err, ERROR_CONFIGURATION, "the schema is no record");
        goto failed;
    }
    if (compile_fields(&compiler, schema->root, "") && check_required(&compiler, schema))
        return plan;
failed:
    plan_free(plan);
    return NULL;
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (size_t i = 0; i < plan->name_count; i++)
        free(plan->names[i]);
    free(plan->names);
    free(plan->steps);
    free(plan->blank);
    free(plan);
}

bool plan_fills(const struct plan *plan, size_t column)
{
    return plan->blank[column].kind != CELL_DEFAULT;
}

size_t plan_overlap(const struct schema *schema, const struct plan_column *columns,
                    size_t column_count)
{
    struct compiler compiler = {.columns = columns, .column_count = column_count};
    size_t count = 0;

    for (size_t i = 0; i < schema->root->field_count; i++) {
        const char *name = schema->root->fields[i].name;

        count += find_column(&compiler, name) != NO_COLUMN || has_columns_below(&compiler, name);
    }
    return count;
}
