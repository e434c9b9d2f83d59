#ifndef COOP_ADMIN_REJECTS_SETTINGS_H
#define COOP_ADMIN_REJECTS_SETTINGS_H

#include "common/cli/options.h"

/** What the sub-verbs of `rejects` are told: which rejects, and what to do with them. */
struct rejects_settings {
    struct text_list reasons;
    char *topic;
    char *since;   /**< Refused then or later; as PostgreSQL reads an instant. */
    char *until;   /**< Refused before it. */
    int state;     /**< enum rejects_state */
    int64_t limit; /**< 0: all of them. */
    char *by;
    char *why;
    bool is_all;
    bool is_dry_run;
    bool is_json;
};

enum rejects_state { REJECTS_OPEN, REJECTS_REPLAYED, REJECTS_DISCARDED, REJECTS_ALL };

#endif
