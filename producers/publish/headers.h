#ifndef COOP_PRODUCERS_HEADERS_H
#define COOP_PRODUCERS_HEADERS_H

#include <librdkafka/rdkafka.h>

#include "producers/input/event.h"

/**
 * The headers of contract.md §3: CloudEvents 1.0 in Kafka's binary mode, and the trace
 * context of COOP_TRACEPARENT if that is set. The caller owns them until they are produced.
 */
rd_kafka_headers_t *headers_new(const struct event *event, const char *type);

#endif
