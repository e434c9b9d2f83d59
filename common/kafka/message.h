#ifndef COOP_KAFKA_MESSAGE_H
#define COOP_KAFKA_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

struct rd_kafka_message_s;

/* A message as it came from Kafka; whoever takes it need not know librdkafka. */
struct message {
    size_t topic; /**< Place in the list of topics that the source reads; set by the source. */
    int32_t partition;
    int64_t offset;
    int64_t published_us; /**< Kafka's timestamp, since 1970; -1 where it has none. */
    const void *key;      /**< NULL for none. Bytes are borrowed from the handle. */
    size_t key_length;
    const void *value; /**< NULL for none. */
    size_t value_length;
    struct rd_kafka_message_s *handle; /**< Owned: message_free(). */
};

/** What librdkafka says of a message; the handle is only read, and becomes the message's. */
struct message message_of(struct rd_kafka_message_s *handle);

void message_free(struct message *message);

#endif
