#ifndef COOP_CONSUMERS_KAFKA_CONSUMER_H
#define COOP_CONSUMERS_KAFKA_CONSUMER_H

#include "common/cli/settings.h"
#include "consumers/kafka/source.h"

/** What a consumer of librdkafka reads; all borrowed. */
struct consumer_kind {
    const struct kafka_settings *settings;
    const char *group;
    char *const *topics; /**< All of them known to the brokers. */
    size_t topic_count;
    size_t lane_count;
};

/**
 * Joins the group. Waits for the brokers, at most 10 s a topic.
 *
 * @return NULL with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED or ERROR_CONFIGURATION.
 */
struct source *consumer_new(const struct consumer_kind *kind, struct error *err);

#endif
