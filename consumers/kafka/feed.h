#ifndef COOP_CONSUMERS_KAFKA_FEED_H
#define COOP_CONSUMERS_KAFKA_FEED_H

#include "consumers/kafka/wake.h"

/*
 * What was fetched for one lane: a queue of librdkafka's, to which the queues of the lane's
 * partitions are forwarded, with a pipe that wakes whoever polls.
 *
 * librdkafka fetches while a queue has less than queued.max.messages.kbytes. Before 2.2 it looks
 * at a full one again only after a second, unless its broker thread has something else to do: so
 * it is given something to do when the feed runs low.
 */

enum { FEED_TAKES = 500 };

struct feed {
    struct wake wake;                        /**< With the queue. */
    rd_kafka_message_t *fetched[FEED_TAKES]; /**< Taken from the queue, not yet from the feed. */
    size_t count;
    size_t next;                           /**< The first of these. */
    rd_kafka_topic_partition_list_t *ends; /**< Its partitions, each at its end; NULL: none. */
    size_t taken_bytes; /**< Keys and values, since the brokers' threads were last woken, */
    int64_t woken_ms;   /**< and when that was. */
};

/** Clear it in any case. False with ERROR_INTERNAL where there is no pipe. */
MUST_USE bool feed_init(struct feed *feed, rd_kafka_t *client, struct error *err);
void feed_clear(struct feed *feed);

/** Has what comes for a partition put into this feed; also what has come already. */
void feed_forward(const struct feed *feed, rd_kafka_t *client,
                  const rd_kafka_topic_partition_t *partition);

/** Forgets what was fetched, and which partitions are its. */
void feed_forget(struct feed *feed);

/** A partition is its from now on. */
void feed_add(struct feed *feed, const char *topic, int32_t partition);

/** The first, the same until feed_take(); NULL: nothing for now. */
rd_kafka_message_t *feed_peek(struct feed *feed);

/** Passes over the first, which is the caller's now. */
void feed_take(struct feed *feed);

/** What to wait for; *until_ms becomes now where it has more already. */
struct pollfd feed_poll(const struct feed *feed, int64_t now_ms, int64_t *until_ms);

/** Wakes the brokers' threads if the feed runs low; *until_ms: when to come again. */
void feed_wake_fetchers(struct feed *feed, rd_kafka_t *client, int64_t now_ms, int64_t *until_ms);

#endif
