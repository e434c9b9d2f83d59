#ifndef COOP_CONSUMERS_KAFKA_HEADERS_H
#define COOP_CONSUMERS_KAFKA_HEADERS_H

#include "common/base/buffer.h"
#include "common/kafka/message.h"

/** Appends the headers as JSON: a list of [name, value in hex], null for no value. */
MUST_USE bool headers_append(const struct message *message, struct buffer *out);

#endif
