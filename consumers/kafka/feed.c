#include "consumers/kafka/feed.h"

#include "common/base/clock.h"

enum {
    WAKE_EVERY_MS = 5,
    WAKE_BELOW = 10000,       /* Messages: queued.min.messages. */
    WAKE_AFTER_BYTES = 65536, /* Taken since the last time; a queue that is full holds far more. */
    MENDED_IN = 0x02020000,   /* librdkafka 2.2 looks at a full queue after a few milliseconds. */
};

bool feed_init(struct feed *feed, rd_kafka_t *client, struct error *err)
{
    *feed = (struct feed){0};
    return wake_open(&feed->wake, rd_kafka_queue_new(client), err);
}

static void forget_fetched(struct feed *feed)
{
    for (size_t i = feed->next; i < feed->count; i++)
        rd_kafka_message_destroy(feed->fetched[i]);
    feed->next = 0;
    feed->count = 0;
}

void feed_clear(struct feed *feed)
{
    feed_forget(feed);
    wake_close(&feed->wake);
}

void feed_forward(const struct feed *feed, rd_kafka_t *client,
                  const rd_kafka_topic_partition_t *partition)
{
    rd_kafka_queue_t *queue =
        rd_kafka_queue_get_partition(client, partition->topic, partition->partition);

    if (!queue)
        return;
    rd_kafka_queue_forward(queue, feed->wake.queue);
    rd_kafka_queue_destroy(queue);
}

void feed_forget(struct feed *feed)
{
    forget_fetched(feed);
    if (feed->ends)
        rd_kafka_topic_partition_list_destroy(feed->ends);
    feed->ends = NULL;
}

void feed_add(struct feed *feed, const char *topic, int32_t partition)
{
    if (!feed->ends)
        feed->ends = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(feed->ends, topic, partition);
}

/* The pipe is emptied before the queue is: what comes after this wakes us again. */
static void fetch(struct feed *feed)
{
    wake_acknowledge(&feed->wake);
    ssize_t count = rd_kafka_consume_batch_queue(feed->wake.queue, 0, feed->fetched, FEED_TAKES);
    feed->next = 0;
    feed->count = count > 0 ? (size_t)count : 0;
}

rd_kafka_message_t *feed_peek(struct feed *feed)
{
    if (feed->next == feed->count)
        fetch(feed);
    return feed->next < feed->count ? feed->fetched[feed->next] : NULL;
}

void feed_take(struct feed *feed)
{
    const rd_kafka_message_t *handle = feed->fetched[feed->next++];

    feed->taken_bytes += handle->len + handle->key_len;
}

struct pollfd feed_poll(const struct feed *feed, int64_t now_ms, int64_t *until_ms)
{
    /* The pipe tells only that the queue is no longer empty, and what it told is read. */
    if (feed->next < feed->count || rd_kafka_queue_length(feed->wake.queue) > 0)
        clock_no_later(until_ms, now_ms);
    return wake_poll(&feed->wake);
}

/*
 * Any request to a broker wakes its thread. This one asks for the ends of the logs and waits for
 * none of them. Only after much was taken: else no queue was full, and of a leader that is not
 * known each call would ask for metadata.
 */
void feed_wake_fetchers(struct feed *feed, rd_kafka_t *client, int64_t now_ms, int64_t *until_ms)
{
    if (rd_kafka_version() >= MENDED_IN || !feed->ends || feed->taken_bytes < WAKE_AFTER_BYTES
        || rd_kafka_queue_length(feed->wake.queue) >= WAKE_BELOW)
        return;
    if (now_ms < feed->woken_ms + WAKE_EVERY_MS) {
        clock_no_later(until_ms, feed->woken_ms + WAKE_EVERY_MS);
        return;
    }
    feed->taken_bytes = 0;
    feed->woken_ms = now_ms;
    for (int i = 0; i < feed->ends->cnt; i++)
        feed->ends->elems[i].offset = RD_KAFKA_OFFSET_END;
    rd_kafka_offsets_for_times(client, feed->ends, 0);
}
