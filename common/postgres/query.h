#ifndef COOP_POSTGRES_QUERY_H
#define COOP_POSTGRES_QUERY_H

#include <libpq-fe.h>
#include <stdint.h>

#include "common/base/error.h"

/* Questions that wait for their answer: for start-up and for the operator's verbs. */

/** ERROR_CONFIGURATION for a server before 15 or a database in another encoding than UTF8. */
MUST_USE bool query_check_server(PGconn *connection, struct error *err);

/** Runs one or more statements without parameters; their rows are thrown away. */
MUST_USE bool query_run(PGconn *connection, const char *sql, struct error *err);

/**
 * Runs one statement with text parameters. The caller owns the result.
 *
 * @return NULL on failure; a name that is not in the database sends to coop-admin migrate.
 */
PGresult *query_ask(PGconn *connection, const char *sql, int count, const char *const *parameters,
                    struct error *err);

/** The whole number in a field of a result in text form; 0 for null. */
int64_t query_number(const PGresult *result, int row, int column);

#endif
