#ifndef COOP_CONSUMERS_POSTGRES_SESSION_H
#define COOP_CONSUMERS_POSTGRES_SESSION_H

#include <poll.h>

#include "consumers/postgres/request.h"

/*
 * A connection to PostgreSQL that never waits. It connects by itself, again and again; then it
 * is asked one thing at a time. The caller polls session_poll() and calls session_turn().
 *
 * Real is postgres/libpq_session.c; the tests have others.
 */

enum session_news {
    SESSION_NOTHING,
    SESSION_CONNECTED, /**< Ready to be asked. What the one before has written, nobody knows. */
    SESSION_ANSWERED,  /**< The request is done and committed; see session->answer. */
    SESSION_REFUSED,   /**< Nothing of it has happened; see session->answer.refusal. */
    SESSION_LOST, /**< The connection is gone; whether the request has happened, nobody knows. */
};

struct session {
    const struct session_operations *operations;
    struct answer answer;
};

struct session_operations {
    void (*free)(struct session *session);
    void (*ask)(struct session *session, const struct request *request, int64_t now_ms);
    enum session_news (*turn)(struct session *session, int64_t now_ms);
    void (*lose)(struct session *session, int64_t now_ms);
    bool (*poll)(const struct session *session, struct pollfd *out, int64_t *until_ms);
};

/** Closes the connection; what is under way may have happened or not. NULL is allowed. */
static inline void session_free(struct session *session)
{
    if (session)
        session->operations->free(session);
}

/** Sends a request, whose spans are borrowed until the news. Only while connected and not asked. */
static inline void session_ask(struct session *session, const struct request *request,
                               int64_t now_ms)
{
    session->operations->ask(session, request, now_ms);
}

/** Goes on with what is under way. */
static inline enum session_news session_turn(struct session *session, int64_t now_ms)
{
    return session->operations->turn(session, now_ms);
}

/** Gives the connection up after a refusal that only time can mend; a new one comes by itself. */
static inline void session_lose(struct session *session, int64_t now_ms)
{
    session->operations->lose(session, now_ms);
}

/** What to wait for, and until when; false: no descriptor. */
static inline bool session_poll(const struct session *session, struct pollfd *out,
                                int64_t *until_ms)
{
    return session->operations->poll(session, out, until_ms);
}

#endif
