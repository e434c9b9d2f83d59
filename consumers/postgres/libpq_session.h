#ifndef COOP_CONSUMERS_POSTGRES_LIBPQ_SESSION_H
#define COOP_CONSUMERS_POSTGRES_LIBPQ_SESSION_H

#include "common/base/log.h"
#include "consumers/postgres/session.h"

/** What a session of libpq is like; all texts are borrowed. */
struct session_kind {
    const char *application;  /**< As it shows in pg_stat_activity. */
    const char *settings_sql; /**< Statements that end in a semicolon, before the first use. */
    int64_t answer_wait_ms;   /**< Longer than its statement_timeout: then nobody is there. */
    int64_t first_retry_ms;   /**< Twice as long each time, */
    int64_t longest_retry_ms; /**< but no longer. */
    enum log_level outages;   /**< How loudly it says that the connection is gone. */
};

/** Of a lane, of a fold, and of the one that asks how far others are. */
extern const struct session_kind lane_session;
extern const struct session_kind fold_session;
extern const struct session_kind positions_session;

/** Begins to connect at its first turn. `conninfo` is borrowed. */
struct session *libpq_session_new(const struct session_kind *kind, const char *conninfo);

#endif
