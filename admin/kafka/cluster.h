#ifndef COOP_ADMIN_CLUSTER_H
#define COOP_ADMIN_CLUSTER_H

#include <librdkafka/rdkafka.h>

#include "common/cli/settings.h"

/* What the verbs that ask Kafka itself have in common. */

enum { OWN_TOPICS = 3 };

/** The topics of the project, docs/contract.md §3. */
extern char *const own_topics[OWN_TOPICS];

/** A client that only asks. NULL with ERROR_CONFIGURATION; rd_kafka_destroy() it. */
rd_kafka_t *cluster_client_new(const struct kafka_settings *settings, struct error *err);

/** What the brokers have told of a topic; NULL: nothing. */
const struct rd_kafka_metadata_topic *cluster_topic(const struct rd_kafka_metadata *metadata,
                                                    const char *topic);

#endif
