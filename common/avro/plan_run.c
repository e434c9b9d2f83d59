#include <stdlib.h>
#include <string.h>

#include "common/avro/decimal.h"
#include "common/avro/plan_steps.h"
#include "common/avro/reader.h"
#include "common/avro/render.h"
#include "common/avro/scalar.h"
#include "common/base/memory.h"

/* The JSON of a message cannot outgrow this: six bytes for one, and the names of its fields. */
enum { SCRATCH_MAX = 16 * 1024 * 1024 };

void decoded_init(struct decoded *decoded, size_t column_count)
{
    *decoded = (struct decoded){0};
    buffer_init(&decoded->scratch, SCRATCH_MAX);
    /* One at least, also where the table has nothing but origins. */
    decoded->cells = memory_new(column_count + 1, sizeof(*decoded->cells));
}

void decoded_clear(struct decoded *decoded)
{
    free(decoded->cells);
    free(decoded->items);
    buffer_free(&decoded->scratch);
    *decoded = (struct decoded){0};
}

static bool read_number(const struct cell *cell, struct decimal *out)
{
    uint8_t bytes[sizeof(uint64_t)];

    if (cell->kind == CELL_DECIMAL)
        return decimal_read(cell->as.decimal.bytes, cell->length, out);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)((uint64_t)cell->as.integer >> (8 * (sizeof(bytes) - 1 - i)));
    return decimal_read(bytes, sizeof(bytes), out);
}

/* PostgreSQL would round what the column cannot hold; we refuse it. */
static bool fits_numeric(const struct cell *cell, const struct plan_column *column)
{
    struct decimal decimal;
    int decimals = cell->kind == CELL_DECIMAL ? cell->as.decimal.scale : 0;

    if (!read_number(cell, &decimal))
        return false;
    int digits = (int)decimal.count;
    int surplus = decimals - column->scale;
    for (int i = 0; i < surplus && i < digits; i++) {
        if (decimal.digits[digits - 1 - i] != '0')
            return false;
    }
    return digits == 0 || digits - decimals <= column->precision - column->scale;
}

static bool fits_time(const struct cell *cell, const struct plan_column *column)
{
    return column->rounds_to_us == 0 || cell->as.integer % column->rounds_to_us == 0;
}

/* Little-endian: the highest bits of months and days. */
static bool fits_interval(const struct cell *cell)
{
    return cell->as.bytes[3] < 0x80 && cell->as.bytes[7] < 0x80;
}

/* Blanks at the end PostgreSQL would cut in silence. */
static bool fits_varchar(const struct cell *cell, const struct plan_column *column)
{
    size_t characters = 0;

    for (uint32_t i = 0; i < cell->length; i++)
        characters += (cell->as.bytes[i] & 0xc0) != 0x80;
    return characters <= (size_t)column->length_max;
}

static bool run_scalar(struct reader *reader, const struct step *step, enum step_op op,
                       const struct schema_node *node, struct cell *cell)
{
    if (!scalar_read(reader, node, cell))
        return false;
    switch (op) {
    case STEP_NUMERIC:
        return fits_numeric(cell, step->into) || reader_fail(reader, REASON_DECIMAL_OUT_OF_RANGE);
    case STEP_MICROS:
        if (cell->as.integer % 1000 != 0)
            return reader_fail(reader, REASON_TIME_OUT_OF_RANGE);
        cell->as.integer /= 1000;
        return fits_time(cell, step->into) || reader_fail(reader, REASON_TIME_OUT_OF_RANGE);
    case STEP_TIME:
        return fits_time(cell, step->into) || reader_fail(reader, REASON_TIME_OUT_OF_RANGE);
    case STEP_INTERVAL:
        return fits_interval(cell) || reader_fail(reader, REASON_TIME_OUT_OF_RANGE);
    case STEP_VARCHAR:
        return fits_varchar(cell, step->into) || reader_fail(reader, REASON_TOO_LONG);
    case STEP_REAL:
        cell->kind = CELL_REAL;
        cell->as.real = (double)cell->as.integer;
        return true;
    default:
        return true;
    }
}

static bool run_text(struct reader *reader, const struct schema_node *node, struct cell *cell)
{
    size_t length;

    if (node->kind != SCHEMA_STRING)
        return scalar_read(reader, node, cell);
    if (!reader_string(reader, &cell->as.bytes, &length))
        return false;
    cell->kind = CELL_BYTES;
    cell->length = (uint32_t)length;
    return true;
}

