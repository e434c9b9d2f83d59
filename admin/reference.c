#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/verb.h"
#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { SQL_BYTES_MAX = 1024 * 1024, PIECE_BYTES = 64 * 1024, PATH_BYTES = 4096 };

/* The header line: names of columns, quoted or not. */
static bool read_header(FILE *file, const char *path, char **line, struct error *err)
{
    size_t size = 0;

    errno = 0;
    if (getline(line, &size, file) == -1) {
        memory_check_errno();
        return error_set(err, ERROR_DATA, "%s:1: no header line with the names of the columns",
                         path);
    }
    (*line)[strcspn(*line, "\r\n")] = '\0';
    if (strspn(*line, "abcdefghijklmnopqrstuvwxyz0123456789_,") != strlen(*line) || !**line)
        return error_set(err, ERROR_DATA,
                         "%s:1: the first line must be the names of the columns, such as "
                         "org_id,name",
                         path);
    return true;
}

static bool send_rows(PGconn *connection, FILE *file, struct error *err)
{
    char piece[PIECE_BYTES];
    size_t length;

    while ((length = fread(piece, 1, sizeof(piece), file)) > 0) {
        if (PQputCopyData(connection, piece, (int)length) != 1)
            return result_error(connection, NULL, err);
    }
    if (PQputCopyEnd(connection, ferror(file) ? "could not read the file" : NULL) != 1)
        return result_error(connection, NULL, err);
    return true;
}

/* "COPY incoming, line 3, column rank": the line, counted without the header, or 0. */
static long line_in_context(const PGresult *result)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    const char *word = context ? strstr(context, "line ") : NULL;

    return word ? strtol(word + 5, NULL, 10) : 0;
}

static bool copy_rows(PGconn *connection, FILE *file, const char *path, const char *columns,
                      struct error *err)
{
    char sql[PATH_BYTES];

    snprintf(sql, sizeof(sql), "copy incoming (%s) from stdin (format csv)", columns);
    PGresult *result = PQexec(connection, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_IN;
    if (ok) {
        PQclear(result);
        ok = send_rows(connection, file, err);
        result = PQgetResult(connection);
        ok = ok && PQresultStatus(result) == PGRES_COMMAND_OK;
    }
    if (!ok) {
        long line = line_in_context(result);

        result_error(connection, result, err);
        error_context(err, "%s:%ld", path, line ? line + 1 : 1);
    }
    while (result) {
        PQclear(result);
        result = PQgetResult(connection);
    }
    return ok;
}

/* The statement that takes the rows over, made by the catalog: new rows in, known ones set. */
static bool take_over(PGconn *connection, const char *table, const char *columns, char *rows,
                      size_t rows_size, struct error *err)
{
    static const char writer[] =
        "with key as (select a.attname::text as name from pg_index as i"
        " join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)"
        " where i.indrelid = ('reference.' || $1)::regclass and i.indisprimary),"
        " given as (select name, place from unnest(string_to_array($2, ',')) with ordinality"
        " as g (name, place)) "
        "select format('insert into reference.%I (%s) select %s from incoming on conflict (%s) do "
        "%s',"
        " $1::text, string_agg(quote_ident(name), ', ' order by place),"
        " string_agg(quote_ident(name), ', ' order by place),"
        " (select string_agg(quote_ident(name), ', ') from key),"
        " coalesce('update set ' || string_agg(format('%I = excluded.%I', name, name), ', ')"
        " filter (where name not in (select name from key)), 'nothing')) from given";
    const char *const parameters[] = {table, columns};
    PGresult *statement = query_ask(connection, writer, 2, parameters, err);

    if (!statement)
        return false;
    PGresult *result = query_ask(connection, PQgetvalue(statement, 0, 0), 0, NULL, err);
    PQclear(statement);
    if (!result)
        return false;
    snprintf(rows, rows_size, "%s", PQcmdTuples(result));
    PQclear(result);
    return true;
}

static bool load_table(PGconn *connection, const char *folder, const char *table, struct error *err)
{
    char path[PATH_BYTES];
    char sql[512];
    char rows[32];
    char *columns = NULL;
    bool ok = false;

    snprintf(path, sizeof(path), "%s/%s.csv", folder, table);
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(err, ERROR_NO_INPUT, "could not open \"%s\": %s", path, strerror(errno));
    snprintf(sql, sizeof(sql),
             "drop table if exists pg_temp.incoming;"
             "create temporary table incoming (like reference.\"%s\" including defaults)",
             table);
    if (!read_header(file, path, &columns, err) || !query_run(connection, sql, err)
        || !copy_rows(connection, file, path, columns, err))
        goto done;
    ok = take_over(connection, table, columns, rows, sizeof(rows), err);
    if (ok)
        printf("reference.%s: %s rows\n", table, rows);
    else
        error_context(err, "%s", path);
done:
    free(columns);
    fclose(file);
    return ok;
}

/* Is there a file for a table that does not exist? Mistyped names must not vanish. */
static bool check_names(const char *folder, const PGresult *tables, struct error *err)
{
    DIR *directory = opendir(folder);
    bool ok = true;
    int known_files = 0;

    if (!directory)
        return error_set(err, ERROR_NO_INPUT, "could not read the folder \"%s\": %s", folder,
                         strerror(errno));
    for (struct dirent *entry = readdir(directory); ok && entry; entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        bool is_known = false;

        if (length < 5 || strcmp(entry->d_name + length - 4, ".csv") != 0)
            continue;
        for (int row = 0; row < PQntuples(tables); row++) {
            const char *table = PQgetvalue(tables, row, 0);

            is_known =
                is_known
                || (strlen(table) == length - 4 && strncmp(table, entry->d_name, length - 4) == 0);
        }
        known_files += is_known;
        if (!is_known)
            ok = error_set(err, ERROR_DATA, "\"%s/%s\": schema reference has no such table", folder,
                           entry->d_name);
    }
    closedir(directory);
    if (ok && known_files == 0)
        ok = error_set(err, ERROR_NO_INPUT, "no CSV file in \"%s\"", folder);
    return ok;
}

static bool exists(const char *folder, const char *table)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/%s.csv", folder, table);
    FILE *file = fopen(path, "r");
    if (file)
        fclose(file);
    return file != NULL;
}

