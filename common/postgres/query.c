#include "common/postgres/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/postgres/connection.h"

enum { OLDEST_SERVER = 150000 };

bool query_check_server(PGconn *connection, struct error *err)
{
    int version = PQserverVersion(connection);
    const char *encoding = PQparameterStatus(connection, "server_encoding");

    if (version < OLDEST_SERVER)
        return error_set(err, ERROR_CONFIGURATION, "PostgreSQL 15 or newer is needed, this is %d",
                         version / 10000);
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return error_set(err, ERROR_CONFIGURATION,
                         "the database \"%s\" has encoding %s: make one with encoding UTF8",
                         PQdb(connection), encoding ? encoding : "unknown");
    return true;
}

static bool has_succeeded(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* A name of ours that the database does not know: it is older than this program, or empty. */
static void tell_unprepared(struct error *err)
{
    static const char *const unknown[] = {"42P01", "42703", "42883", "3F000"};
    size_t length = strlen(err->message);

    for (size_t i = 0; i < ARRAY_LENGTH(unknown); i++) {
        if (strcmp(err->sqlstate, unknown[i]) == 0)
            snprintf(err->message + length, sizeof(err->message) - length,
                     "; the database is not prepared for this version: run coop-admin migrate");
    }
}

bool query_run(PGconn *connection, const char *sql, struct error *err)
{
    PGresult *result = PQexec(connection, sql);
    bool ok = has_succeeded(result) || result_error(connection, result, err);

    PQclear(result);
    return ok;
}

PGresult *query_ask(PGconn *connection, const char *sql, int count, const char *const *parameters,
                    struct error *err)
{
    PGresult *result = PQexecParams(connection, sql, count, NULL, parameters, NULL, NULL, 0);

    if (has_succeeded(result))
        return result;
    result_error(connection, result, err);
    tell_unprepared(err);
    PQclear(result);
    return NULL;
}

int64_t query_number(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}
