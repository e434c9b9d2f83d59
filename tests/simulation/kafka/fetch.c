#include "tests/simulation/kafka/feed_inside.h"
#include "tests/simulation/perils.h"

enum { RUN_MAX = 12 };

static void fetch(void *of, int64_t argument);

static void plan_fetch(struct sim_source *feed, struct reading *reading, int64_t at_us)
{
    if (reading->is_fetching)
        return;
    reading->is_fetching = true;
    reading->is_parked = false;
    size_t place = (size_t)(reading - &feed->readings[0][0]);
    world_plan(feed->world, at_us, fetch, feed, (int64_t)((uint64_t)reading->version << 8 | place));
}

void feed_fetch_soon(struct sim_source *feed, struct reading *reading)
{
    plan_fetch(feed, reading,
               feed->world->now_us + world_delay(feed->world, feed->world->perils->fetch_us));
}

static bool push(struct sim_source *feed, struct reading *reading, enum feed_news news,
                 struct sim_message *message)
{
    struct queue *queue = &feed->queues[reading->lane];
    struct queue_item *item = queue_push(queue);

    if (!item) {
        if (!reading->is_parked)
            world_count(feed->world, COUNT_QUEUES_FULL);
        reading->is_parked = true;
        return false;
    }
    *item = (struct queue_item){.news = news,
                                .topic = reading->log->topic,
                                .partition = reading->log->partition,
                                .offset = reading->next,
                                .message = message};
    return true;
}

/* Several of one partition in a run, as Kafka's fetches bring them. */
static void fetch_run(struct sim_source *feed, struct reading *reading, int64_t end)
{
    for (int64_t left = world_between(feed->world, 1, RUN_MAX); reading->next < end && left > 0;) {
        struct sim_message *message = sim_log_at(reading->log, reading->next);

        if (message && !push(feed, reading, FEED_MESSAGE, message))
            return;
        left -= message != NULL;
        reading->next++;
    }
}

static void fetch(void *of, int64_t argument)
{
    struct sim_source *feed = of;
    struct world *world = feed->world;
    struct reading *reading = &feed->readings[0][0] + (argument & 0xff);

    if (feed->is_gone || (uint32_t)(argument >> 8) != reading->version)
        return;
    reading->is_fetching = false;
    if (!reading->log || reading->is_outside)
        return;
    if (broker_is_away(world->broker)) {
        plan_fetch(feed, reading, world->broker->away_until_us + world_delay(world, SECOND));
        return;
    }
    struct sim_log *now = world->broker->logs[reading->log->topic][reading->log->partition];
    int64_t end = sim_log_end(now);
    reading->log_end = end;
    if (reading->next < now->start || reading->next > end) {
        reading->is_outside = push(feed, reading, FEED_OUT_OF_RANGE, NULL);
    } else if (reading->log != now) {
        return; /* Another topic's now: the group will tell, and reading begins anew. */
    } else {
        fetch_run(feed, reading, end);
        if (reading->next == end && !reading->is_end_told && !reading->is_parked)
            reading->is_end_told = push(feed, reading, FEED_END, NULL);
        else if (reading->next < end && !reading->is_parked)
            feed_fetch_soon(feed, reading);
    }
    consumer_wake(feed->consumer, DESCRIPTOR_FEED + (int)reading->lane);
}

void feeds_note_append(struct world *world, const struct sim_log *log)
{
    for (size_t i = 0; i < world->consumers->count; i++) {
        struct consumer *consumer = &world->consumers->items[i];

        if (!consumer_is_running(consumer))
            continue;
        struct reading *reading = &consumer->feed->readings[log->topic][log->partition];
        reading->is_end_told = false;
        if (reading->log && !reading->is_parked)
            feed_fetch_soon(consumer->feed, reading);
    }
}
