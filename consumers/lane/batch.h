#ifndef COOP_CONSUMERS_LANE_BATCH_H
#define COOP_CONSUMERS_LANE_BATCH_H

#include "common/avro/reason.h"
#include "common/base/text.h"
#include "consumers/lane/partition.h"

/*
 * Messages on their way into the database: rows of one shape, and rejects among them. A
 * message stays in its batch until that is committed, since a reject keeps its bytes.
 */

/** Why a message is not a row. */
struct reject {
    char reason[64];  /**< As in ingest.reject. */
    char sqlstate[6]; /**< "" where PostgreSQL was not asked. */
    char detail[512];
};

struct batch_entry {
    struct partition *partition; /**< Borrowed. */
    struct message message;
    size_t row_end;        /**< Where its row ends in `rows`; as the one before for a reject. */
    struct reject *reject; /**< NULL for a row; owned. */
    bool has_event_id;     /**< Its id could be read. */
    uint8_t event_id[UUID_BYTES];
};

/** All steady times are in milliseconds, see struct clock. */
struct batch {
    const struct shape *shape; /**< NULL while there is no row. */
    struct batch_entry *entries;
    size_t count;
    size_t capacity;
    struct buffer rows;   /**< COPY's rows without header and trailer. */
    size_t message_bytes; /**< Of the keys and values of all its messages, */
    size_t reject_bytes;  /**< and of the rejects among them. */
    bool is_closed; /**< It takes nothing more: it is full, or the next row is of another shape. */
    int64_t closed_ms; /**< Since when. */
    int64_t due_ms;    /**< When it is to be written; set with the first message. */
};

/** An empty batch for at most `capacity` messages and `bytes_max` bytes of rows. */
void batch_init(struct batch *batch, size_t capacity, size_t bytes_max);

/** Gives all messages back and forgets them. */
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch);

/**
 * Adds a message, which it takes over, with what has been appended to `rows` for it.
 * `reject` is taken over, too, and NULL for a row; `event_id` is NULL where not readable.
 */
void batch_add(struct batch *batch, struct partition *partition, const struct message *message,
               struct reject *reject, const uint8_t *event_id);

/** What the sieve has found is forgotten: its rejects are rows again, to be written as a whole. */
void batch_unsift(struct batch *batch);

/** It is to be written, and takes nothing more until then. */
void batch_close(struct batch *batch, int64_t now_ms);

/** Where the row of entry `i` begins in `rows`. */
size_t batch_row_start(const struct batch *batch, size_t i);

/** The topic's place of its messages, which are all of one; only while there is one. */
size_t batch_topic(const struct batch *batch);

/** A reject with a reason and a formatted detail. */
PRINTF_LIKE(2, 3)
struct reject *reject_new(const char *reason, const char *detail, ...);

#endif
