#include <inttypes.h>

#include "tests/simulation/kafka/feed_inside.h"
#include "tests/simulation/perils.h"

enum { LOG_RANGE_WAIT_US = 5 * SECOND, TEND_AGAIN_MS = 100 };

struct world *feed_world(const struct sim_source *feed)
{
    return feed->world;
}

struct source *feed_source(struct sim_source *feed)
{
    return &feed->source;
}

/* Now and then its client has had enough. */
bool feed_is_fatal(const struct sim_source *feed)
{
    struct world *world = feed->world;

    return !world->is_healing && world->perils->is_kafka_fatal && world_chance(world, 1)
           && world_chance(world, 100);
}

static void forget(struct sim_source *feed, struct reading *reading)
{
    reading->version++;
    for (size_t i = 0; i < LANES_DRAWN_MAX; i++)
        queue_forget(&feed->queues[i], (size_t)(reading - &feed->readings[0][0]) / PARTITIONS_MAX,
                     (int32_t)((reading - &feed->readings[0][0]) % PARTITIONS_MAX));
}

static bool is_given(const struct sim_source *feed, const struct place *place)
{
    for (size_t i = 0; i < feed->given_count; i++) {
        if (feed->given[i].topic == place->topic && feed->given[i].partition == place->partition)
            return true;
    }
    return false;
}

static bool begin(struct source *source, const struct place *places, size_t count,
                  struct error *err)
{
    struct sim_source *feed = feed_of(source);
    struct world *world = feed->world;

    if (!consumer_calls(feed->consumer))
        return true;
    if (feed_is_fatal(feed))
        return error_set(err, ERROR_UNAVAILABLE, "could not begin to read: refused");
    for (size_t i = 0; i < count; i++) {
        struct reading *reading = &feed->readings[places[i].topic][places[i].partition];

        if (!is_given(feed, &places[i]))
            world_fail(world, "consumer %d reads %s/%" PRId32 ", which it was not given",
                       feed->consumer->number, topic_names[places[i].topic], places[i].partition);
        forget(feed, reading);
        *reading =
            (struct reading){.log = world->broker->logs[places[i].topic][places[i].partition],
                             .lane = places[i].lane,
                             .next = places[i].offset,
                             .version = reading->version,
                             .log_end = reading->log_end};
        world_tell(world, "consumer %d lane %zu: reads %s/%" PRId32 " from %" PRId64,
                   feed->consumer->number, places[i].lane, topic_names[places[i].topic],
                   places[i].partition, places[i].offset);
        feed_fetch_soon(feed, reading);
    }
    return true;
}

static bool halt(struct source *source, const struct place *places, size_t count, struct error *err)
{
    struct sim_source *feed = feed_of(source);

    (void)err;
    for (size_t i = 0; consumer_calls(feed->consumer) && i < count; i++) {
        struct reading *reading = &feed->readings[places[i].topic][places[i].partition];

        forget(feed, reading);
        reading->log = NULL;
    }
    return true;
}

static void stop(struct source *source)
{
    struct sim_source *feed = feed_of(source);

    if (!consumer_calls(feed->consumer))
        return;
    for (size_t topic = 0; topic < TOPICS_MAX; topic++) {
        for (size_t i = 0; i < PARTITIONS_MAX; i++) {
            forget(feed, &feed->readings[topic][i]);
            feed->readings[topic][i].log = NULL;
        }
    }
    feed->given_count = 0;
    feed->is_told_back = false;
    group_answer(feed->world->group, feed->member);
}

static enum feed_news peek(struct source *source, size_t lane, struct message *message,
                           struct error *err)
{
    struct sim_source *feed = feed_of(source);

    if (!consumer_calls(feed->consumer))
        return FEED_NOTHING;
    if (feed_is_fatal(feed)) {
        error_set(err, ERROR_UNAVAILABLE, "Kafka client: a fatal error");
        return FEED_FAILED;
    }
    const struct queue_item *item = queue_first(&feed->queues[lane]);
    if (!item)
        return FEED_NOTHING;
    *message = (struct message){
        .topic = item->topic, .partition = item->partition, .offset = item->offset};
    if (item->news == FEED_MESSAGE) {
        message->published_us = item->message->published_us;
        message->key = item->message->key;
        message->key_length = item->message->key_length;
        message->value = item->message->value;
        message->value_length = item->message->value_length;
    }
    return item->news;
}

