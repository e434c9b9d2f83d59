#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/migrations.h"
#include "admin/verb.h"
#include "common/base/text.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)

/* Any number will do, as long as nobody else on the server uses it. */
#define LOCK_SQL "select pg_advisory_lock(4850270862)"

static const char DEADLOCK[] = "40P01";

enum { CHECKSUM_TEXT_BYTES = 2 + 2 * SHA256_BYTES + 1, TRIES = 5 };

static void checksum_text(const struct sql_file *file, char out[CHECKSUM_TEXT_BYTES])
{
    out[0] = '\\';
    out[1] = 'x';
    hex_format(file->sha256, SHA256_BYTES, out + 2);
}

/* The line of the file that PostgreSQL stumbled over: it counts characters, from 1. */
static int line_of(const char *text, const char *position)
{
    long characters = position ? strtol(position, NULL, 10) : 0;
    int line = 1;

    for (const char *c = text; *c && characters > 1; c++) {
        if (((unsigned char)*c & 0xc0) != 0x80)
            characters--;
        if (*c == '\n')
            line++;
    }
    return line;
}

/* A file is one message, and within a transaction all or nothing. */
static bool run_file(PGconn *connection, const struct sql_file *file, struct error *err)
{
    PGresult *result = PQexec(connection, file->text);
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!ok) {
        result_error(connection, result, err);
        error_context(err, "%s:%d", file->name,
                      line_of(file->text, PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)));
    }
    PQclear(result);
    return ok;
}

static bool record(PGconn *connection, const struct sql_file *file, const char *kind,
                   struct error *err)
{
    char checksum[CHECKSUM_TEXT_BYTES];
    const char *const parameters[] = {file->name, kind, checksum};

    checksum_text(file, checksum);
    PGresult *result = query_ask(connection,
                                 "insert into ingest.migration (name, kind, sha256) "
                                 "values ($1, $2, $3) on conflict (name) do update "
                                 "set sha256 = excluded.sha256, applied_at = now()",
                                 3, parameters, err);
    PQclear(result);
    return result != NULL;
}

/* The checksum that the database has of a file; NULL where it has not taken it in. */
static const char *recorded_checksum(const PGresult *recorded, const char *name)
{
    for (int row = 0; row < PQntuples(recorded); row++) {
        if (strcmp(PQgetvalue(recorded, row, 0), name) == 0)
            return PQgetvalue(recorded, row, 2);
    }
    return NULL;
}

