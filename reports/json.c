#include <stdio.h>

#include "common/base/buffer.h"
#include "common/postgres/query.h"
#include "reports/forms.h"
#include "reports/sections.h"

enum { SQL_BYTES_MAX = 64 * 1024 };

/* PostgreSQL makes the JSON, a row a line: numbers stay what they are, digit for digit. */
static PGresult *ask_rows(const struct session *session, const struct section *section,
                          struct error *err)
{
    struct buffer sql;
    PGresult *result = NULL;

    buffer_init(&sql, SQL_BYTES_MAX);
    const char *text =
        buffer_append_format(&sql, "select coalesce(json_agg(line), '[]') from (%s) as line",
                             section->sql)
            ? buffer_text(&sql)
            : NULL;
    if (text)
        result = query_ask(session->connection, text, 0, NULL, err);
    else
        error_set(err, ERROR_INTERNAL, "the query of section %s has more than %d bytes",
                  section->name, SQL_BYTES_MAX);
    buffer_free(&sql);
    return result;
}

bool json_write(const struct session *session, const struct report_settings *settings,
                struct error *err)
{
    const struct section *const *section = sections_of(settings);

    /* Dates need no escapes. */
    printf("{\"report_date\": \"%s\",\n", session->report_date);
    if (settings->known)
        printf(" \"known\": \"%s\",\n", settings->known);
    printf(" \"sections\": [");
    for (const char *comma = ""; *section; section++, comma = ",") {
        PGresult *rows = ask_rows(session, *section, err);

        if (!rows)
            return false;
        printf("%s\n{\"name\": \"%s\", \"rows\":\n%s}", comma, (*section)->name,
               PQgetvalue(rows, 0, 0));
        PQclear(rows);
    }
    printf("]}\n");
    return true;
}