static void take(struct source *source, size_t lane)
{
    struct sim_source *feed = feed_of(source);

    if (!consumer_calls(feed->consumer))
        return;
    const struct queue_item *item = queue_first(&feed->queues[lane]);
    assert(item);
    if (item->news == FEED_MESSAGE && !member_has(feed->member, item->topic, item->partition))
        world_count(feed->world, COUNT_STALE_READS);
    queue_pop(&feed->queues[lane]);
}

static bool log_range(struct source *source, size_t topic, int32_t partition, int64_t *start,
                      int64_t *end, struct error *err)
{
    struct sim_source *feed = feed_of(source);
    const struct broker *broker = feed->world->broker;

    if (!consumer_calls(feed->consumer))
        return error_set(err, ERROR_UNAVAILABLE, "killed");
    if (broker_is_away(broker)) {
        consumer_waits_long(feed->consumer, LOG_RANGE_WAIT_US);
        return error_set(err, ERROR_UNAVAILABLE, "could not ask for the offsets of %s/%" PRId32,
                         topic_names[topic], partition);
    }
    consumer_waits(feed->consumer, world_between(feed->world, 100, 3000));
    const struct sim_log *log = broker->logs[topic][partition];
    *start = log->start;
    *end = sim_log_end(log);
    return true;
}

static int64_t log_end(const struct source *source, size_t topic, int32_t partition)
{
    return feed_of(source)->readings[topic][partition].log_end;
}

static void commit(struct source *source, const struct place *places, size_t count)
{
    struct sim_source *feed = feed_of(source);

    if (!consumer_calls(feed->consumer))
        return;
    for (size_t i = 0; i < count; i++)
        feed->world->group->offsets[places[i].topic][places[i].partition] = places[i].offset;
}

static size_t partition_count(const struct source *source, size_t topic)
{
    return (size_t)feed_of(source)->world->broker->partition_counts[topic];
}

static const struct place *given(const struct source *source, size_t *count)
{
    const struct sim_source *feed = feed_of(source);

    *count = feed->given_count;
    return feed->given;
}

bool feed_is_ready(const struct sim_source *feed, int descriptor)
{
    if (descriptor == DESCRIPTOR_GROUP)
        return feed_has_group_news(feed);
    size_t lane = (size_t)(descriptor - DESCRIPTOR_FEED);
    return lane < LANES_DRAWN_MAX && queue_first(&feed->queues[lane]);
}

static struct pollfd poll_group(const struct source *source)
{
    (void)source;
    return (struct pollfd){.fd = DESCRIPTOR_GROUP, .events = POLLIN};
}

static struct pollfd poll_feed(const struct source *source, size_t lane, int64_t now_ms,
                               int64_t *until_ms)
{
    if (queue_first(&feed_of(source)->queues[lane]))
        clock_no_later(until_ms, now_ms);
    return (struct pollfd){.fd = DESCRIPTOR_FEED + (int)lane, .events = POLLIN};
}

/* A queue that was full is filled again when half of it is taken: only whoever asks gets more. */
static void tend(struct source *source, int64_t now_ms, int64_t *until_ms)
{
    struct sim_source *feed = feed_of(source);

    if (!consumer_calls(feed->consumer))
        return;
    for (size_t i = 0; i < GIVEN_MAX; i++) {
        struct reading *reading = &feed->readings[0][0] + i;

        if (!reading->log || !reading->is_parked)
            continue;
        if (queue_is_low(&feed->queues[reading->lane]))
            feed_fetch_soon(feed, reading);
        else
            clock_no_later(until_ms, now_ms + TEND_AGAIN_MS);
    }
}

static void leave(struct source *source)
{
    struct sim_source *feed = feed_of(source);

    if (feed->is_gone)
        return;
    feed->is_gone = true;
    group_leave(feed->world->group, feed->member);
}

static const struct source_operations operations = {
    .free = leave,
    .partition_count = partition_count,
    .group = feed_hear_group,
    .given = given,
    .read = begin,
    .halt = halt,
    .stop = stop,
    .peek = peek,
    .take = take,
    .log_range = log_range,
    .log_end = log_end,
    .commit = commit,
    .poll_group = poll_group,
    .poll_feed = poll_feed,
    .tend = tend,
};

struct sim_source *feed_new(struct consumer *consumer)
{
    struct world *world = consumer->world;
    struct sim_source *feed = world_keep(world, 1, sizeof(*feed));

    feed->source.operations = &operations;
    feed->consumer = consumer;
    feed->world = world;
    for (size_t i = 0; i < LANES_DRAWN_MAX; i++)
        queue_init(&feed->queues[i], world, (size_t)world_between(world, 2, 64));
    feed->member = group_join(world->group, feed, consumer->number);
    return feed;
}
