#ifndef COOP_POSTGRES_CONNECTION_H
#define COOP_POSTGRES_CONNECTION_H

#include <libpq-fe.h>

#include "common/base/error.h"

/*
 * Connections that behave the same whatever PG* variables and role settings say: UTF-8,
 * read committed, UTC, a bound on every wait for the other side.
 */

enum { SQLSTATE_LENGTH = 5 };

/**
 * Begins a connection without waiting; go on with PQconnectPoll(). `application` shows in
 * pg_stat_activity. Never NULL; the caller owns the result, also where PQstatus() says it
 * is bad.
 */
PGconn *connection_begin(const char *conninfo, const char *application);

/** The statements that a connection needs before its first use, as one simple query. */
extern const char connection_settings_sql[];

/**
 * Connects and waits, at most connect_timeout of the conninfo, else 10 s. Statements then
 * have no time limit.
 *
 * @return NULL with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED or ERROR_CONFIGURATION and what
 *         to do about it.
 */
PGconn *connection_open(const char *conninfo, const char *application, struct error *err);

/** Why a connection could not be made: one line without the password, and the SQLSTATE where
 * the server gave one. Always false. */
bool connection_error(PGconn *connection, struct error *err);

/**
 * Why a statement failed: message and SQLSTATE, without row data unless the log level is
 * debug (docs/contract.md §1). Always false. `result` may be NULL: the connection is lost.
 */
bool result_error(PGconn *connection, const PGresult *result, struct error *err);

/** The SQLSTATE of a failed result, "" where there is none. Points into the result. */
const char *result_sqlstate(const PGresult *result);

/** Version of libpq, as it is linked now: 150018 for 15.18. */
int connection_library_version(void);

#endif
