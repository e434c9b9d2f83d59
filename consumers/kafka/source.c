#include "consumers/kafka/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/kafka/client.h"

enum { METADATA_WAIT_MS = 10000, WATERMARK_WAIT_MS = 5000, SETTLE_MS = 500 };

struct source {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    const struct kafka_settings *settings;
    char *const *topics;
    size_t topic_count;
    size_t *partition_counts;
    int wake[2];
    enum source_news rebalance; /* SOURCE_NOTHING, _ASSIGNED or _REVOKED: not yet told. */
    struct source_partition *assignment;
    size_t assignment_count;
    const rd_kafka_topic_t *last_handle; /* Topic of the message before: mostly the same. */
    size_t last_topic;
    int64_t assigned_ms; /* When the assignment changed last, clock_steady_ms(). */
    bool is_paused;
    bool is_closing;
    bool is_away; /* No broker answers; said in the log. */
};

/*
 * The bounds keep the process under 64 MiB: a message in librdkafka's queue takes three times
 * its bytes. A full queue is looked at again after 10 ms; before librdkafka 2.2 after 1 s.
 * The assignor is range: the cooperative one of 2.0.2 has faults.
 */
static const struct kafka_default defaults[] = {
    {"client.id", "coop-consumer", false, false},
    {"enable.auto.commit", "false", true, false},
    {"enable.auto.offset.store", "false", true, false},
    {"auto.offset.reset", "error", true, false},
    {"isolation.level", "read_committed", true, false},
    {"partition.assignment.strategy", "range", true, false},
    {"enable.partition.eof", "true", true, false},
    {"allow.auto.create.topics", "false", true, false},
    {"check.crcs", "true", false, false},
    {"queued.max.messages.kbytes", "8192", false, false},
    {"fetch.message.max.bytes", "262144", false, false},
    {"fetch.max.bytes", "1048576", false, false},
    {"fetch.wait.max.ms", "50", false, false},
    {"fetch.queue.backoff.ms", "10", false, true},
    {"fetch.error.backoff.ms", "100", false, false},
    {"reconnect.backoff.max.ms", "2000", false, false},
    {"socket.nagle.disable", "true", false, false},
    {"socket.keepalive.enable", "true", false, false},
    {NULL, NULL, false, false},
};

static size_t find_topic(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->topic_count; i++) {
        if (strcmp(source->topics[i], name) == 0)
            return i;
    }
    return source->topic_count;
}

static bool copy_assignment(struct source *source, const rd_kafka_topic_partition_list_t *list)
{
    size_t count = (size_t)list->cnt;
    struct source_partition *partitions = calloc(count + 1, sizeof(*partitions));

    if (!partitions)
        return false;
    for (size_t i = 0; i < count; i++) {
        partitions[i].topic = find_topic(source, list->elems[i].topic);
        partitions[i].partition = list->elems[i].partition;
    }
    free(source->assignment);
    source->assignment = partitions;
    source->assignment_count = count;
    return true;
}

/*
 * librdkafka stops what was assigned before in the background. A change that comes before it
 * has done so has it stop the same partition twice, and an assertion of its own ends the
 * process (up to 2.15, issue 5573). There is no telling when it is done, so let it have time.
 */
static rd_kafka_resp_err_t assign(struct source *source,
                                  const rd_kafka_topic_partition_list_t *list)
{
    int64_t early_ms = source->assigned_ms + SETTLE_MS - clock_steady_ms();

    if (source->assigned_ms && early_ms > 0)
        usleep((useconds_t)early_ms * 1000);
    rd_kafka_resp_err_t code = rd_kafka_assign(source->client, list);
    source->assigned_ms = clock_steady_ms();
    return code;
}

/* Nothing waits in here: the list is kept, and the loop calls assign when it is ready. */
static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct source *source = opaque;

    (void)client;
    if (source->is_closing) {
        assign(source, NULL);
        return;
    }
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && copy_assignment(source, list)) {
        source->rebalance = SOURCE_ASSIGNED;
        return;
    }
    source->assignment_count = 0;
    source->rebalance = SOURCE_REVOKED;
}

