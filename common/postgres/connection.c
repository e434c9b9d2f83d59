#include "common/postgres/connection.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/postgres/query.h"

const char connection_settings_sql[] = "set default_transaction_isolation = 'read committed';"
                                       "set timezone = 'UTC';"
                                       "set datestyle = 'ISO, YMD';"
                                       "set intervalstyle = 'postgres';"
                                       "set bytea_output = 'hex';"
                                       "set idle_session_timeout = 0;"
                                       "set client_min_messages = 'warning'";

/* Left alone, libpq prints notices on standard error, between our lines and not in their form. */
static void forward_notice(void *context, const PGresult *notice)
{
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    bool is_warning = severity && strcmp(severity, "WARNING") == 0;

    (void)context;
    /* 01000 is what RAISE in somebody's function says: it may hold row data. */
    if (message && is_warning && sqlstate && strcmp(sqlstate, "01000") != 0)
        log_warning("PostgreSQL: %s (SQLSTATE %s)", message, sqlstate);
    else if (message)
        log_debug("PostgreSQL: %s", message);
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

    if (!connection)
        memory_exhausted();
    /* The verbose form has the SQLSTATE also where the server refuses the connection. */
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(connection, forward_notice, NULL);
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

/* What helps against a failure to connect: the first row that fits decides. */
static const struct remedy {
    const char *words; /* Of libpq's message, or ":  SQLSTATE" as its verbose form has it. */
    enum error_kind kind;
    const char *advice;
} remedies[] = {
    {"no password supplied", ERROR_NOT_AUTHORISED,
     "give it by a passfile, PGPASSWORD or --database"},
    {":  28P01", ERROR_NOT_AUTHORISED, "mend the password or the user"},
    {":  28", ERROR_NOT_AUTHORISED,
     "is there such a role, may it log in, and does pg_hba.conf let it in from here?"},
    {":  42501", ERROR_NOT_AUTHORISED, "grant it to the role, or connect as another"},
    {":  42704", ERROR_CONFIGURATION, "mend options, in --database or PGOPTIONS"},
    {":  22023", ERROR_CONFIGURATION, "mend options, in --database or PGOPTIONS"},
    {":  3D000", ERROR_CONFIGURATION, "make it with createdb, or mend dbname"},
    {":  53300", ERROR_UNAVAILABLE, "raise max_connections, or end idle sessions"},
    {":  57P03", ERROR_UNAVAILABLE, "wait until it has started"},
    {"invalid response", ERROR_UNAVAILABLE, "is that the port of PostgreSQL?"},
    {"expected authentication request", ERROR_UNAVAILABLE, "is that the port of PostgreSQL?"},
    {"SSL", ERROR_CONFIGURATION, "mend sslmode, or set up TLS on the server"},
    {"certificate", ERROR_CONFIGURATION, "mend sslrootcert, sslcert or the server's"},
    {"connection to server", ERROR_UNAVAILABLE, "are host and port right, and is it running?"},
    {"could not translate host name", ERROR_UNAVAILABLE, "mend host, or the name service"},
    /* Before a connection is tried, libpq complains of the conninfo itself. */
    {"", ERROR_CONFIGURATION, "mend --database, or the PG* variables"},
};

static const struct remedy *find_remedy(const char *message)
{
    const struct remedy *remedy = remedies;

    while (!strstr(message, remedy->words))
        remedy++;
    return remedy;
}

/* libpq quotes the piece of a conninfo that it does not understand: it may be the password. */
static void hide_quoted(char *line, size_t size)
{
    char rest[512];
    char *first = strchr(line, '"');

    if (!first)
        return;
    snprintf(rest, sizeof(rest), "%s", strrchr(line, '"') + 1);
    snprintf(first, size - (size_t)(first - line), "(not shown)%s", rest);
}

bool connection_error(PGconn *connection, struct error *err)
{
    char line[512];
    const char *message = PQerrorMessage(connection);
    const char *sqlstate = find_sqlstate(message);
    const struct remedy *remedy = find_remedy(message);

    copy_first_line(message, line, sizeof(line));
    if (remedy->words[0] == '\0')
        hide_quoted(line, sizeof(line));
    error_set(err, sqlstate && remedy->words[0] != ':' ? kind_of(sqlstate) : remedy->kind,
              "could not connect to PostgreSQL: %s", line);
    if (sqlstate)
        snprintf(err->sqlstate, sizeof(err->sqlstate), "%.*s", SQLSTATE_LENGTH, sqlstate);
    return false;
}

/* The same, and what to do: for whoever does not try again by itself. */
static void connection_error_with_remedy(PGconn *connection, struct error *err)
{
    connection_error(connection, err);
    size_t length = strlen(err->message);
    snprintf(err->message + length, sizeof(err->message) - length, "; %s",
             find_remedy(PQerrorMessage(connection))->advice);
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
    error_set(err, kind_of(sqlstate), "PostgreSQL: %s (SQLSTATE %s)", line, sqlstate);
    snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", sqlstate);
    size_t length = strlen(err->message);
    if (strcmp(sqlstate, "42501") == 0)
        snprintf(err->message + length, sizeof(err->message) - length,
                 "; role \"%s\" lacks a right: grant it, or connect as another",
                 PQuser(connection));
    else if (strcmp(sqlstate, "25006") == 0)
        snprintf(err->message + length, sizeof(err->message) - length,
                 "; connect to the primary, or turn default_transaction_read_only off");
    return false;
}

static bool wait_for(PGconn *connection, bool for_writing, int64_t deadline_ms)
{
    struct pollfd socket = {.fd = PQsocket(connection),
                            .events = (short)(for_writing ? POLLOUT : POLLIN)};
    int64_t left_ms = deadline_ms - clock_steady_ms();

    return left_ms > 0 && poll(&socket, 1, (int)left_ms) > 0;
}

/* libpq leaves it to whoever connects without waiting; 0 means for ever, which nobody wants. */
static int connect_timeout_s(PGconn *connection)
{
    PQconninfoOption *options = PQconninfo(connection);
    long seconds = 0;

    if (!options)
        memory_exhausted();
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp(option->keyword, "connect_timeout") == 0 && option->val)
            seconds = strtol(option->val, NULL, 10);
    }
    PQconninfoFree(options);
    return seconds > 0 && seconds < 3600 ? (int)seconds : 10;
}