/* The scratch may move while it grows: the cell holds an offset until the run ends. */
static bool run_json(struct reader *reader, const struct step *step, struct decoded *decoded)
{
    struct cell *cell = &decoded->cells[step->column];
    size_t first = decoded->scratch.length;

    if (!render_value(reader, step->node, &decoded->scratch))
        return reader->reason != REASON_NONE ? false : reader_fail(reader, REASON_OVERSIZE);
    cell->length = (uint32_t)(decoded->scratch.length - first);
    cell->as.first = first;
    /* A union's null is the column's NULL; text that says so would stand in quotes. */
    bool is_null = cell->length == 4 && memcmp(decoded->scratch.data + first, "null", 4) == 0;
    cell->kind = is_null ? CELL_NULL : CELL_BYTES;
    return true;
}

static struct cell *add_item(struct decoded *decoded)
{
    if (decoded->item_count == decoded->item_capacity) {
        decoded->item_capacity = decoded->item_capacity ? decoded->item_capacity * 2 : 64;
        decoded->items =
            memory_resize(decoded->items, decoded->item_capacity, sizeof(*decoded->items));
    }
    return &decoded->items[decoded->item_count++];
}

static bool run_item(struct reader *reader, const struct step *step, struct cell *item)
{
    size_t null_branch;
    size_t index;
    const struct schema_node *value = schema_nullable(step->node, &null_branch);

    if (!value)
        return run_scalar(reader, step, step->item_op, step->node, item);
    if (!reader_index(reader, 2, REASON_UNION_OUT_OF_RANGE, &index))
        return false;
    if (index != null_branch)
        return run_scalar(reader, step, step->item_op, value, item);
    item->kind = CELL_NULL;
    return true;
}

static bool run_array(struct reader *reader, const struct step *step, struct decoded *decoded)
{
    struct cell *cell = &decoded->cells[step->column];
    struct reader_blocks blocks = {0};
    size_t first = decoded->item_count;

    while (reader_next_item(reader, &blocks)) {
        if (!run_item(reader, step, add_item(decoded)))
            return false;
    }
    if (reader->reason != REASON_NONE)
        return false;
    cell->kind = CELL_ARRAY;
    cell->length = (uint32_t)(decoded->item_count - first);
    cell->as.first = first;
    return true;
}

/* Runs one step and sets *next to the one after it. */
static bool run_step(struct reader *reader, const struct step *step, struct decoded *decoded,
                     size_t *next)
{
    struct cell *cell = &decoded->cells[step->column];
    size_t index;

    switch (step->op) {
    case STEP_TEXT:
        return run_text(reader, step->node, cell);
    case STEP_OPTIONAL:
        if (!reader_index(reader, 2, REASON_UNION_OUT_OF_RANGE, &index))
            return false;
        if (index == step->null_branch)
            *next = step->next;
        return true;
    case STEP_BRANCH:
        return reader_index(reader, 1, REASON_UNION_OUT_OF_RANGE, &index);
    case STEP_SKIP:
        return render_value(reader, step->node, NULL);
    case STEP_JSON:
        return run_json(reader, step, decoded);
    case STEP_ARRAY:
        return run_array(reader, step, decoded);
    default:
        return run_scalar(reader, step, step->op, step->node, cell);
    }
}

static void place_json(const struct plan *plan, struct decoded *decoded)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].op == STEP_JSON) {
            struct cell *cell = &decoded->cells[plan->steps[i].column];

            if (cell->kind == CELL_BYTES)
                cell->as.bytes = decoded->scratch.data + cell->as.first;
        }
    }
}

bool plan_run(const struct plan *plan, const uint8_t *body, size_t length, struct decoded *decoded)
{
    struct reader reader = {.start = body, .at = body, .end = body + length};
    const struct step *step = NULL;

    memcpy(decoded->cells, plan->blank, plan->column_count * sizeof(*plan->blank));
    decoded->item_count = 0;
    buffer_clear(&decoded->scratch);
    decoded->reason = REASON_NONE;
    for (size_t i = 0, next; i < plan->step_count; i = next) {
        step = &plan->steps[i];
        next = i + 1;
        if (!run_step(&reader, step, decoded, &next))
            goto failed;
    }
    if (reader.at != reader.end) {
        step = NULL;
        reader_fail(&reader, REASON_TRAILING_BYTES);
        goto failed;
    }
    place_json(plan, decoded);
    return true;

failed:
    decoded->reason = reader.reason;
    decoded->field = step ? step->field : "";
    decoded->fault_offset = (size_t)(reader.at - reader.start);
    return false;
}
