#ifndef COOP_REPORTS_FORMS_H
#define COOP_REPORTS_FORMS_H

#include "reports/session.h"

/* The report in its forms; each in the snapshot of an open session. */

/** Tables on standard output, in the language of the settings. Needs width_open(). */
MUST_USE bool text_write(const struct session *session, const struct report_settings *settings,
                         struct error *err);

/** One JSON document on standard output. */
MUST_USE bool json_write(const struct session *session, const struct report_settings *settings,
                         struct error *err);

/**
 * One file a section in the folder settings->csv, which is made if its parent is there. All
 * files are written before the first takes its name, so that after a failure the old ones
 * stand. ERROR_IO names file and reason.
 */
MUST_USE bool csv_write(const struct session *session, const struct report_settings *settings,
                        struct error *err);

#endif
