#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "admin/kafka/cluster.h"
#include "admin/verb.h"
#include "common/base/clock.h"
#include "common/kafka/client.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { WAIT_MS = 10000, CREATE_WAIT_MS = 30000, ASK_AGAIN_MS = 50, REPLICAS_MAX = 3 };

/* The log is the record: nothing is ever removed unless the operator decides otherwise. */
static rd_kafka_NewTopic_t *describe(const char *topic, int partitions, int replicas,
                                     struct error *err)
{
    char reason[256];
    rd_kafka_NewTopic_t *new_topic =
        rd_kafka_NewTopic_new(topic, partitions, replicas, reason, sizeof(reason));

    if (!new_topic) {
        error_set(err, ERROR_USAGE, "topic \"%s\": %s", topic, reason);
        return NULL;
    }
    rd_kafka_NewTopic_set_config(new_topic, "cleanup.policy", "delete");
    rd_kafka_NewTopic_set_config(new_topic, "retention.ms", "-1");
    rd_kafka_NewTopic_set_config(new_topic, "retention.bytes", "-1");
    rd_kafka_NewTopic_set_config(new_topic, "min.insync.replicas", replicas >= 3 ? "2" : "1");
    return new_topic;
}

static bool take_result(rd_kafka_event_t *event, const char *topic, bool *exists, struct error *err)
{
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    size_t count = 0;

    if (!result)
        return error_set(err, ERROR_UNAVAILABLE, "topic \"%s\": Kafka does not answer", topic);
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(rd_kafka_event_error(event)), "topic \"%s\": %s",
                         topic, rd_kafka_event_error_string(event));
    const rd_kafka_topic_result_t *const *topics =
        rd_kafka_CreateTopics_result_topics(result, &count);
    rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[0]);
    /* Somebody else has made it in the meantime. */
    *exists = code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
    if (kafka_error_kind(code) == ERROR_NOT_AUTHORISED)
        return kafka_topic_error(topic, "made", code, "", err);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && !*exists)
        return error_set(err, kafka_error_kind(code), "topic \"%s\": %s", topic,
                         rd_kafka_topic_result_error_string(topics[0]));
    return true;
}

static bool is_led(const struct rd_kafka_metadata_topic *topic)
{
    bool ok = topic->err == RD_KAFKA_RESP_ERR_NO_ERROR && topic->partition_cnt > 0;

    for (int i = 0; ok && i < topic->partition_cnt; i++)
        ok = topic->partitions[i].leader >= 0;
    return ok;
}

/* The controller has made it; whoever comes next asks a broker, which learns of it later. */
static bool wait_for_brokers(rd_kafka_t *client, const char *topic,
                             const struct admin_settings *settings, struct error *err)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    int64_t until_ms = clock_steady_ms() + CREATE_WAIT_MS;
    bool is_known = false;
    bool ok = handle || error_set(err, ERROR_CONFIGURATION, "\"%s\" is no name of a topic", topic);

    while (ok && !is_known) {
        const struct rd_kafka_metadata *metadata = NULL;

        ok = kafka_metadata(client, &settings->kafka, handle, WAIT_MS, &metadata, err);
        if (!ok)
            break;
        is_known = is_led(&metadata->topics[0]);
        rd_kafka_metadata_destroy(metadata);
        if (!is_known && clock_steady_ms() > until_ms)
            ok = error_set(err, ERROR_UNAVAILABLE,
                           "topic \"%s\" is made, but has no leaders after %d s", topic,
                           CREATE_WAIT_MS / 1000);
        else if (!is_known)
            rd_kafka_poll(client, ASK_AGAIN_MS);
    }
    if (handle)
        rd_kafka_topic_destroy(handle);
    return ok;
}

static bool create(rd_kafka_t *client, const char *topic, int partitions, int replicas,
                   struct error *err)
{
    char reason[256];
    bool exists = false;
    rd_kafka_NewTopic_t *new_topic = describe(topic, partitions, replicas, err);

    if (!new_topic)
        return false;
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_operation_timeout(options, WAIT_MS, reason, sizeof(reason));
    rd_kafka_CreateTopics(client, &new_topic, 1, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, CREATE_WAIT_MS);
    bool ok = take_result(event, topic, &exists, err);
    if (ok && exists)
        printf("%s: exists\n", topic);
    else if (ok)
        printf("%s: made, %d partitions, %d replicas\n", topic, partitions, replicas);
    rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(new_topic);
    return ok;
}

/* A topic that is there is never changed: more partitions would move keys. */
static bool make(rd_kafka_t *client, const struct rd_kafka_metadata *metadata, const char *topic,
                 const struct admin_settings *settings, struct error *err)
{
    const struct rd_kafka_metadata_topic *found = cluster_topic(metadata, topic);
    int replicas = (int)settings->replication_factor;

    if (!found) {
        if (replicas == 0)
            replicas = metadata->broker_cnt < REPLICAS_MAX ? metadata->broker_cnt : REPLICAS_MAX;
        return create(client, topic, (int)settings->partitions, replicas, err)
               && wait_for_brokers(client, topic, settings, err);
    }
    printf("%s: exists, %d partitions%s\n", topic, found->partition_cnt,
           found->partition_cnt == settings->partitions ? "" : ", left as it is");
    return true;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    char *const *topics = operands->count ? operands->items : own_topics;
    int count = operands->count ? operands->count : OWN_TOPICS;
    rd_kafka_t *client = cluster_client_new(&settings->kafka, err);

    (void)exit_code;
    if (!client)
        return false;
    bool ok = kafka_metadata(client, &settings->kafka, NULL, WAIT_MS, &metadata, err);
    for (int i = 0; ok && i < count; i++)
        ok = make(client, metadata, topics[i], settings, err);
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_destroy(client);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "partitions",
     .type = OPTION_NUMBER,
     .argument = "N",
     .initial = "6",
     .offset = AT(partitions),
     .minimum = 1,
     .maximum = 10000,
     .help = "of a topic that is made"},
    {.name = "replication-factor",
     .type = OPTION_NUMBER,
     .argument = "N",
     .initial = "0",
     .offset = AT(replication_factor),
     .minimum = 0,
     .maximum = 100,
     .help = "0: as many as there are brokers, at most 3"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Topics", rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb topics_verb = {
    .name = "topics",
    .program = {.name = "coop-admin topics",
                .usage = "[options] [TOPIC...]",
                .summary =
                    "makes the topics that are missing.\n"
                    "Without TOPIC the three of the project; nothing is ever removed from them.",
                .groups = groups},
    .run = run,
};
