#include "producers/publish/publisher.h"

#include <errno.h>
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"
#include "producers/publish/headers.h"
#include "producers/publish/receipts.h"
#include "producers/publish/trace_context.h"

enum { METADATA_WAIT_MS = 10000, POLL_MS = 100, RECEIPTS_WAIT_MS = 100 };

struct publisher {
    struct publisher_settings settings;
    rd_kafka_t *client;
    const char *traceparent;
    FILE *receipts;
    bool has_unwritten; /* Receipts that are not yet in their file. */
    int64_t written_ms; /* When they were brought there last. */
    int receipts_errno; /* Why that failed; 0 while it did not. */
    struct publisher_counts counts;
    int64_t failed;
    enum error_kind failure_kind;
    char failure[256]; /* Why the first of them failed. */
};

/* What an event needs when its acknowledgement comes. */
struct pending {
    char id[UUID_TEXT_LENGTH + 1];
    int64_t line;
};

static const struct kafka_default defaults[] = {
    {"enable.idempotence", "true", true, false},
    {"partitioner", "murmur2_random", true, false},
    {"allow.auto.create.topics", "false", true, false},
    {"compression.codec", "lz4", false, false},
    {"linger.ms", "20", false, false},
    {"batch.num.messages", "10000", false, false},
    {"queue.buffering.max.messages", "100000", false, false},
    {"queue.buffering.max.kbytes", "65536", false, false},
    {"socket.nagle.disable", "true", false, false},
    {"socket.keepalive.enable", "true", false, false},
    {NULL, NULL, false, false},
};

static void note_failure(struct publisher *publisher, const struct pending *pending,
                         rd_kafka_resp_err_t code)
{
    char reason[200] = "";

    /* After a fatal error all that waits is purged: the cause is the error. */
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(publisher->client, reason, sizeof(reason));
    if (publisher->failed++ == 0) {
        publisher->failure_kind = kafka_error_kind(fatal ? fatal : code);
        snprintf(publisher->failure, sizeof(publisher->failure), "%s%s",
                 fatal ? reason : rd_kafka_err2str(code),
                 publisher->failure_kind == ERROR_NOT_AUTHORISED
                     ? "; grant this user to write to the topic"
                     : "");
    }
    log_debug("line %" PRId64 ", event %s: not acknowledged: %s", pending->line, pending->id,
              rd_kafka_err2str(code));
}

static void write_receipt(struct publisher *publisher, const rd_kafka_message_t *message,
                          const struct pending *pending)
{
    struct receipt receipt = {
        .event_id = pending->id,
        .topic = publisher->settings.topic,
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
        .line = pending->line,
    };

    if (!publisher->receipts)
        return;
    publisher->has_unwritten = true;
    if (!receipts_write(publisher->receipts, &receipt))
        publisher->receipts_errno = errno;
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    struct publisher *publisher = opaque;
    struct pending *pending = message->_private;

    (void)client;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        publisher->counts.acknowledged++;
        write_receipt(publisher, message, pending);
    } else {
        note_failure(publisher, pending, message->err);
    }
    free(pending);
}

static bool check_topic(struct publisher *publisher, struct error *err)
{
    const char *topic = publisher->settings.topic;
    const struct rd_kafka_metadata *metadata = NULL;
    bool ok = false;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(publisher->client, topic, NULL);

    if (!handle)
        return error_set(err, ERROR_CONFIGURATION, "\"%s\" is no name of a topic", topic);
    if (kafka_metadata(publisher->client, publisher->settings.kafka, handle, METADATA_WAIT_MS,
                       &metadata, err)) {
        rd_kafka_resp_err_t code = metadata->topics[0].err;

        ok = code == RD_KAFKA_RESP_ERR_NO_ERROR
             || kafka_topic_error(topic, "written to", code, "--topic", err);
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    return ok;
}

static bool start(struct publisher *publisher, struct error *err)
{
    char timeout_ms[32];
    char reason[256];
    rd_kafka_conf_t *conf = kafka_conf_new(publisher->settings.kafka, defaults, err);

    if (!conf)
        return false;
    snprintf(timeout_ms, sizeof(timeout_ms), "%" PRId64,
             publisher->settings.delivery_timeout_s * 1000);
    if (rd_kafka_conf_set(conf, "delivery.timeout.ms", timeout_ms, reason, sizeof(reason))
            != RD_KAFKA_CONF_OK
        || rd_kafka_conf_set(conf, "client.id", publisher->settings.program, reason, sizeof(reason))
               != RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, ERROR_CONFIGURATION, "%s", reason);
    }
    rd_kafka_conf_set_opaque(conf, publisher);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    publisher->client = kafka_client_new(RD_KAFKA_PRODUCER, conf, err);
    return publisher->client && check_topic(publisher, err);
}

