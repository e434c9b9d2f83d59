#ifndef COOP_REPORTS_SETTINGS_H
#define COOP_REPORTS_SETTINGS_H

#include "common/cli/settings.h"

/* What coop-report can be asked. */

enum language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE, LANGUAGE_URDU, LANGUAGE_COUNT };

struct report_settings {
    struct log_settings log;
    char *database;
    bool is_json;
    char *csv;    /**< Folder for CSV files; NULL for none. */
    char *as_of;  /**< YYYY-MM-DD in Asia/Karachi; NULL for today. */
    char *known;  /**< The same; NULL for all that is known. */
    int language; /**< enum language; of tables only. */
};

extern const struct program report_program;

/** Do the settings fit together, and are the dates of this calendar? ERROR_USAGE where not. */
MUST_USE bool report_settings_check(const struct report_settings *settings, struct error *err);

#endif
