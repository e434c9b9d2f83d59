#include "reports/session.h"

#include <stdio.h>

#include "common/postgres/connection.h"
#include "common/postgres/query.h"

/*
 * The days as session settings: COPY takes no parameters. Without --as-of a coop.report_date
 * of PGOPTIONS or of the role stands. The end of a day is its last microsecond.
 */
static const char set_days_sql[] =
    "select set_config('coop.report_date', coalesce($1, current_setting('coop.report_date', true), "
    "''), false),"
    "       set_config('coop.report_valid_at', coalesce(((($1::date + 1)::timestamp at time zone "
    "'Asia/Karachi')"
    "                  - interval '1 microsecond')::text, 'infinity'), false),"
    "       set_config('coop.report_known_at', coalesce(((($2::date + 1)::timestamp at time zone "
    "'Asia/Karachi')"
    "                  - interval '1 microsecond')::text, 'infinity'), false)";

static bool set_days(PGconn *connection, const struct report_settings *settings, struct error *err)
{
    const char *const days[] = {settings->as_of, settings->known};
    PGresult *result = query_ask(connection, set_days_sql, ARRAY_LENGTH(days), days, err);

    PQclear(result);
    return result != NULL;
}

/* The first look at a view: a database without them is told to be prepared. */
static bool learn_date(struct session *session, struct error *err)
{
    PGresult *result =
        query_ask(session->connection, "select reporting.report_date()", 0, NULL, err);

    if (!result)
        return false;
    snprintf(session->report_date, sizeof(session->report_date), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return true;
}

bool session_open(struct session *session, const struct report_settings *settings,
                  struct error *err)
{
    session->connection = connection_open(settings->database, report_program.name, err);
    return session->connection && query_check_server(session->connection, err)
           && query_run(session->connection,
                        "set default_transaction_read_only = on; set timezone = 'Asia/Karachi'",
                        err)
           && set_days(session->connection, settings, err)
           && query_run(session->connection, "begin isolation level repeatable read read only", err)
           && learn_date(session, err);
}

void session_close(struct session *session)
{
    PQfinish(session->connection);
    session->connection = NULL;
}
