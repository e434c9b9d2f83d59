#include "admin/doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "admin/kafka/cluster.h"
#include "common/base/clock.h"
#include "common/kafka/client.h"

enum { WAIT_MS = 10000, READ_WAIT_MS = 15000, OLDEST_SCRAM = 0x020601ff };

/* librdkafka below 2.6.1 sends the nonce of SCRAM in a form that Kafka 4 refuses (its pull
 * request 4895). */
static void look_at_library(struct doctor *doctor)
{
    const struct text_list *properties = &doctor->settings->kafka.properties;

    for (size_t i = 0; i < properties->count; i++) {
        if (strncmp(properties->items[i], "sasl.mechanism", 14) == 0
            && strstr(properties->items[i], "=SCRAM") && rd_kafka_version() < OLDEST_SCRAM)
            doctor_tell(doctor, VERDICT_WARN, "library",
                        "librdkafka %s cannot log in to Kafka 4 by SCRAM: take 2.6.1 or newer, "
                        "PLAIN over TLS, or certificates",
                        kafka_library_version());
    }
}

/* Partitions without a leader, and such with fewer replicas in step than there should be. */
static void count_partitions(const struct rd_kafka_metadata_topic *topic, int *leaderless,
                             int *behind)
{
    *leaderless = 0;
    *behind = 0;
    for (int i = 0; i < topic->partition_cnt; i++) {
        *leaderless += topic->partitions[i].leader < 0;
        *behind += topic->partitions[i].isr_cnt < topic->partitions[i].replica_cnt;
    }
}

/* True where the topic can be looked at more closely. */
static bool look_at_topic(struct doctor *doctor, const struct rd_kafka_metadata *metadata,
                          const char *name)
{
    const struct rd_kafka_metadata_topic *topic = cluster_topic(metadata, name);
    int leaderless;
    int behind;

    if (!topic || topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        doctor_tell(doctor, VERDICT_FAIL, "topic",
                    "%s is not there, or this user may not see it: run coop-admin topics", name);
        return false;
    }
    count_partitions(topic, &leaderless, &behind);
    int replicas = topic->partition_cnt ? topic->partitions[0].replica_cnt : 0;
    if (leaderless)
        doctor_tell(doctor, VERDICT_FAIL, "topic",
                    "%s: %d of %d partitions have no leader: start the brokers that held them",
                    name, leaderless, topic->partition_cnt);
    else if (behind)
        doctor_tell(
            doctor, VERDICT_WARN, "topic",
            "%s: %d of %d partitions have fewer than %d replicas in step: is a broker down?", name,
            behind, topic->partition_cnt, replicas);
    else if (replicas < 2 && metadata->broker_cnt > 2)
        doctor_tell(doctor, VERDICT_WARN, "topic",
                    "%s has one replica, and there are %d brokers: with the disk of one it is lost",
                    name, metadata->broker_cnt);
    else
        doctor_tell(doctor, VERDICT_OK, "topic", "%s, %d partitions, %d replicas", name,
                    topic->partition_cnt, replicas);
    return leaderless == 0;
}

static const char *setting(const rd_kafka_ConfigResource_t *resource, const char *name)
{
    size_t count = 0;
    const rd_kafka_ConfigEntry_t *const *entries =
        rd_kafka_ConfigResource_configs(resource, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) == 0)
            return rd_kafka_ConfigEntry_value(entries[i]);
    }
    return NULL;
}

/* The log is the record: a restored database reads again what it has lost from there. */
static void judge_retention(struct doctor *doctor, const rd_kafka_ConfigResource_t *resource,
                            const char *topic)
{
    static const struct {
        const char *name;
        const char *value;
    } wanted[] = {{"cleanup.policy", "delete"}, {"retention.ms", "-1"}, {"retention.bytes", "-1"}};

    if (rd_kafka_ConfigResource_error(resource) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        doctor_tell(doctor, VERDICT_WARN, "retention",
                    "of %s cannot be told: %s; grant DescribeConfigs with kafka-acls.sh --add",
                    topic, rd_kafka_ConfigResource_error_string(resource));
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        const char *value = setting(resource, wanted[i].name);

        if (value && strcmp(value, wanted[i].value) == 0)
            continue;
        doctor_tell(doctor, VERDICT_WARN, "retention",
                    "%s has %s=%s: what Kafka removes cannot be read again after a restore; set it "
                    "to %s with kafka-configs.sh --alter",
                    topic, wanted[i].name, value ? value : "?", wanted[i].value);
        return;
    }
    doctor_tell(doctor, VERDICT_OK, "retention", "%s is kept for ever", topic);
}

