#ifndef COOP_TESTS_SCRIPTED_SESSION_H
#define COOP_TESTS_SCRIPTED_SESSION_H

#include "consumers/postgres/libpq_session.h"
#include "tests/support/scripted_server.h"

/* A session of libpq with a server that answers by a script. Time is what the test says. */
struct scripted_session {
    struct scripted_server *server;
    struct session *session;
};

enum {
    ANSWER_WAIT_MS = 1000,
    FIRST_RETRY_MS = 100,
    LONGEST_RETRY_MS = 400,
    CONNECT_WAIT_MS = 15000, /* Of every kind. */
};

/* With these bounds; it speaks of outages. */
extern const struct session_kind tested_session;

/* Expected of a tested_session before anything else. */
#define SETTINGS                                                                                   \
    {                                                                                              \
        "set lock_timeout = '1s';set default_transaction_isolation",                               \
        {                                                                                          \
            TAG("SET")                                                                             \
        }                                                                                          \
    }

#define FOLD_SQL "select events, behind from state.fold()"

/* What was logged since scripted_session(). */
extern struct log_lines {
    size_t count;
    char last[512];
} log_lines;

struct scripted_session scripted_session(const struct session_kind *kind,
                                         const struct exchange *script);

/* Fails the test unless everything went as scripted. */
void scripted_session_end(struct scripted_session *both);

/* Both sides by turns, until the session has news; none within reason fails the test. */
enum session_news scripted_session_news(struct scripted_session *both, int64_t now_ms);

/* The news is that it is connected. */
void scripted_session_connect(struct scripted_session *both, int64_t now_ms);

/* There is none, however often both sides turn. */
void scripted_session_stays_quiet(struct scripted_session *both, int64_t now_ms);

#endif
