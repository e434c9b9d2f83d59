#ifndef COOP_CONSUMERS_POSTGRES_REQUEST_H
#define COOP_CONSUMERS_POSTGRES_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/*
 * What a session is asked, and what it answers. A request is one transaction: it happens whole
 * or not at all. What it means in SQL stands in statements.c.
 */

enum request_kind {
    REQUEST_CLAIM,       /**< Takes `claims` over; answers `claimed`. */
    REQUEST_END_HOLDERS, /**< Ends the backends that hold `claims` and do not answer. */
    REQUEST_CONFIRM,     /**< Are `advances` still ours? Only stream, partition, epoch count. */
    REQUEST_WRITE,       /**< Moves `advances`, copies `rows` by `rows_sql` and `rejects`. */
    REQUEST_PREPARE,     /**< Runs `rows_sql`, which makes the sieve's tables. */
    REQUEST_SORT,        /**< By `rows_sql`, copies `rows` and `messages`; answers `broken`. */
    REQUEST_KEEP,        /**< Moves `advances`, runs `rows_sql` and `repeats_sql`, copies
                              `rejects`; answers `repeats`. */
    REQUEST_FOLD,        /**< state.fold(); answers `folded` and `behind`. */
    REQUEST_POSITIONS,   /**< Answers `positions`, of all streams. */
};

/** A partition to be claimed. All texts are borrowed. */
struct claim {
    const char *topic;
    const char *table;
    int32_t partition;
    int64_t log_start; /**< The position of a partition that was never claimed before. */
};

/** A position that moves, if epoch and old offset are still those of the database. */
struct advance {
    int16_t stream_id;
    int32_t partition;
    int64_t epoch;
    int64_t old_offset;
    int64_t new_offset;
    int64_t published_us; /**< Kafka's timestamp of the record before new_offset; -1: none. */
};

/** Rows in the binary format of COPY, without header and trailer. */
struct span {
    const void *data;
    size_t length;
};

/** Lists and texts are looked at once, when it is sent; spans are borrowed until the answer. */
struct request {
    enum request_kind kind;
    const char *owner; /**< CLAIM: who claims, as an operator reads it. */
    const struct claim *claims;
    size_t claim_count;
    const struct advance *advances;
    size_t advance_count;
    const char *rows_sql;    /**< NULL where there are no rows. */
    const char *repeats_sql; /**< KEEP: notes repeats of an event id; NULL: none can be. */
    struct span rows;
    struct span messages;
    struct span rejects; /**< Of length 0: there are none. */
};

struct claimed {
    size_t place; /**< In the request's `claims`. */
    int16_t stream_id;
    int64_t position;
    int64_t epoch;
    int64_t last_published_us; /**< Of the record before the position; -1: not known. */
};

struct broken_row {
    size_t place;       /**< Among the request's rows, from 1. */
    const char *reason; /**< The constraint that it breaks. */
};

struct stored_position {
    const char *topic;
    const char *table;
    int32_t partition;
    int64_t position;
};

enum { SQL_NAME_BYTES = 64 };

/** Why PostgreSQL has refused a request, or how the connection came to be lost. */
struct refusal {
    char schema[SQL_NAME_BYTES];     /**< Of the table whose constraint was broken; "" for none. */
    char constraint[SQL_NAME_BYTES]; /**< That constraint; "" for none. */
    char words[512];                 /**< PostgreSQL's own, alone: they may quote a row. */
    struct error err;                /**< As the log may show it, with the SQLSTATE. */
};

/** Good until the next request. */
struct answer {
    const struct claimed *claimed; /**< One for each claim. */
    size_t claimed_count;
    const struct broken_row *broken; /**< From the last to the first. */
    size_t broken_count;
    const struct stored_position *positions;
    size_t position_count;
    int64_t repeats; /**< Rows whose event id was stored before. */
    int64_t folded;  /**< Events that the fold has taken in, */
    int64_t behind;  /**< and that it has left. */
    struct refusal refusal;
};

#endif
