#ifndef COOP_CONSUMERS_MESSAGE_H
#define COOP_CONSUMERS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"

/* A message as it came from Kafka, without Kafka's own types. */
struct message {
    size_t topic; /**< Place in the list of topics that the source reads. */
    int32_t partition;
    int64_t offset;
    int64_t published_us; /**< Kafka's timestamp, since 1970; -1 where it has none. */
    const void *key;      /**< NULL for none. Bytes are borrowed from the handle. */
    size_t key_length;
    const void *value; /**< NULL for none. */
    size_t value_length;
    void *handle; /**< Owned: message_free(). */
};

void message_free(struct message *message);

/** Appends the headers as JSON: a list of [name, value in hex], null for no value. */
MUST_USE bool message_append_headers(const struct message *message, struct buffer *out);

#endif
