#ifndef COOP_CONSUMERS_BATCH_H
#define COOP_CONSUMERS_BATCH_H

#include "common/avro/reason.h"
#include "common/base/error.h"
#include "common/base/text.h"
#include "common/kafka/message.h"
#include "consumers/partition.h"
#include "consumers/postgres/shape.h"

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

struct batch {
    const struct shape *shape; /**< NULL while there is no row. */
    struct batch_entry *entries;
    size_t count;
    size_t capacity;
    struct buffer rows; /**< COPY's rows without header and trailer. */
    int64_t due_ms;     /**< clock_steady_ms() when it is to be written; set with the first. */
};

/** An empty batch for at most `capacity` messages and `bytes_max` bytes of rows. */
MUST_USE bool batch_init(struct batch *batch, size_t capacity, size_t bytes_max, struct error *err);

/** Gives all messages back and forgets them. */
void batch_clear(struct batch *batch);
void batch_free(struct batch *batch);

/**
 * Adds a message, which it takes over, with what has been appended to `rows` for it.
 * `reject` is taken over, too, and NULL for a row; `event_id` is NULL where not readable.
 */
void batch_add(struct batch *batch, struct partition *partition, struct message *message,
               struct reject *reject, const uint8_t *event_id);

/** Where the row of entry `i` begins in `rows`. */
size_t batch_row_start(const struct batch *batch, size_t i);

/** A reject with a reason and a formatted detail; ends the process without memory. */
PRINTF_LIKE(2, 3)
struct reject *reject_new(const char *reason, const char *detail, ...);

#endif
