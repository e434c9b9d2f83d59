#include "common/kafka/message.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* 9999-12-31T23:59:59.999Z: the last instant that PostgreSQL is given. */
#define PUBLISHED_MS_MAX INT64_C(253402300799999)

struct message message_of(rd_kafka_message_t *handle)
{
    rd_kafka_timestamp_type_t type;
    int64_t published_ms = rd_kafka_message_timestamp(handle, &type);

    /* A publisher may write any number there. */
    bool has_time = type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && published_ms >= 0
                    && published_ms <= PUBLISHED_MS_MAX;

    return (struct message){
        .partition = handle->partition,
        .offset = handle->offset,
        .published_us = has_time ? published_ms * 1000 : -1,
        .key = handle->key,
        .key_length = handle->key_len,
        .value = handle->payload,
        .value_length = handle->len,
        .handle = handle,
    };
}

void message_free(struct message *message)
{
    if (message->handle)
        rd_kafka_message_destroy(message->handle);
    message->handle = NULL;
}
