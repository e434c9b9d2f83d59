#ifndef COOP_CONSUMERS_POSTGRES_ROUNDTRIP_H
#define COOP_CONSUMERS_POSTGRES_ROUNDTRIP_H

#include <libpq-fe.h>

#include "common/base/compiler.h"
#include "consumers/postgres/request.h"

/*
 * One message to the server and all that comes back, without ever waiting: a simple query
 * of one or more statements, which PostgreSQL runs as one transaction, with the data of its
 * COPY statements. The caller polls the socket and calls roundtrip_advance() when it is ready.
 *
 * An error leaves nothing to roll back: the transaction was implicit.
 */

enum { COPIES_MAX = 3, COPY_SPANS_MAX = 3, RESULTS_MAX = 64 };

/** The data of one COPY ... FROM STDIN, in up to three pieces; borrowed until it is over. */
struct copy_data {
    struct span spans[COPY_SPANS_MAX];
};

enum roundtrip_status {
    ROUNDTRIP_WAITING, /**< Poll the socket for roundtrip_events() and come again. */
    ROUNDTRIP_DONE,
    ROUNDTRIP_FAILED, /**< The server refused a statement: see `error`. */
    ROUNDTRIP_LOST,   /**< The connection is gone; nobody knows what happened. */
};

struct roundtrip {
    PGconn *connection; /**< Borrowed. */
    struct copy_data copies[COPIES_MAX];
    size_t copy_count;
    size_t copy;   /**< The COPY being fed, or next to be. */
    size_t span;   /**< … its piece, */
    size_t offset; /**< … and how far that is fed. */
    bool is_feeding;
    bool is_flushed;
    PGresult *results[RESULTS_MAX]; /**< One a statement, in order; owned. */
    size_t result_count;
    PGresult *error; /**< The first; owned. NULL where none came. */
};

/** Sends the query. False where the connection is lost. */
MUST_USE bool roundtrip_begin(struct roundtrip *roundtrip, PGconn *connection, const char *sql,
                              const struct copy_data *copies, size_t copy_count);

enum roundtrip_status roundtrip_advance(struct roundtrip *roundtrip);

/** What to wait for: POLLIN, and POLLOUT while there is something to send. */
short roundtrip_events(const struct roundtrip *roundtrip);

/** Forgets results and error. */
void roundtrip_clear(struct roundtrip *roundtrip);

#endif
