#ifndef COOP_CONSUMERS_KAFKA_READINGS_H
#define COOP_CONSUMERS_KAFKA_READINGS_H

#include "consumers/kafka/feed.h"
#include "consumers/kafka/source.h"
#include "consumers/kafka/topics.h"

/* Which partitions are read, into which feed, and from where on. */

struct reading {
    bool is_read;
    size_t lane;
    int64_t next; /**< First offset that was not taken from its feed. */
};

struct readings {
    rd_kafka_t *client; /**< Borrowed, as the topics are. */
    const struct topics *topics;
    struct reading **by_topic;
    size_t *counts;     /**< So many of each topic. */
    struct feed *feeds; /**< One a lane. */
    size_t feed_count;
};

/** Clear it in any case; before the client ends. */
MUST_USE bool readings_init(struct readings *readings, rd_kafka_t *client,
                            const struct topics *topics, size_t feed_count, struct error *err);
void readings_clear(struct readings *readings);

/** Where a partition is read from; made where it is new. */
struct reading *readings_get(struct readings *readings, size_t topic, int32_t partition);

/** Has librdkafka read everything that is to be read, each partition from its next offset on. */
rd_kafka_resp_err_t readings_begin(struct readings *readings);

/** Reads nothing any more. `is_member`: the group's gift is kept, else it is given back. */
void readings_stop(struct readings *readings, bool is_member);

#endif
