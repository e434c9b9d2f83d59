#include "admin/database.h"

#include <string.h>

#include "common/postgres/connection.h"

enum { OLDEST_SERVER = 150000 };

PGconn *database_open(const char *conninfo, struct error *err)
{
    PGconn *connection = connection_open(conninfo, "coop-admin", err);

    if (!connection)
        return NULL;
    const char *encoding = PQparameterStatus(connection, "server_encoding");
    if (PQserverVersion(connection) < OLDEST_SERVER)
        error_set(err, ERROR_CONFIGURATION, "PostgreSQL 15 or newer is needed, this is %d",
                  PQserverVersion(connection) / 10000);
    else if (!encoding || strcmp(encoding, "UTF8") != 0)
        error_set(err, ERROR_CONFIGURATION,
                  "the database \"%s\" has encoding %s: make one with encoding UTF8",
                  PQdb(connection), encoding ? encoding : "unknown");
    else
        return connection;
    PQfinish(connection);
    return NULL;
}

bool database_run(PGconn *connection, const char *sql, struct error *err)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

    if (!ok)
        result_error(connection, result, err);
    PQclear(result);
    return ok;
}

PGresult *database_ask(PGconn *connection, const char *sql, int count,
                       const char *const *parameters, struct error *err)
{
    PGresult *result = PQexecParams(connection, sql, count, NULL, parameters, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return result;
    result_error(connection, result, err);
    PQclear(result);
    return NULL;
}
