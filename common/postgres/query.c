#include "common/postgres/query.h"

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
    PQclear(result);
    return NULL;
}