/* A topic that is missing, or may not be read, is told by name before anything else is. */
static bool look_up_topic(struct source *source, size_t topic, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    bool ok = false;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(source->client, source->topics[topic], NULL);

    if (!handle)
        return error_set(err, ERROR_CONFIGURATION, "\"%s\" is no name of a topic",
                         source->topics[topic]);
    if (!kafka_metadata(source->client, source->settings, handle, METADATA_WAIT_MS, &metadata, err))
        goto done;
    const struct rd_kafka_metadata_topic *found = &metadata->topics[0];
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR || found->partition_cnt == 0) {
        kafka_topic_error(source->topics[topic], "read", found->err, "--route", err);
        goto done;
    }
    source->partition_counts[topic] = (size_t)found->partition_cnt;
    ok = true;
done:
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return ok;
}

static bool subscribe(struct source *source, struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)source->topic_count);

    for (size_t i = 0; i < source->topic_count; i++)
        rd_kafka_topic_partition_list_add(list, source->topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(source->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not join the group: %s",
                         rd_kafka_err2str(code));
    return true;
}

static bool open_wake_pipe(struct source *source, struct error *err)
{
    if (pipe(source->wake) != 0)
        return error_set(err, ERROR_INTERNAL, "could not make a pipe: %s", strerror(errno));
    for (int end = 0; end < 2; end++) {
        fcntl(source->wake[end], F_SETFD, FD_CLOEXEC);
        fcntl(source->wake[end], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static bool start(struct source *source, const char *group, struct error *err)
{
    rd_kafka_conf_t *conf = kafka_conf_new(source->settings, defaults, err);
    char reason[256];

    if (!conf)
        return false;
    if (rd_kafka_conf_set(conf, "group.id", group, reason, sizeof(reason)) != RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, ERROR_CONFIGURATION, "option \"--group\": %s", reason);
    }
    rd_kafka_conf_set_opaque(conf, source);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    source->client = kafka_client_new(RD_KAFKA_CONSUMER, conf, err);
    if (!source->client || !open_wake_pipe(source, err))
        return false;
    rd_kafka_poll_set_consumer(source->client);
    source->queue = rd_kafka_queue_get_consumer(source->client);
    rd_kafka_queue_io_event_enable(source->queue, source->wake[1], "", 1);
    for (size_t i = 0; i < source->topic_count; i++) {
        if (!look_up_topic(source, i, err))
            return false;
    }
    return subscribe(source, err);
}

struct source *source_new(const struct kafka_settings *settings, const char *group,
                          char *const *topics, size_t topic_count, struct error *err)
{
    struct source *source = calloc(1, sizeof(*source));

    if (source) {
        *source = (struct source){.settings = settings,
                                  .topics = topics,
                                  .topic_count = topic_count,
                                  .last_topic = topic_count,
                                  .wake = {-1, -1}};
        source->partition_counts = calloc(topic_count, sizeof(*source->partition_counts));
    }
    if (!source || !source->partition_counts)
        error_no_memory(err);
    else if (start(source, group, err))
        return source;
    source_free(source);
    return NULL;
}

void source_free(struct source *source)
{
    if (!source)
        return;
    source->is_closing = true;
    if (source->queue) {
        rd_kafka_queue_io_event_enable(source->queue, -1, NULL, 0);
        rd_kafka_queue_destroy(source->queue);
    }
    if (source->client) {
        rd_kafka_consumer_close(source->client);
        rd_kafka_destroy(source->client);
    }
    for (int end = 0; end < 2; end++) {
        if (source->wake[end] >= 0)
            close(source->wake[end]);
    }
    free(source->assignment);
    free(source->partition_counts);
    free(source);
}

size_t source_partition_count(const struct source *source, size_t topic)
{
    return source->partition_counts[topic];
}

bool source_watermarks(struct source *source, size_t topic, int32_t partition, int64_t *low,
                       int64_t *high, struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(
        source->client, source->topics[topic], partition, low, high, WATERMARK_WAIT_MS);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not ask for the offsets of %s/%d: %s",
                         source->topics[topic], (int)partition, rd_kafka_err2str(code));
    return true;
}

int64_t source_log_end(const struct source *source, size_t topic, int32_t partition)
{
    int64_t low = -1;
    int64_t high = -1;

    rd_kafka_get_watermark_offsets(source->client, source->topics[topic], partition, &low, &high);
    return high < 0 ? -1 : high;
}

int source_descriptor(const struct source *source)
{
    return source->wake[0];
}

void source_acknowledge(struct source *source)
{
    char bytes[64];

    while (read(source->wake[0], bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes))
        continue;
}

/* The message with its topic's place: mostly that of the one before. */
static struct message describe(struct source *source, rd_kafka_message_t *handle)
{
    struct message message = message_of(handle);

    if (handle->rkt != source->last_handle) {
        source->last_handle = handle->rkt;
        source->last_topic = find_topic(source, rd_kafka_topic_name(handle->rkt));
    }
    message.topic = source->last_topic;
    return message;
}

/* An operator who reads the log shall see that it is Kafka we wait for. */
static void tell_outage(struct source *source)
{
    const char *reason = kafka_take_outage();

    if (!reason || source->is_away)
        return;
    source->is_away = true;
    log_warning("no broker answers: %s; waiting for one", reason);
}

static void tell_return(struct source *source)
{
    if (source->is_away)
        log_info("Kafka is back");
    source->is_away = false;
}

/* What librdkafka tells in place of a message. */
static enum source_news take_error(struct source *source, rd_kafka_message_t *handle,
                                   struct message *message, struct error *err)
{
    char reason[512];
    rd_kafka_resp_err_t code = handle->err;

    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        rd_kafka_fatal_error(source->client, reason, sizeof(reason));
        error_set(err, ERROR_UNAVAILABLE, "Kafka client: %s", reason);
        return SOURCE_FAILED;
    }
    if (kafka_error_kind(code) == ERROR_NOT_AUTHORISED) {
        error_set(err, ERROR_NOT_AUTHORISED,
                  "Kafka refuses us: %s; grant this user to read the topics and the group of "
                  "--group",
                  rd_kafka_err2str(code));
        return SOURCE_FAILED;
    }
    if (handle->rkt) {
        *message = describe(source, handle);
        message->handle = NULL;
        if (code == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            tell_return(source);
            return SOURCE_END;
        }
        if (code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
            return SOURCE_OUTSIDE;
    }
    /* The rest mends itself, such as a broker that is away. */
    log_debug("Kafka: %s", rd_kafka_message_errstr(handle));
    return SOURCE_NOTHING;
}

enum source_news source_next(struct source *source, struct message *message, struct error *err)
{
    enum source_news news = SOURCE_NOTHING;

    for (;;) {
        rd_kafka_message_t *handle = rd_kafka_consumer_poll(source->client, 0);

        /* The callback has run inside; its news come before what it brought. */
        if (source->rebalance != SOURCE_NOTHING) {
            if (handle)
                rd_kafka_message_destroy(handle);
            news = source->rebalance;
            source->rebalance = SOURCE_NOTHING;
            return news;
        }
        if (!handle) {
            tell_outage(source);
            return SOURCE_NOTHING;
        }
        if (handle->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            tell_return(source);
            *message = describe(source, handle);
            return SOURCE_MESSAGE;
        }
        news = take_error(source, handle, message, err);
        rd_kafka_message_destroy(handle);
        if (news != SOURCE_NOTHING)
            return news;
    }
}

const struct source_partition *source_assignment(const struct source *source, size_t *count)
{
    *count = source->assignment_count;
    return source->assignment;
}

static rd_kafka_topic_partition_list_t *
make_list(const struct source *source, const struct source_partition *partitions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

    for (size_t i = 0; i < count; i++) {
        const char *topic = source->topics[partitions[i].topic];

        rd_kafka_topic_partition_list_add(list, topic, partitions[i].partition)->offset =
            partitions[i].offset;
    }
    return list;
}

/* What is paused stays so for librdkafka, whatever is assigned anew. */
static void resume(struct source *source)
{
    rd_kafka_topic_partition_list_t *list = NULL;

    if (source->is_paused
        && rd_kafka_assignment(source->client, &list) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_resume_partitions(source->client, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
    source->is_paused = false;
}

void source_pause(struct source *source)
{
    rd_kafka_topic_partition_list_t *list = NULL;

    if (rd_kafka_assignment(source->client, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    rd_kafka_pause_partitions(source->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    source->is_paused = true;
}

bool source_assign(struct source *source, const struct source_partition *partitions, size_t count,
                   struct error *err)
{
    resume(source);
    rd_kafka_topic_partition_list_t *list = make_list(source, partitions, count);
    rd_kafka_resp_err_t code = assign(source, list);

    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not begin to read: %s",
                         rd_kafka_err2str(code));
    return true;
}

void source_unassign(struct source *source)
{
    resume(source);
    assign(source, NULL);
}

void source_commit(struct source *source, const struct source_partition *partitions, size_t count)
{
    rd_kafka_topic_partition_list_t *list = make_list(source, partitions, count);

    /* Only a display hangs on it: a failure is not worth a word. */
    rd_kafka_commit(source->client, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}
