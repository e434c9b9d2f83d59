#ifndef COOP_CONSUMERS_KAFKA_CONF_H
#define COOP_CONSUMERS_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

#include "consumers/kafka/consumer.h"

/**
 * The configuration of a consumer: what our promises rest on, defaults that keep it small and fast,
 * and what the user gave. The caller owns it.
 *
 * @return NULL with ERROR_CONFIGURATION.
 */
rd_kafka_conf_t *consumer_conf_new(const struct consumer_kind *kind, struct error *err);

#endif
