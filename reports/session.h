#ifndef COOP_REPORTS_SESSION_H
#define COOP_REPORTS_SESSION_H

#include <libpq-fe.h>

#include "reports/settings.h"

/* A connection that reads only, in one snapshot from beginning to end, so that all sections
 * of a report agree, and on a day of its own. */

struct session {
    PGconn *connection;
    char report_date[32]; /**< YYYY-MM-DD, from reporting.report_date(). */
};

/** Connects and begins the snapshot. Close it in any case. */
MUST_USE bool session_open(struct session *session, const struct report_settings *settings,
                           struct error *err);

/** Closing a session that was not opened, but is zero, is fine. */
void session_close(struct session *session);

#endif