/*
 * Who waits here has a person or a supervisor beside it: a role's own limits do not apply.
 * A limit of a millisecond may end the very statement that lifts it.
 */
static bool lift_limits(PGconn *connection, struct error *err)
{
    enum { TRIES = 100 };
    bool ok = false;

    for (int i = 0; !ok && i < TRIES; i++)
        ok = query_run(connection, "set statement_timeout = 0; set lock_timeout = 0", err);
    return ok;
}

PGconn *connection_open(const char *conninfo, const char *application, struct error *err)
{
    PGconn *connection = connection_begin(conninfo, application);
    int wait_s = connect_timeout_s(connection);
    int64_t deadline_ms = clock_steady_ms() + (int64_t)wait_s * 1000;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (PQstatus(connection) == CONNECTION_BAD)
        status = PGRES_POLLING_FAILED;
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        if (!wait_for(connection, status == PGRES_POLLING_WRITING, deadline_ms)) {
            error_set(err, ERROR_UNAVAILABLE,
                      "could not connect to PostgreSQL: no answer from \"%s\", port %s, within "
                      "%d s; is that the port of PostgreSQL?",
                      PQhost(connection), PQport(connection), wait_s);
            goto failed;
        }
        status = PQconnectPoll(connection);
    }
    if (status == PGRES_POLLING_FAILED) {
        connection_error_with_remedy(connection, err);
        goto failed;
    }

    if (lift_limits(connection, err) && query_run(connection, connection_settings_sql, err))
        return connection;
failed:
    PQfinish(connection);
    return NULL;
}

int connection_library_version(void)
{
    return PQlibVersion();
}
