#ifndef COOP_ADMIN_DATABASE_H
#define COOP_ADMIN_DATABASE_H

#include <libpq-fe.h>

#include "common/base/error.h"

/* What the verbs have in common when they speak to PostgreSQL; everything waits. */

/** Connects; ERROR_CONFIGURATION for a server before 15 or an encoding other than UTF8. */
PGconn *database_open(const char *conninfo, struct error *err);

/** Runs one or more statements without parameters; their rows are thrown away. */
MUST_USE bool database_run(PGconn *connection, const char *sql, struct error *err);

/** Runs one statement with text parameters. NULL on failure; the caller owns the result. */
PGresult *database_ask(PGconn *connection, const char *sql, int count,
                       const char *const *parameters, struct error *err);

#endif
