#include "reports/table.h"

#include "common/base/buffer.h"
#include "reports/width.h"

/* A megabyte, which is what Kafka lets through, spelled out. */
enum { CELL_BYTES_MAX = 8 * 1024 * 1024 };

struct layout {
    const struct table *table;
    size_t widths[TABLE_COLUMNS_MAX];
    struct buffer text; /* Of one cell. */
};

static bool measure_cell(struct layout *layout, const char *text, size_t column)
{
    size_t width;

    buffer_clear(&layout->text);
    if (!width_append(&layout->text, text, &width))
        return false;
    if (width > layout->widths[column])
        layout->widths[column] = width;
    return true;
}

static const char *cell_text(const struct table *table, size_t row, size_t column)
{
    const char *text = table->cell(table->context, row, column);

    return text ? text : "-";
}

static bool measure(struct layout *layout)
{
    const struct table *table = layout->table;

    for (size_t column = 0; column < table->column_count; column++) {
        if (!measure_cell(layout, table->columns[column].heading, column))
            return false;
        for (size_t row = 0; row < table->row_count; row++) {
            if (!measure_cell(layout, cell_text(table, row, column), column))
                return false;
        }
    }
    return true;
}

static void repeat(FILE *out, char character, size_t times)
{
    while (times--)
        putc(character, out);
}

static bool print_cell(FILE *out, struct layout *layout, const char *text, size_t column)
{
    const struct table *table = layout->table;
    bool is_last = column + 1 == table->column_count;
    size_t width;

    buffer_clear(&layout->text);
    if (!width_append(&layout->text, text, &width))
        return false;
    size_t left = layout->widths[column] - width;
    if (table->columns[column].is_number)
        repeat(out, ' ', left);
    fwrite(layout->text.data, 1, layout->text.length, out);
    if (!table->columns[column].is_number && !is_last)
        repeat(out, ' ', left);
    fputs(is_last ? "\n" : " | ", out);
    return true;
}

static bool print_headings(FILE *out, struct layout *layout)
{
    const struct table *table = layout->table;

    for (size_t column = 0; column < table->column_count; column++) {
        if (!print_cell(out, layout, table->columns[column].heading, column))
            return false;
    }
    for (size_t column = 0; column < table->column_count; column++) {
        repeat(out, '-', layout->widths[column]);
        fputs(column + 1 < table->column_count ? "-+-" : "\n", out);
    }
    return true;
}

static bool print_rows(FILE *out, struct layout *layout)
{
    const struct table *table = layout->table;

    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            if (!print_cell(out, layout, cell_text(table, row, column), column))
                return false;
        }
    }
    return true;
}

bool table_print(FILE *out, const struct table *table, struct error *err)
{
    struct layout layout = {.table = table};

    assert(table->column_count <= TABLE_COLUMNS_MAX);
    buffer_init(&layout.text, CELL_BYTES_MAX);
    bool ok = measure(&layout) && print_headings(out, &layout) && print_rows(out, &layout);
    buffer_free(&layout.text);
    return ok
           || error_set(err, ERROR_DATA,
                        "a cell has more than %d bytes, too many for a table: use --json or --csv",
                        CELL_BYTES_MAX);
}
