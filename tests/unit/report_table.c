#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/table.h"
#include "reports/width.h"

struct width_case {
    const char *name, *text, *shown;
    size_t columns;
};

static struct width_case width_cases[] = {
    {"a Latin letter takes one column", "abc", "abc", 3},
    {"a Chinese character takes two", "谈判中", "谈判中", 6},
    {"a full-width bracket takes two", "（无）", "（无）", 6},
    {"a combining mark takes none", "e\xcc\x81", "e\xcc\x81", 1},
    {"Urdu is put between marks that take none", "مدعو", "\xe2\x80\x8eمدعو\xe2\x80\x8e", 4},
    {"a line's end is spelled out", "a\nb", "a\\u000ab", 8},
    {"an escape is spelled out", "\x1b[2J", "\\u001b[2J", 9},
    {"a control character of two bytes is spelled out", "\xc2\x9b", "\\u009b", 6},
    {"what turns the line round is spelled out", "\xe2\x80\xae", "\\u202e", 6},
    {"a byte of no character is spelled out", "\xff", "\\u00ff", 6},
    {"nothing takes nothing", "", "", 0},
};

static void check_width(void **state)
{
    const struct width_case *row = *state;
    struct buffer out;
    size_t columns = 99;

    buffer_init(&out, 1000);
    assert_true(width_append(&out, row->text, &columns));
    assert_string_equal(buffer_text(&out), row->shown);
    assert_int_equal(columns, row->columns);
    buffer_free(&out);
}

static const char *cell(const void *context, size_t row, size_t column)
{
    const char *const *cells = context;

    return cells[row * 3 + column];
}

static char *printed(const struct table_column *columns, const char *const *cells, size_t rows)
{
    struct table table = {
        .columns = columns, .column_count = 3, .row_count = rows, .cell = cell, .context = cells};
    struct error err = {0};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_true(table_print(out, &table, &err));
    assert_int_equal(fclose(out), 0);
    return text;
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
    static const struct table_column columns[] = {
        {"stage", false}, {"firms", true}, {"note", false}};
    static const char *const cells[] = {"谈判中", "4000", "long note", "Invited", NULL,
                                        NULL,     "-",    "7",         ""};
    char *text = printed(columns, cells, 3);

    (void)state;
    assert_string_equal(text, "stage   | firms | note\n"
                              "--------+-------+----------\n"
                              "谈判中  |  4000 | long note\n"
                              "Invited |     - | -\n"
                              "-       |     7 | \n");
    free(text);
}

static void headings_widen_columns_too(void **state)
{
    static const struct table_column columns[] = {{"阶段", false}, {"机构数", true}, {"x", false}};
    static const char *const cells[] = {"a", "1", "y"};
    char *text = printed(columns, cells, 1);

    (void)state;
    assert_string_equal(text, "阶段 | 机构数 | x\n"
                              "-----+--------+--\n"
                              "a    |      1 | y\n");
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(width_cases) + 2] = {
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(headings_widen_columns_too),
    };
    struct error err = {0};

    for (size_t i = 0; i < ARRAY_LENGTH(width_cases); i++)
        tests[2 + i] = test_row(width_cases[i].name, check_width, &width_cases[i]);
    return width_open(&err) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
