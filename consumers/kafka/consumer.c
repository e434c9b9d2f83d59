#include "consumers/kafka/consumer.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/kafka/client.h"
#include "consumers/kafka/conf.h"
#include "consumers/kafka/inside.h"

static struct pollfd poll_group(const struct source *source)
{
    return wake_poll(&consumer_of_const(source)->group);
}

static struct pollfd poll_feed(const struct source *source, size_t lane, int64_t now_ms,
                               int64_t *until_ms)
{
    return feed_poll(&consumer_of_const(source)->readings.feeds[lane], now_ms, until_ms);
}

static void tend(struct source *source, int64_t now_ms, int64_t *until_ms)
{
    struct consumer *self = consumer_of(source);

    for (size_t i = 0; i < self->readings.feed_count; i++)
        feed_wake_fetchers(&self->readings.feeds[i], self->client, now_ms, until_ms);
}

static void free_consumer(struct source *source)
{
    struct consumer *self = consumer_of(source);

    self->is_closing = true;
    readings_clear(&self->readings);
    wake_close(&self->group);
    if (self->client) {
        rd_kafka_consumer_close(self->client);
        rd_kafka_destroy(self->client);
    }
    topics_free(&self->topics);
    free(self->given);
    free(self);
}

static const struct source_operations operations = {
    .free = free_consumer,
    .partition_count = consumer_partition_count,
    .group = consumer_hear_group,
    .given = consumer_given,
    .read = consumer_read,
    .halt = consumer_halt,
    .stop = consumer_stop,
    .peek = consumer_peek,
    .take = consumer_take,
    .log_range = consumer_log_range,
    .log_end = consumer_log_end,
    .commit = consumer_commit,
    .poll_group = poll_group,
    .poll_feed = poll_feed,
    .tend = tend,
};

static bool subscribe(struct consumer *self, struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)self->kind.topic_count);

    for (size_t i = 0; i < self->kind.topic_count; i++)
        rd_kafka_topic_partition_list_add(list, self->topics.names[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(self->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, kafka_error_kind(code), "could not join the group: %s",
                         rd_kafka_err2str(code));
    return true;
}

static bool start(struct consumer *self, struct error *err)
{
    rd_kafka_conf_t *conf = consumer_conf_new(&self->kind, err);

    if (!conf)
        return false;
    rd_kafka_conf_set_opaque(conf, self);
    rd_kafka_conf_set_rebalance_cb(conf, consumer_on_rebalance);
    self->client = kafka_client_new(RD_KAFKA_CONSUMER, conf, err);
    if (!self->client)
        return false;
    rd_kafka_poll_set_consumer(self->client);
    return wake_open(&self->group, rd_kafka_queue_get_consumer(self->client), err)
           && readings_init(&self->readings, self->client, &self->topics, self->kind.lane_count,
                            err)
           && topics_look_up(&self->topics, self->client, self->kind.settings, err)
           && subscribe(self, err);
}

struct source *consumer_new(const struct consumer_kind *kind, struct error *err)
{
    struct consumer *self = memory_new(1, sizeof(*self));

    *self = (struct consumer){
        .source = {.operations = &operations}, .kind = *kind, .last_topic = kind->topic_count};
    topics_init(&self->topics, kind->topics, kind->topic_count);
    if (start(self, err))
        return &self->source;
    free_consumer(&self->source);
    return NULL;
}