struct publisher *publisher_new(const struct publisher_settings *settings, struct error *err)
{
    struct publisher *publisher = memory_new(1, sizeof(*publisher));

    publisher->settings = *settings;
    publisher->traceparent = trace_context_from_environment();
    if (settings->receipts_path
        && !(publisher->receipts = receipts_open(settings->receipts_path, err)))
        goto failed;
    if (start(publisher, err))
        return publisher;
failed:
    publisher_free(publisher);
    return NULL;
}

void publisher_free(struct publisher *publisher)
{
    if (!publisher)
        return;
    if (publisher->client) {
        /* What is left was told as not acknowledged. Purging gives its memory back. */
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_poll(publisher->client, 0);
        rd_kafka_destroy(publisher->client);
    }
    if (publisher->receipts)
        fclose(publisher->receipts);
    free(publisher);
}

static rd_kafka_resp_err_t produce(struct publisher *publisher, const struct event *event,
                                   struct pending *pending)
{
    rd_kafka_headers_t *headers =
        headers_new(event, publisher->settings.type, publisher->traceparent);
    rd_kafka_vu_t arguments[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = publisher->settings.topic},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {.ptr = event->key.data, .size = event->key.length}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {.ptr = event->value.data, .size = event->value.length}},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = pending},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };

    return kafka_produce(publisher->client, arguments, ARRAY_LENGTH(arguments), headers);
}

bool publisher_send(struct publisher *publisher, const struct event *event, int64_t line,
                    struct error *err)
{
    struct pending *pending = memory_new(1, sizeof(*pending));
    rd_kafka_resp_err_t code;

    memcpy(pending->id, event->id, sizeof(pending->id));
    pending->line = line;
    while ((code = produce(publisher, event, pending)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(publisher->client, POLL_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        free(pending);
        if (kafka_error_kind(code) == ERROR_NOT_AUTHORISED)
            return kafka_topic_error(publisher->settings.topic, "written to", code, "", err);
        return error_set(err, kafka_error_kind(code), "could not publish line %" PRId64 ": %s",
                         line, rd_kafka_err2str(code));
    }
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): on_delivery() frees `pending`. */
    publisher->counts.published++;
    return true;
}

/* Whoever watches the receipts of a stream sees them soon; a system call for each is dear. */
static void write_receipts(struct publisher *publisher)
{
    int64_t now_ms = clock_steady_ms();

    if (now_ms - publisher->written_ms < RECEIPTS_WAIT_MS)
        return;
    publisher->written_ms = now_ms;
    publisher->has_unwritten = false;
    if (fflush(publisher->receipts) != 0)
        publisher->receipts_errno = errno;
}

bool publisher_serve(struct publisher *publisher)
{
    const struct publisher_counts *counts = &publisher->counts;

    rd_kafka_poll(publisher->client, 0);
    if (publisher->has_unwritten)
        write_receipts(publisher);
    return publisher->has_unwritten || counts->published > counts->acknowledged + publisher->failed;
}

bool publisher_has_failed(const struct publisher *publisher)
{
    return publisher->failed || publisher->receipts_errno;
}

/*
 * After a fatal error nothing is acknowledged any more, but what came while librdkafka purged
 * its queue would stay there until the delivery time-out.
 */
static void flush_or_purge(struct publisher *publisher)
{
    char reason[8];

    if (rd_kafka_fatal_error(publisher->client, reason, sizeof(reason)))
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(publisher->client, POLL_MS);
}

bool publisher_finish(struct publisher *publisher, struct error *err)
{
    /* Every event has a time-out of its own; this one is for the answers to come through. */
    int64_t deadline_ms = clock_steady_ms() + publisher->settings.delivery_timeout_s * 1000 + 5000;

    while (rd_kafka_outq_len(publisher->client) > 0 && clock_steady_ms() < deadline_ms)
        flush_or_purge(publisher);
    if (publisher->receipts) {
        FILE *receipts = publisher->receipts;

        publisher->receipts = NULL;
        if (!receipts_close(receipts, publisher->settings.receipts_path, publisher->receipts_errno,
                            err))
            return false;
    }
    int64_t missing = publisher->counts.published - publisher->counts.acknowledged;
    if (missing == 0)
        return true;
    return error_set(err, publisher->failed ? publisher->failure_kind : ERROR_UNAVAILABLE,
                     "%" PRId64 " of %" PRId64
                     " events were not acknowledged: %s; run the same again, nothing is counted "
                     "twice",
                     missing, publisher->counts.published,
                     publisher->failed ? publisher->failure : "no answer in time");
}

const struct publisher_counts *publisher_counts(const struct publisher *publisher)
{
    return &publisher->counts;
}