static void look_at_retention(struct doctor *doctor, rd_kafka_t *client, const char *topic)
{
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);

    rd_kafka_DescribeConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
    const rd_kafka_DescribeConfigs_result_t *result =
        event ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    size_t count = 0;
    const rd_kafka_ConfigResource_t **resources =
        result ? rd_kafka_DescribeConfigs_result_resources(result, &count) : NULL;

    if (count)
        judge_retention(doctor, resources[0], topic);
    else
        doctor_tell(doctor, VERDICT_WARN, "retention", "of %s cannot be told: %s", topic,
                    event ? rd_kafka_event_error_string(event) : "Kafka does not answer");
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(resource);
}

/* A message, the end of the log or a refusal: until one of them has come for the topic. */
static rd_kafka_resp_err_t read_one(rd_kafka_t *client, const char *topic)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    int64_t until_ms = clock_steady_ms() + READ_WAIT_MS;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;

    rd_kafka_topic_partition_list_add(list, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(client, list);
    while (code == RD_KAFKA_RESP_ERR__TIMED_OUT && clock_steady_ms() < until_ms) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client, 500);

        if (!message)
            continue;
        code = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ? RD_KAFKA_RESP_ERR_NO_ERROR
                                                                : message->err;
        rd_kafka_message_destroy(message);
    }
    /* The group's offset is Kafka's to show: whether it may be read is all that is asked. */
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = rd_kafka_committed(client, list, WAIT_MS);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = list->elems[0].err;
    rd_kafka_assign(client, NULL);
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

static void look_at_access(struct doctor *doctor, const char *topic)
{
    const struct kafka_default defaults[] = {
        {"client.id", "coop-admin", false, false},
        {"group.id", doctor->settings->group, true, false},
        {"enable.auto.commit", "false", true, false},
        {"enable.partition.eof", "true", true, false},
        {NULL, NULL, false, false},
    };
    struct error err = {0};
    rd_kafka_conf_t *conf = kafka_conf_new(&doctor->settings->kafka, defaults, &err);
    rd_kafka_t *client = conf ? kafka_client_new(RD_KAFKA_CONSUMER, conf, &err) : NULL;

    if (!client) {
        doctor_tell(doctor, VERDICT_FAIL, "access", "%s", err.message);
        return;
    }
    rd_kafka_poll_set_consumer(client);
    rd_kafka_resp_err_t code = read_one(client, topic);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        doctor_tell(doctor, VERDICT_OK, "access", "this user may read %s in group %s", topic,
                    doctor->settings->group);
    else if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        doctor_tell(doctor, VERDICT_FAIL, "access",
                    "this user may not read in group %s: grant it with kafka-acls.sh --add "
                    "--operation Read --group",
                    doctor->settings->group);
    else {
        kafka_topic_error(topic, "read", code, "--brokers", &err);
        doctor_tell(doctor, VERDICT_FAIL, "access", "%s", err.message);
    }
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
}

static void look_with(struct doctor *doctor, rd_kafka_t *client)
{
    const struct rd_kafka_metadata *metadata = NULL;
    struct error err;

    if (!kafka_metadata(client, &doctor->settings->kafka, NULL, WAIT_MS, &metadata, &err)) {
        doctor_tell(doctor, VERDICT_FAIL, "broker", "%s", err.message);
        return;
    }
    doctor_tell(doctor, VERDICT_OK, "broker", "%s, %d in all, librdkafka %s",
                doctor->settings->kafka.brokers, metadata->broker_cnt, kafka_library_version());
    for (size_t i = 0; i < OWN_TOPICS; i++) {
        if (!look_at_topic(doctor, metadata, own_topics[i]))
            continue;
        look_at_retention(doctor, client, own_topics[i]);
        look_at_access(doctor, own_topics[i]);
    }
    rd_kafka_metadata_destroy(metadata);
}

void doctor_look_at_kafka(struct doctor *doctor)
{
    struct error err;

    look_at_library(doctor);
    rd_kafka_t *client = cluster_client_new(&doctor->settings->kafka, &err);
    if (!client) {
        doctor_tell(doctor, VERDICT_FAIL, "broker", "%s", err.message);
        return;
    }
    look_with(doctor, client);
    rd_kafka_destroy(client);
}
