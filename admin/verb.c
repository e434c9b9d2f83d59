#include "admin/verb.h"

#include "common/postgres/connection.h"
#include "common/postgres/query.h"

const struct option_row admin_database_rows[] = {
    DATABASE_OPTION(offsetof(struct admin_settings, database)),
    {.name = NULL},
};

bool operands_are_none(const struct operands *operands, struct error *err)
{
    return operands->count == 0
           || error_set(err, ERROR_USAGE, "unexpected word \"%s\"; try --help", operands->items[0]);
}

PGconn *admin_connect(const char *conninfo, struct error *err)
{
    PGconn *connection = connection_open(conninfo, "coop-admin", err);

    if (connection && query_check_server(connection, err))
        return connection;
    PQfinish(connection);
    return NULL;
}
