#ifndef COOP_CONSUMERS_WINDOW_H
#define COOP_CONSUMERS_WINDOW_H

#include "consumers/batch.h"

/*
 * The part of a batch that one transaction writes: all of it on the fast road, ever smaller
 * ones where the sieve looks for a row that PostgreSQL refuses for no known reason.
 */
struct window {
    struct batch *batch;           /**< Borrowed; NULL where only positions move. */
    size_t first;                  /**< Its first entry, */
    size_t end;                    /**< and the one after its last. */
    size_t row_count;              /**< Entries that are rows, */
    size_t reject_count;           /**< and that are rejects. */
    struct partition **partitions; /**< Whose positions move; owned. */
    size_t partition_count;
    size_t partition_capacity;
};

/** Sets the window, and in its partitions where their positions go. */
MUST_USE bool window_set(struct window *window, struct batch *batch, size_t first, size_t end,
                         struct error *err);

/** No rows at all: positions move to where Kafka has told that the log ends. */
MUST_USE bool window_set_ends(struct window *window, struct partition *const *partitions,
                              size_t count, struct error *err);
void window_free(struct window *window);

/** Appends the call of ingest.advance() for each stream, each ending in a semicolon. */
MUST_USE bool window_append_advance(const struct window *window, struct buffer *sql);

/** Rows for COPY ingest.reject, in the order of window_reject_columns. */
MUST_USE bool window_copy_rejects(const struct window *window, struct buffer *out);
extern const char window_reject_columns[];

/** Rows for the sieve's table of messages: place from 1, stream, partition, offset, timestamp. */
MUST_USE bool window_copy_messages(const struct window *window, struct buffer *out);

/** Where the rows of the window lie in batch->rows; only while no row has become a reject. */
void window_rows(const struct window *window, const void **data, size_t *length);

/** The same as a copy, without those that have. */
MUST_USE bool window_copy_rows(const struct window *window, struct buffer *out);

/** The entry of the `place`th row, from 1. */
struct batch_entry *window_row(const struct window *window, int place);

/** A row becomes a reject, which is taken over; places after it move up by one. */
void window_reject(struct window *window, struct batch_entry *entry, struct reject *reject);

/** The transaction is committed: the positions have moved. */
void window_committed(const struct window *window);

#endif
