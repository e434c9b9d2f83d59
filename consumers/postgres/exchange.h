#ifndef COOP_CONSUMERS_EXCHANGE_H
#define COOP_CONSUMERS_EXCHANGE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/compiler.h"

/*
 * One message to the server and all that comes back, without ever waiting: a simple query
 * of one or more statements, which PostgreSQL runs as one transaction, with the data of its
 * COPY statements. The caller polls the socket and calls exchange_advance() when it is ready.
 *
 * An error leaves nothing to roll back: the transaction was implicit.
 */

struct span {
    const void *data; /**< Borrowed until the exchange is over. */
    size_t length;
};

enum { EXCHANGE_COPIES_MAX = 3, EXCHANGE_SPANS_MAX = 3, EXCHANGE_RESULTS_MAX = 64 };

/** The data of one COPY ... FROM STDIN, in up to three pieces. */
struct exchange_copy {
    struct span spans[EXCHANGE_SPANS_MAX];
};

enum exchange_status {
    EXCHANGE_WAITING, /**< Poll the socket for exchange_events() and come again. */
    EXCHANGE_DONE,
    EXCHANGE_FAILED, /**< The server refused a statement: see `error`. */
    EXCHANGE_LOST,   /**< The connection is gone; nobody knows what happened. */
};

struct exchange {
    PGconn *connection; /**< Borrowed. */
    struct exchange_copy copies[EXCHANGE_COPIES_MAX];
    size_t copy_count;
    size_t copy;   /**< The COPY being fed, or next to be. */
    size_t span;   /**< … its piece, */
    size_t offset; /**< … and how far that is fed. */
    bool is_feeding;
    bool is_flushed;
    PGresult *results[EXCHANGE_RESULTS_MAX]; /**< One a statement, in order; owned. */
    size_t result_count;
    PGresult *error; /**< The first; owned. NULL where none came. */
};

/** Sends the query. False where the connection is lost. */
MUST_USE bool exchange_begin(struct exchange *exchange, PGconn *connection, const char *sql,
                             const struct exchange_copy *copies, size_t copy_count);

enum exchange_status exchange_advance(struct exchange *exchange);

/** What to wait for: POLLIN, and POLLOUT while there is something to send. */
short exchange_events(const struct exchange *exchange);

/** Forgets results and error. */
void exchange_clear(struct exchange *exchange);

#endif
