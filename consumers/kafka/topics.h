#ifndef COOP_CONSUMERS_KAFKA_TOPICS_H
#define COOP_CONSUMERS_KAFKA_TOPICS_H

#include <librdkafka/rdkafka.h>

#include "common/base/error.h"
#include "common/cli/settings.h"

/* The topics that are read, by their place in the list. */
struct topics {
    char *const *names; /**< Borrowed. */
    size_t count;
    size_t *partition_counts; /**< As the brokers told at the start; owned. */
};

void topics_init(struct topics *topics, char *const *names, size_t count);
void topics_free(struct topics *topics);

/** The place of a topic that is one of them. */
size_t topics_find(const struct topics *topics, const char *name);

/**
 * Asks the brokers for each, at most 10 s a topic.
 *
 * @return false with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED or ERROR_CONFIGURATION, naming it.
 */
MUST_USE bool topics_look_up(struct topics *topics, rd_kafka_t *client,
                             const struct kafka_settings *settings, struct error *err);

#endif
