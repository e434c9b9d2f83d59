/* delete_records BROKERS TOPIC PARTITION OFFSET: what lies before the offset is gone, as after
 * retention. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    char reason[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    if (argc != 5) {
        fprintf(stderr, "usage: delete_records BROKERS TOPIC PARTITION OFFSET\n");
        return 64;
    }
    rd_kafka_conf_set(conf, "bootstrap.servers", argv[1], NULL, 0);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, argv[2], (int32_t)strtol(argv[3], NULL, 10))->offset =
        strtoll(argv[4], NULL, 10);
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(list);

    rd_kafka_DeleteRecords(client, &request, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 30000);
    int failed = !event || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_event_destroy(event);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
    return failed;
}