/* A table that is referred to comes before the one that refers to it. */
static const char tables_sql[] =
    "select c.relname from pg_class as c where c.relnamespace = 'reference'::regnamespace"
    " and c.relkind = 'r' order by (select count(*) from pg_constraint as f"
    " where f.conrelid = c.oid and f.contype = 'f'), c.relname";

/* What the fold has taken from the lists: with others the state would be another. */
static PGresult *ask_rules(PGconn *connection, struct error *err)
{
    return query_ask(connection, "select state.rules()", 0, NULL, err);
}

static bool rebuild_if_changed(PGconn *connection, const PGresult *before, struct error *err)
{
    PGresult *after = ask_rules(connection, err);
    bool ok = after
              && (strcmp(PQgetvalue(before, 0, 0), PQgetvalue(after, 0, 0)) == 0
                  || rebuild_state(connection, err));

    PQclear(after);
    return ok;
}

static bool load(PGconn *connection, const char *folder, struct error *err)
{
    PGresult *tables = query_ask(connection, tables_sql, 0, NULL, err);
    PGresult *rules = NULL;
    bool ok = tables != NULL;

    if (ok && PQntuples(tables) == 0)
        ok = error_set(err, ERROR_CONFIGURATION,
                       "schema reference has no tables: run coop-admin migrate");
    ok = ok && check_names(folder, tables, err)
         && query_run(connection, "begin; set local role coop_owner", err)
         && (rules = ask_rules(connection, err));
    for (int row = 0; ok && row < PQntuples(tables); row++) {
        const char *table = PQgetvalue(tables, row, 0);

        if (exists(folder, table))
            ok = load_table(connection, folder, table, err);
    }
    ok = ok && rebuild_if_changed(connection, rules, err);
    PQclear(tables);
    PQclear(rules);
    return ok && query_run(connection, "commit", err);
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    (void)exit_code;
    if (operands->count != 1)
        return error_set(err, ERROR_USAGE, "expected one folder with CSV files; try --help");
    PGconn *connection = admin_connect(settings->database, err);
    bool ok = connection && load(connection, operands->items[0], err);
    PQfinish(connection);
    return ok;
}

static const struct option_group groups[] = {
    {"Database", admin_database_rows, 0},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb reference_verb = {
    .name = "reference",
    .program = {.name = "coop-admin reference",
                .usage = "[options] DIR",
                .summary =
                    "loads code lists, campaigns, indicators and targets.\n"
                    "DIR has a CSV file for each table of schema reference, its first line the\n"
                    "names of the columns. Known rows are set, new ones added, none removed.",
                .groups = groups},
    .run = run,
};
