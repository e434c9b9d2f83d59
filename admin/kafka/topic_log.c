#include "admin/kafka/topic_log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"

enum { METADATA_WAIT_MS = 10000, SILENCE_MS = 60000, POLL_MS = 200 };

static const int32_t NO_PARTITION = -1;

struct topic_log {
    const struct kafka_settings *settings;
    const char *topic;
    rd_kafka_t *client;
    rd_kafka_topic_t *handle;
    size_t partition_count;
    int32_t partition; /* Being read, or NO_PARTITION. */
    int64_t end;
    bool is_at_end;
};

/* The bounds are the consumer's; see docs/decisions/0001. */
static const struct kafka_default defaults[] = {
    {"client.id", "coop-admin", false, false},
    {"group.id", "coop-admin", false, false}, /* Never joined, and never committed to. */
    {"enable.auto.commit", "false", true, false},
    {"auto.offset.reset", "error", true, false},
    {"isolation.level", "read_committed", true, false},
    {"enable.partition.eof", "true", true, false},
    {"allow.auto.create.topics", "false", true, false},
    {"check.crcs", "true", false, false},
    {"queued.max.messages.kbytes", "8192", false, false},
    {"fetch.message.max.bytes", "1048576", false, false},
    {"fetch.wait.max.ms", "5", false, false}, /* What is read is there; nothing is waited for. */
    {"fetch.queue.backoff.ms", "10", false, true},
    {NULL, NULL, false, false},
};

static bool look_up(struct topic_log *log, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;

    if (!kafka_metadata(log->client, log->settings, log->handle, METADATA_WAIT_MS, &metadata, err))
        return false;
    const struct rd_kafka_metadata_topic *found = &metadata->topics[0];
    bool ok = found->err == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (ok)
        log->partition_count = (size_t)found->partition_cnt;
    else
        error_set(err, kafka_error_kind(found->err), "topic \"%s\" cannot be read: %s", log->topic,
                  rd_kafka_err2str(found->err));
    rd_kafka_metadata_destroy(metadata);
    return ok;
}

struct topic_log *topic_log_open(const struct kafka_settings *settings, const char *topic,
                                 struct error *err)
{
    struct topic_log *log = memory_new(1, sizeof(*log));

    *log = (struct topic_log){.settings = settings, .topic = topic, .partition = NO_PARTITION};
    rd_kafka_conf_t *conf = kafka_conf_new(settings, defaults, err);
    log->client = conf ? kafka_client_new(RD_KAFKA_CONSUMER, conf, err) : NULL;
    if (!log->client)
        goto failed;
    log->handle = rd_kafka_topic_new(log->client, topic, NULL);
    if (!log->handle) {
        error_set(err, ERROR_CONFIGURATION, "\"%s\" is no name of a topic", topic);
        goto failed;
    }
    if (look_up(log, err))
        return log;
failed:
    topic_log_close(log);
    return NULL;
}

static void leave_partition(struct topic_log *log)
{
    if (log->partition != NO_PARTITION)
        rd_kafka_consume_stop(log->handle, log->partition);
    log->partition = NO_PARTITION;
}

void topic_log_close(struct topic_log *log)
{
    if (!log)
        return;
    leave_partition(log);
    if (log->handle)
        rd_kafka_topic_destroy(log->handle);
    if (log->client)
        rd_kafka_destroy(log->client);
    free(log);
}

size_t topic_log_partition_count(const struct topic_log *log)
{
    return log->partition_count;
}

bool topic_log_range(struct topic_log *log, int32_t partition, int64_t *start, int64_t *end,
                     struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(log->client, log->topic, partition,
                                                                start, end, METADATA_WAIT_MS);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code),
                         "could not ask for the offsets of %s/%" PRId32 ": %s", log->topic,
                         partition, rd_kafka_err2str(code));
    return true;
}

bool topic_log_seek(struct topic_log *log, int32_t partition, int64_t offset, int64_t end,
                    struct error *err)
{
    leave_partition(log);
    log->end = end;
    log->is_at_end = offset >= end;
    if (log->is_at_end)
        return true;
    if (rd_kafka_consume_start(log->handle, partition, offset) != 0) {
        rd_kafka_resp_err_t code = rd_kafka_last_error();

        return error_set(err, kafka_error_kind(code), "could not read %s/%" PRId32 ": %s",
                         log->topic, partition, rd_kafka_err2str(code));
    }
    log->partition = partition;
    return true;
}

/* What librdkafka tells in place of a message: the end, a failure, or what mends itself. */
static bool is_failure(struct topic_log *log, const rd_kafka_message_t *handle, struct error *err)
{
    switch (handle->err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        log->is_at_end = handle->offset >= log->end;
        return false;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        return false;
    default:
        error_set(err, kafka_error_kind(handle->err), "could not read %s/%" PRId32 ": %s",
                  log->topic, log->partition, rd_kafka_message_errstr(handle));
        return true;
    }
}

enum topic_log_news topic_log_next(struct topic_log *log, struct message *message,
                                   struct error *err)
{
    int64_t deadline_ms = clock_steady_ms() + SILENCE_MS;

    while (!log->is_at_end) {
        rd_kafka_message_t *handle = rd_kafka_consume(log->handle, log->partition, POLL_MS);

        if (handle && handle->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (handle->offset < log->end) {
                *message = message_of(handle);
                log->is_at_end = handle->offset + 1 == log->end;
                return TOPIC_LOG_MESSAGE;
            }
            log->is_at_end = true;
        }
        bool has_failed = handle && handle->err && is_failure(log, handle, err);
        if (handle)
            rd_kafka_message_destroy(handle);
        if (has_failed)
            return TOPIC_LOG_FAILED;
        if (clock_steady_ms() > deadline_ms) {
            error_set(err, ERROR_UNAVAILABLE,
                      "no message of %s/%" PRId32 " has come for %d s, and %s", log->topic,
                      log->partition, SILENCE_MS / 1000,
                      "its end is not reached: is the broker running?");
            return TOPIC_LOG_FAILED;
        }
    }
    return TOPIC_LOG_END;
}

const void *topic_log_header(const struct message *message, const char *name, size_t *length)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;

    *length = 0;
    if (rd_kafka_message_headers(message->handle, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR
        || rd_kafka_header_get_last(headers, name, &value, length) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return NULL;
    return value;
}
