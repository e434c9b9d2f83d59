#include <stdio.h>
#include <string.h>

#include "common/postgres/query.h"
#include "reports/forms.h"
#include "reports/sections.h"
#include "reports/table.h"

/* What the cells of a section are made from. */
struct answer {
    const struct section *section;
    const PGresult *rows;
    const PGresult *labels;
};

static const char *value_of(const PGresult *rows, size_t row, const char *field)
{
    int number = field ? PQfnumber(rows, field) : -1;

    if (number < 0 || PQgetisnull(rows, (int)row, number))
        return NULL;
    return PQgetvalue(rows, (int)row, number);
}

/* A symbol that no list has is shown as it came. */
static const char *label_of(const PGresult *labels, const char *list, const char *symbol)
{
    for (int i = 0; i < PQntuples(labels); i++) {
        if (strcmp(PQgetvalue(labels, i, 0), list) == 0
            && strcmp(PQgetvalue(labels, i, 1), symbol) == 0)
            return PQgetvalue(labels, i, 2);
    }
    return symbol;
}

static const char *cell(const void *context, size_t row, size_t column)
{
    const struct answer *answer = context;
    const struct section_column *shown = &answer->section->columns[column];
    const char *value = value_of(answer->rows, row, shown->field);

    if (!value)
        value = value_of(answer->rows, row, shown->instead);
    return value && shown->list ? label_of(answer->labels, shown->list, value) : value;
}

static bool is_number(Oid type)
{
    enum { INT8 = 20, INT2 = 21, INT4 = 23, FLOAT4 = 700, FLOAT8 = 701, NUMERIC = 1700 };

    return type == INT8 || type == INT2 || type == INT4 || type == FLOAT4 || type == FLOAT8
           || type == NUMERIC;
}

static bool print_table(const struct answer *answer, int language, struct error *err)
{
    const struct section *section = answer->section;
    struct table_column columns[TABLE_COLUMNS_MAX];
    struct table table = {.columns = columns,
                          .row_count = (size_t)PQntuples(answer->rows),
                          .cell = cell,
                          .context = answer};

    for (; section->columns[table.column_count].field; table.column_count++) {
        const struct section_column *shown = &section->columns[table.column_count];

        assert(table.column_count < TABLE_COLUMNS_MAX);
        columns[table.column_count] = (struct table_column){
            .heading = shown->headings[language],
            .is_number = is_number(PQftype(answer->rows, PQfnumber(answer->rows, shown->field)))};
    }
    return table_print(stdout, &table, err);
}

static bool print_section(const struct session *session, const struct section *section,
                          const PGresult *labels, int language, struct error *err)
{
    PGresult *rows = query_ask(session->connection, section->sql, 0, NULL, err);
    struct answer answer = {.section = section, .rows = rows, .labels = labels};
    bool ok = rows != NULL;

    if (ok)
        printf("\n%s\n", section->titles[language]);
    if (ok && PQntuples(rows))
        ok = print_table(&answer, language, err);
    else if (ok)
        printf("%s\n", section_empty[language]);
    PQclear(rows);
    return ok;
}

static PGresult *ask_labels(const struct session *session, int language, struct error *err)
{
    char place[16];
    const char *const parameters[] = {place};

    snprintf(place, sizeof(place), "%d", language + 1);
    return query_ask(session->connection, section_labels_sql, 1, parameters, err);
}

bool text_write(const struct session *session, const struct report_settings *settings,
                struct error *err)
{
    const struct section *const *section = sections_of(settings);
    int language = settings->language;
    PGresult *labels = ask_labels(session, language, err);
    bool ok = labels != NULL;

    if (ok)
        printf("%s%s\n", section_report_date[language], session->report_date);
    if (ok && settings->known)
        printf("%s%s\n", section_known[language], settings->known);
    for (; ok && *section; section++)
        ok = print_section(session, *section, labels, language, err);
    PQclear(labels);
    return ok;
}
