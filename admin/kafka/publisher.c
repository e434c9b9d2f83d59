#include "admin/kafka/publisher.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"

enum { POLL_MS = 100, ANSWER_WAIT_MS = 5000 };

struct publisher {
    rd_kafka_t *client;
};

/* A value of 1 GB is the broker's to refuse. The time-out is PUBLISHER_TIMEOUT_S. */
static const struct kafka_default defaults[] = {
    {"client.id", "coop-admin", false, false},
    {"enable.idempotence", "true", true, false},
    {"message.timeout.ms", "30000", true, false},
    {"allow.auto.create.topics", "false", true, false},
    {"message.max.bytes", "1000000000", false, false},
    {"compression.codec", "lz4", false, false},
    {"linger.ms", "5", false, false},
    {"queue.buffering.max.kbytes", "16384", false, false},
    {NULL, NULL, false, false},
};

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct publisher_answer *answer = message->_private;

    (void)client;
    (void)opaque;
    answer->is_published = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (answer->is_published) {
        answer->offset = message->offset;
        answer->published_us = rd_kafka_message_timestamp(message, NULL) * 1000;
    } else {
        snprintf(answer->failure, sizeof(answer->failure), "%s", rd_kafka_err2str(message->err));
    }
}

struct publisher *publisher_open(const struct kafka_settings *settings, struct error *err)
{
    struct publisher *publisher = memory_new(1, sizeof(*publisher));
    rd_kafka_conf_t *conf = kafka_conf_new(settings, defaults, err);

    if (conf) {
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
        publisher->client = kafka_client_new(RD_KAFKA_PRODUCER, conf, err);
    }
    if (publisher->client)
        return publisher;
    free(publisher);
    return NULL;
}

void publisher_close(struct publisher *publisher)
{
    if (!publisher)
        return;
    rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(publisher->client, 0);
    rd_kafka_destroy(publisher->client);
    free(publisher);
}

int32_t publisher_partition(const void *key, size_t length, size_t count)
{
    return rd_kafka_msg_partitioner_murmur2(NULL, key, length, (int32_t)count, NULL, NULL);
}

static rd_kafka_headers_t *make_headers(const struct publication *publication)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(publication->header_count);

    for (size_t i = 0; i < publication->header_count; i++) {
        const struct publisher_header *header = &publication->headers[i];

        rd_kafka_header_add(headers, header->name, -1, header->value, (ssize_t)header->length);
    }
    return headers;
}

/* librdkafka only reads what it is to copy. */
static void *readable(const void *bytes)
{
    return (void *)bytes;
}

static rd_kafka_resp_err_t produce(struct publisher *publisher,
                                   const struct publication *publication,
                                   struct publisher_answer *answer)
{
    rd_kafka_headers_t *headers = make_headers(publication);
    rd_kafka_vu_t arguments[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = publication->topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = publication->partition},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {.ptr = readable(publication->key), .size = publication->key_length}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {.ptr = readable(publication->value), .size = publication->value_length}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = answer},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };

    return kafka_produce(publisher->client, arguments, ARRAY_LENGTH(arguments), headers);
}

bool publisher_send(struct publisher *publisher, const struct publication *publication,
                    struct publisher_answer *answer, struct error *err)
{
    rd_kafka_resp_err_t code;

    while ((code = produce(publisher, publication, answer)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(publisher->client, POLL_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not publish to %s/%" PRId32 ": %s",
                         publication->topic, publication->partition, rd_kafka_err2str(code));
    rd_kafka_poll(publisher->client, 0);
    return true;
}

bool publisher_wait(struct publisher *publisher, struct error *err)
{
    int64_t deadline_ms = clock_steady_ms() + INT64_C(1000) * PUBLISHER_TIMEOUT_S + ANSWER_WAIT_MS;

    while (rd_kafka_outq_len(publisher->client) > 0 && clock_steady_ms() < deadline_ms)
        rd_kafka_flush(publisher->client, POLL_MS);
    if (rd_kafka_outq_len(publisher->client) > 0)
        return error_set(err, ERROR_UNAVAILABLE, "no answer from Kafka within %d s",
                         PUBLISHER_TIMEOUT_S);
    return true;
}
