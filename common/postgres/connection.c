#include "common/postgres/connection.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"

const char connection_settings_sql[] = "set default_transaction_isolation = 'read committed';"
                                       "set timezone = 'UTC';"
                                       "set datestyle = 'ISO, YMD';"
                                       "set intervalstyle = 'postgres';"
                                       "set bytea_output = 'hex';"
                                       "set client_min_messages = 'warning'";

/* What a server says unasked, such as that it ends the session, is no line of our log. */
static void take_notice(void *opaque, const char *message)
{
    (void)opaque;
    log_debug("PostgreSQL: %.*s", (int)strcspn(message, "\n"), message);
}

PGconn *connection_begin(const char *conninfo, const char *application)
{
    /* Later rows win; dbname is expanded, so what stands before it are our defaults. */
    const char *const names[] = {"connect_timeout",
                                 "keepalives_idle",
                                 "tcp_user_timeout",
                                 "dbname",
                                 "application_name",
                                 "client_encoding",
                                 NULL};
    const char *const values[] = {"10",        "30",   "60000", conninfo ? conninfo : "",
                                  application, "UTF8", NULL};
    PGconn *connection = PQconnectStartParams(names, values, 1);

    /* The verbose form has the SQLSTATE also where the server refuses the connection. */
    if (connection) {
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
        PQsetNoticeProcessor(connection, take_notice, NULL);
    }
    return connection;
}

/* "FATAL:  28P01: password authentication failed …": the five characters, or NULL. */
static const char *find_sqlstate(const char *message)
{
    for (const char *at = strstr(message, ":  "); at; at = strstr(at + 3, ":  ")) {
        const char *code = at + 3;
        size_t length = 0;

        while (isupper((unsigned char)code[length]) || isdigit((unsigned char)code[length]))
            length++;
        if (length == SQLSTATE_LENGTH && code[length] == ':')
            return code;
    }
    return NULL;
}

static enum error_kind kind_of(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        enum error_kind kind;
    } kinds[] = {
        {"28", ERROR_NOT_AUTHORISED}, {"42501", ERROR_NOT_AUTHORISED},
        {"3D", ERROR_CONFIGURATION},  {"42", ERROR_CONFIGURATION},
        {"3F", ERROR_CONFIGURATION},  {"0A", ERROR_CONFIGURATION},
        {"08", ERROR_UNAVAILABLE},    {"53", ERROR_UNAVAILABLE},
        {"57", ERROR_UNAVAILABLE},    {"40", ERROR_UNAVAILABLE},
        {"55", ERROR_UNAVAILABLE},    {"58", ERROR_UNAVAILABLE},
        {"25006", ERROR_UNAVAILABLE}, {"22", ERROR_DATA},
        {"23", ERROR_DATA},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (strncmp(sqlstate, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return kinds[i].kind;
    }
    return ERROR_INTERNAL;
}

/* The first line of libpq's text, without the file and function of the verbose form. */
static void copy_first_line(const char *text, char *out, size_t size)
{
    size_t length = strcspn(text, "\n");

    snprintf(out, size, "%.*s", (int)length, text);
}

bool connection_error(PGconn *connection, struct error *err)
{
    char line[512];
    const char *message = PQerrorMessage(connection);
    const char *sqlstate = find_sqlstate(message);
    enum error_kind kind = sqlstate ? kind_of(sqlstate) : ERROR_UNAVAILABLE;

    /* Before a connection is tried, libpq complains of the conninfo itself. */
    if (!sqlstate && PQsocket(connection) < 0 && !PQhost(connection))
        kind = ERROR_CONFIGURATION;
    copy_first_line(message, line, sizeof(line));
    return error_set(err, kind, "could not connect to PostgreSQL: %s", line);
}

const char *result_sqlstate(const PGresult *result)
{
    const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    return sqlstate ? sqlstate : "";
}

bool result_error(PGconn *connection, const PGresult *result, struct error *err)
{
    const char *sqlstate = result_sqlstate(result);
    const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char line[512];

    if (!primary) {
        copy_first_line(PQerrorMessage(connection), line, sizeof(line));
        return error_set(err, ERROR_UNAVAILABLE, "connection to PostgreSQL lost: %s", line);
    }
    copy_first_line(primary, line, sizeof(line));
    /* Class 22 quotes the value after a colon: invalid input syntax for type …: "…". */
    if (strncmp(sqlstate, "22", 2) == 0 && !log_wants(LOG_LEVEL_DEBUG))
        line[strcspn(line, ":\"")] = '\0';
    return error_set(err, kind_of(sqlstate), "PostgreSQL: %s (SQLSTATE %s)", line, sqlstate);
}

static bool wait_for(PGconn *connection, bool for_writing, int64_t deadline_ms)
{
    struct pollfd socket = {.fd = PQsocket(connection),
                            .events = (short)(for_writing ? POLLOUT : POLLIN)};
    int64_t left_ms = deadline_ms - clock_steady_ms();

    return left_ms > 0 && poll(&socket, 1, (int)left_ms) > 0;
}

PGconn *connection_open(const char *conninfo, const char *application, struct error *err)
{
    enum { WHOLE_WAIT_MS = 30000 };
    int64_t deadline_ms = clock_steady_ms() + WHOLE_WAIT_MS;
    PGconn *connection = connection_begin(conninfo, application);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (!connection) {
        error_no_memory(err);
        return NULL;
    }
    if (PQstatus(connection) == CONNECTION_BAD)
        status = PGRES_POLLING_FAILED;
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        if (!wait_for(connection, status == PGRES_POLLING_WRITING, deadline_ms)) {
            error_set(err, ERROR_UNAVAILABLE,
                      "could not connect to PostgreSQL: no answer within %d s",
                      WHOLE_WAIT_MS / 1000);
            goto failed;
        }
        status = PQconnectPoll(connection);
    }
    if (status == PGRES_POLLING_FAILED) {
        connection_error(connection, err);
        goto failed;
    }

    PGresult *result = PQexec(connection, connection_settings_sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        result_error(connection, result, err);
    PQclear(result);
    if (ok)
        return connection;
failed:
    PQfinish(connection);
    return NULL;
}