static bool is_in_folder(const struct sql_folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->migration_count; i++) {
        if (strcmp(folder->migrations[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Released files never change, and a database is never taken back. */
static bool check_recorded(const PGresult *recorded, const struct sql_folder *folder,
                           struct error *err)
{
    for (int row = 0; row < PQntuples(recorded); row++) {
        const char *name = PQgetvalue(recorded, row, 0);

        if (strcmp(PQgetvalue(recorded, row, 1), "migration") == 0 && !is_in_folder(folder, name))
            return error_set(err, ERROR_CONFIGURATION,
                             "the database has \"%s\", which is not in the folder: it was made by "
                             "a newer version; use that version's coop-admin",
                             name);
    }
    for (size_t i = 0; i < folder->migration_count; i++) {
        const struct sql_file *file = &folder->migrations[i];
        const char *known = recorded_checksum(recorded, file->name);
        char checksum[CHECKSUM_TEXT_BYTES];

        checksum_text(file, checksum);
        if (known && strcmp(known, checksum) != 0)
            return error_set(err, ERROR_CONFIGURATION,
                             "\"%s\" has changed since it was applied: put the released file "
                             "back, and write the change as a new migration",
                             file->name);
    }
    return true;
}

static const char recorded_sql[] = "select name, kind, sha256::text from ingest.migration";

static bool is_pending(const PGresult *recorded, const struct sql_file *file)
{
    const char *known = recorded_checksum(recorded, file->name);
    char checksum[CHECKSUM_TEXT_BYTES];

    checksum_text(file, checksum);
    return !known || strcmp(known, checksum) != 0;
}

bool migrations_compare(PGconn *connection, const struct sql_folder *folder, size_t *pending,
                        struct error *err)
{
    PGresult *recorded = query_ask(connection, recorded_sql, 0, NULL, err);
    bool ok = recorded && check_recorded(recorded, folder, err);

    *pending = 0;
    for (size_t i = 0; ok && i < folder->migration_count; i++)
        *pending += is_pending(recorded, &folder->migrations[i]);
    for (size_t i = 0; ok && i < folder->view_count; i++)
        *pending += is_pending(recorded, &folder->views[i]);
    PQclear(recorded);
    return ok;
}

static bool apply(PGconn *connection, const struct sql_file *file, const char *kind,
                  struct error *err)
{
    if (!run_file(connection, file, err) || !record(connection, file, kind, err))
        return false;
    fprintf(stderr, "applied %s\n", file->name);
    return true;
}

static bool apply_migrations(PGconn *connection, const PGresult *recorded,
                             const struct sql_folder *folder, int *applied, struct error *err)
{
    for (size_t i = 0; i < folder->migration_count; i++) {
        const struct sql_file *file = &folder->migrations[i];

        if (recorded_checksum(recorded, file->name))
            continue;
        if (!apply(connection, file, "migration", err))
            return false;
        (*applied)++;
    }
    return true;
}

static bool have_views_changed(const PGresult *recorded, const struct sql_folder *folder)
{
    for (size_t i = 0; i < folder->view_count; i++) {
        if (is_pending(recorded, &folder->views[i]))
            return true;
    }
    return false;
}

/* Views rest on each other and on the tables: one that changes has them all made anew. */
static bool apply_views(PGconn *connection, const PGresult *recorded,
                        const struct sql_folder *folder, int *applied, struct error *err)
{
    if (*applied == 0 && !have_views_changed(recorded, folder))
        return true;
    for (size_t i = 0; i < folder->view_count; i++) {
        if (!apply(connection, &folder->views[i], "view", err))
            return false;
        (*applied)++;
    }
    return true;
}

/* No fold is under way meanwhile: it would wait for tables that we have, and we for its own. */
#define BEGIN_SQL "begin; select pg_advisory_xact_lock(hashtext('state.fold'))"

static bool apply_all(PGconn *connection, const PGresult *recorded, const struct sql_folder *folder,
                      int *applied, struct error *err)
{
    *applied = 0;
    return query_run(connection, BEGIN_SQL, err)
           && apply_migrations(connection, recorded, folder, applied, err)
           && apply_views(connection, recorded, folder, applied, err)
           && query_run(connection, "commit", err);
}

/* In one transaction: whoever reads or folds meanwhile has the old version, and then the new one.
 * A reader of several views may still cross our way; one of the two is then sent back. */
static bool migrate(PGconn *connection, const struct sql_folder *folder, int *applied,
                    struct error *err)
{
    if (!query_run(connection, LOCK_SQL, err) || !run_file(connection, &folder->roles, err)
        || !query_run(connection, "set role coop_owner", err)
        || !run_file(connection, &folder->bookkeeping, err))
        return false;
    PGresult *recorded = query_ask(connection, recorded_sql, 0, NULL, err);
    bool ok = recorded && check_recorded(recorded, folder, err);
    if (ok) {
        ok = apply_all(connection, recorded, folder, applied, err);
        for (int again = 0; !ok && again < TRIES && strcmp(err->sqlstate, DEADLOCK) == 0; again++) {
            fprintf(stderr, "somebody was in the way (deadlock): once more\n");
            ok = query_run(connection, "rollback", err)
                 && apply_all(connection, recorded, folder, applied, err);
        }
        if (!ok)
            error_context(err, "nothing is changed");
    }
    PQclear(recorded);
    return ok;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    struct sql_folder folder = {0};
    PGconn *connection = NULL;
    int applied = 0;
    bool ok = false;

    (void)exit_code;
    if (!operands_are_none(operands, err))
        return false;
    if (!sql_folder_read(settings->sql, &folder, err))
        goto done;
    connection = admin_connect(settings->database, err);
    ok = connection && migrate(connection, &folder, &applied, err);
    if (ok)
        printf("%s: %d files applied\n", PQdb(connection), applied);
done:
    PQfinish(connection);
    sql_folder_clear(&folder);
    return ok;
}

static const struct option_row rows[] = {
    SQL_OPTION(AT(sql)),
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Database", admin_database_rows, 0},
    {"Migrations", rows, 0},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb migrate_verb = {
    .name = "migrate",
    .program = {.name = "coop-admin migrate",
                .usage = "[options]",
                .summary =
                    "brings the database to this version.\n"
                    "Safe to run twice and by several at once. Needs a superuser, or a role that\n"
                    "may create roles and owns the database, the first time.",
                .groups = groups},
    .run = run,
};
