#include "consumers/kafka/inside.h"

#include "common/kafka/client.h"

enum { LOG_RANGE_WAIT_MS = 5000 };

size_t consumer_partition_count(const struct source *source, size_t topic)
{
    return consumer_of_const(source)->topics.partition_counts[topic];
}

bool consumer_log_range(struct source *source, size_t topic, int32_t partition, int64_t *start,
                        int64_t *end, struct error *err)
{
    struct consumer *self = consumer_of(source);
    const char *name = self->topics.names[topic];
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(self->client, name, partition,
                                                                start, end, LOG_RANGE_WAIT_MS);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not ask for the offsets of %s/%d: %s",
                         name, (int)partition, rd_kafka_err2str(code));
    return true;
}

int64_t consumer_log_end(const struct source *source, size_t topic, int32_t partition)
{
    const struct consumer *self = consumer_of_const(source);
    int64_t start = -1;
    int64_t end = -1;

    rd_kafka_get_watermark_offsets(self->client, self->topics.names[topic], partition, &start,
                                   &end);
    return end < 0 ? 0 : end;
}

void consumer_commit(struct source *source, const struct place *places, size_t count)
{
    struct consumer *self = consumer_of(source);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);

    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, self->topics.names[places[i].topic],
                                          places[i].partition)
            ->offset = places[i].offset;
    /* Only a display hangs on it: a failure is not worth a word. */
    rd_kafka_commit(self->client, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}
