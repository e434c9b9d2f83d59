/*
 * alter_topic BROKERS TOPIC NAME=VALUE: sets a setting of the topic.
 * alter_topic BROKERS TOPIC PARTITION OFFSET: removes what lies before an offset, as retention
 * does.
 */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set(rd_kafka_t *client, const char *topic, char *pair, rd_kafka_queue_t *queue)
{
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    char *sign = strchr(pair, '=');

    *sign = '\0';
    rd_kafka_ConfigResource_set_config(resource, pair, sign + 1);
    rd_kafka_AlterConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_ConfigResource_destroy(resource);
}

static void cut(rd_kafka_t *client, const char *topic, int partition, long long offset,
                rd_kafka_queue_t *queue)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
    rd_kafka_DeleteRecords_t *records = rd_kafka_DeleteRecords_new(list);
    rd_kafka_DeleteRecords(client, &records, 1, NULL, queue);
    rd_kafka_DeleteRecords_destroy(records);
    rd_kafka_topic_partition_list_destroy(list);
}

int main(int argc, char **argv)
{
    char reason[256];

    if (argc != 5 && !(argc == 4 && strchr(argv[3], '='))) {
        fprintf(stderr, "usage: alter_topic BROKERS TOPIC NAME=VALUE | PARTITION OFFSET\n");
        return 64;
    }
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", argv[1], NULL, 0);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);

    if (argc == 4)
        set(client, argv[2], argv[3], queue);
    else
        cut(client, argv[2], (int)strtol(argv[3], NULL, 10), strtoll(argv[4], NULL, 10), queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 30000);
    int failed = !event || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    return failed;
}
