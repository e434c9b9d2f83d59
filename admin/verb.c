#include "admin/verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

json_t *admin_read_json(const char *text, struct error *err)
{
    json_error_t json_error;
    json_t *json = json_loads(text, JSON_DECODE_ANY, &json_error);

    if (!json)
        error_set(err, ERROR_DATA, "JSON from PostgreSQL cannot be read: %s", json_error.text);
    return json;
}

bool admin_print_json(const json_t *document, struct error *err)
{
    errno = 0;
    if (json_dumpf(document, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF)
        return true;
    return error_set(err, ERROR_IO, "could not write to standard output: %s",
                     errno ? strerror(errno) : "an earlier write failed");
}
