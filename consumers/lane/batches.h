#ifndef COOP_CONSUMERS_LANE_BATCHES_H
#define COOP_CONSUMERS_LANE_BATCHES_H

#include "consumers/lane/batch.h"
#include "consumers/lane/decode.h"

/** When a batch is written, and what goes into it. */
struct batch_limits {
    size_t rows;        /**< Once it has so many messages, */
    size_t bytes;       /**< or so many bytes of rows, */
    int64_t wait_ms;    /**< or once its first message has waited so long. */
    size_t value_bytes; /**< A longer value is OVERSIZE. */
};

/*
 * The batches of a lane: one that fills for each topic, and one that goes out: it is being
 * written, or will be written again. A message that its batch cannot take stays where it is.
 */
struct batches {
    struct batch_limits limits;
    struct decoder decoder;
    struct batch *all;      /**< One more than there are topics. */
    struct batch **filling; /**< By topic. */
    size_t topic_count;
    struct batch *outgoing; /**< NULL for none. */
    struct batch *spare;    /**< The one that neither fills nor goes out; NULL while one does. */
};

void batches_init(struct batches *batches, const struct batch_limits *limits,
                  const struct routes *routes);
void batches_free(struct batches *batches);

/** True: the message is in its batch, which owns it now. False: that batch is closed first. */
bool batches_add(struct batches *batches, struct partition *partition,
                 const struct message *message, int64_t now_ms);

/** Some batch takes nothing more: nothing is added until it goes out. */
bool batches_are_full(const struct batches *batches);

/** Since when some batch is closed and cannot go out; only while batches_are_full(). */
int64_t batches_full_since_ms(const struct batches *batches);

/**
 * The batch that goes out: the one that does already, else the one that has been due the
 * longest; `is_hurried`: due or not. NULL: none.
 */
struct batch *batches_pick(struct batches *batches, bool is_hurried, int64_t now_ms);

/** Would batches_pick() give one? */
bool batches_have_due(const struct batches *batches, bool is_hurried, int64_t now_ms);

/** The batch that goes out is stored, or is to be forgotten: its messages are given back. */
void batches_clear_outgoing(struct batches *batches);

/** Forgets everything not stored: the messages will come again. */
void batches_drop(struct batches *batches);

/** Forgets what fills; what goes out may still be stored. */
void batches_drop_filling(struct batches *batches);

/** A part of the batch that goes out is stored: as a whole it must not be written again. */
bool batches_are_partly_stored(const struct batches *batches);

bool batches_are_empty(const struct batches *batches);

/** Makes *until_ms earlier where a batch falls due before. */
void batches_poll(const struct batches *batches, int64_t *until_ms);

#endif
