#ifndef COOP_PRODUCERS_HEADERS_H
#define COOP_PRODUCERS_HEADERS_H

#include <librdkafka/rdkafka.h>

#include "producers/input/event.h"

/**
 * The headers of docs/contract.md §3: CloudEvents 1.0 in Kafka's binary mode, and a
 * traceparent where that is not NULL. The caller owns them until they are produced.
 */
rd_kafka_headers_t *headers_new(const struct event *event, const char *type,
                                const char *traceparent);

#endif
