#include "consumers/kafka/readings.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"

bool readings_init(struct readings *readings, rd_kafka_t *client, const struct topics *topics,
                   size_t feed_count, struct error *err)
{
    *readings = (struct readings){
        .client = client,
        .topics = topics,
        .by_topic = memory_new(topics->count, sizeof(struct reading *)),
        .counts = memory_new(topics->count, sizeof(*readings->counts)),
        .feeds = memory_new(feed_count, sizeof(*readings->feeds)),
    };
    while (readings->feed_count < feed_count) {
        if (!feed_init(&readings->feeds[readings->feed_count++], client, err))
            return false;
    }
    return true;
}

void readings_clear(struct readings *readings)
{
    for (size_t i = 0; i < readings->feed_count; i++)
        feed_clear(&readings->feeds[i]);
    for (size_t i = 0; readings->topics && i < readings->topics->count; i++)
        free(readings->by_topic[i]);
    free(readings->by_topic);
    free(readings->counts);
    free(readings->feeds);
    *readings = (struct readings){0};
}

struct reading *readings_get(struct readings *readings, size_t topic, int32_t partition)
{
    size_t needed = (size_t)partition + 1;
    size_t *count = &readings->counts[topic];

    if (needed > *count)
        readings->by_topic[topic] =
            memory_resize(readings->by_topic[topic], needed, sizeof(struct reading));
    for (; *count < needed; (*count)++)
        readings->by_topic[topic][*count] = (struct reading){.is_read = false};
    return &readings->by_topic[topic][partition];
}

static void forward_all(struct readings *readings, const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *item = &list->elems[i];
        size_t topic = topics_find(readings->topics, item->topic);
        const struct reading *reading = readings_get(readings, topic, item->partition);

        feed_forward(&readings->feeds[reading->lane], readings->client, item);
    }
}

/*
 * librdkafka stops what was assigned before in its main thread. A change that comes before it has
 * done so has it stop the same partition twice, and an assertion of its own ends the process (up
 * to 2.15, issue 5573). Each of these calls is a trip through that thread: after the first, stops
 * are served; after the second, their replies.
 */
static void settle(rd_kafka_t *client)
{
    for (int i = 0; i < 2; i++) {
        rd_kafka_topic_partition_list_t *list = NULL;

        if (rd_kafka_assignment(client, &list) == RD_KAFKA_RESP_ERR_NO_ERROR)
            rd_kafka_topic_partition_list_destroy(list);
    }
}

static void forget_fetched(struct readings *readings)
{
    for (size_t i = 0; i < readings->feed_count; i++)
        feed_forget(&readings->feeds[i]);
}

static rd_kafka_topic_partition_list_t *list_readings(struct readings *readings)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);

    for (size_t topic = 0; topic < readings->topics->count; topic++) {
        const char *name = readings->topics->names[topic];

        for (size_t i = 0; i < readings->counts[topic]; i++) {
            const struct reading *reading = &readings->by_topic[topic][i];

            if (!reading->is_read)
                continue;
            rd_kafka_topic_partition_list_add(list, name, (int32_t)i)->offset = reading->next;
            feed_add(&readings->feeds[reading->lane], name, (int32_t)i);
        }
    }
    return list;
}

/*
 * Forwarded before, so that nothing strays into the group's queue; and again afterwards, since a
 * stop undoes it. What has waited in between moves over.
 */
rd_kafka_resp_err_t readings_begin(struct readings *readings)
{
    forget_fetched(readings);
    rd_kafka_topic_partition_list_t *list = list_readings(readings);

    log_debug("reading %d partitions", list->cnt);
    forward_all(readings, list);
    rd_kafka_resp_err_t code = rd_kafka_assign(readings->client, list);
    settle(readings->client);
    forward_all(readings, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

void readings_stop(struct readings *readings, bool is_member)
{
    rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(1);

    for (size_t topic = 0; topic < readings->topics->count; topic++) {
        for (size_t i = 0; i < readings->counts[topic]; i++)
            readings->by_topic[topic][i].is_read = false;
    }
    forget_fetched(readings);
    rd_kafka_assign(readings->client, is_member ? none : NULL);
    settle(readings->client);
    rd_kafka_topic_partition_list_destroy(none);
}
