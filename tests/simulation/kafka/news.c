#include <string.h>

#include "tests/simulation/kafka/feed_inside.h"

static void wake_for_group(void *of, int64_t argument)
{
    struct sim_source *feed = of;

    (void)argument;
    if (!feed->is_gone)
        consumer_wake(feed->consumer, DESCRIPTOR_GROUP);
}

static struct group_item *add_news(struct sim_source *feed, enum group_news news, int64_t at_us)
{
    assert(feed->news_count < NEWS_MAX);
    if (feed->news_count) {
        size_t last = (feed->news_first + feed->news_count - 1) % NEWS_MAX;

        if (at_us < feed->news[last].at_us)
            at_us = feed->news[last].at_us;
    }
    struct group_item *item = &feed->news[(feed->news_first + feed->news_count++) % NEWS_MAX];
    *item = (struct group_item){.news = news, .at_us = at_us};
    world_plan(feed->world, at_us, wake_for_group, feed, 0);
    return item;
}

void feed_tell_given(struct sim_source *feed, const struct place *places, size_t count,
                     int64_t at_us)
{
    struct group_item *item;

    if (feed->is_gone)
        return;
    item = add_news(feed, GROUP_GIVEN, at_us);
    memcpy(item->places, places, count * sizeof(*places));
    item->count = count;
    feed->was_given = true;
    feed->has_given = count > 0;
}

void feed_tell_taken_back(struct sim_source *feed, int64_t at_us)
{
    if (feed->is_gone || feed->is_told_back)
        return;
    add_news(feed, GROUP_TAKEN_BACK, at_us);
    feed->is_told_back = true;
    feed->has_given = false;
}

bool feed_was_given(const struct sim_source *feed)
{
    return feed->was_given;
}

bool feed_has_given(const struct sim_source *feed)
{
    return feed->has_given;
}

bool feed_is_told_back(const struct sim_source *feed)
{
    return feed->is_told_back;
}

int64_t feed_silence(const struct sim_source *feed)
{
    return feed->silence;
}

bool feed_is_silent(const struct sim_source *feed, int64_t silence)
{
    return feed->is_silent && feed->silence == silence;
}

bool feed_is_gone(const struct sim_source *feed)
{
    return feed->is_gone;
}

static void fall_silent(struct sim_source *feed)
{
    if (feed->is_silent)
        return;
    feed->is_silent = true;
    feed->silent_from_us = feed->world->now_us;
    feed->silence++;
    group_note_silence(feed->world->group, feed->member);
}

void feed_note_pause(struct sim_source *feed)
{
    fall_silent(feed);
}

/* What was said to a process that was stopped, it hears when it asks again. */
static void put_off_news(struct sim_source *feed)
{
    struct world *world = feed->world;
    int64_t at_us = world->now_us + world_delay(world, world->group->heartbeat_us);

    for (size_t i = 0; i < feed->news_count; i++) {
        struct group_item *item = &feed->news[(feed->news_first + i) % NEWS_MAX];

        if (item->at_us > feed->silent_from_us && item->at_us < at_us)
            item->at_us = at_us;
    }
    world_plan(world, at_us, wake_for_group, feed, 0);
}

void feed_note_return(struct sim_source *feed)
{
    feed->is_silent = false;
    put_off_news(feed);
    group_note_return(feed->world->group, feed->member);
}

void feed_die(struct sim_source *feed)
{
    feed->is_gone = true;
    fall_silent(feed);
}

bool feed_has_group_news(const struct sim_source *feed)
{
    return feed->news_count
           && feed->news[feed->news_first].at_us <= consumer_now_us(feed->consumer);
}

enum group_news feed_hear_group(struct source *source, struct error *err)
{
    struct sim_source *feed = feed_of(source);
    struct world *world = feed->world;

    if (!consumer_calls(feed->consumer))
        return GROUP_NOTHING;
    if (feed_is_fatal(feed)) {
        error_set(err, ERROR_UNAVAILABLE, "Kafka client: a fatal error");
        return GROUP_FAILED;
    }
    const struct group_item *item = &feed->news[feed->news_first];
    if (feed->news_count == 0 || item->at_us > consumer_now_us(feed->consumer))
        return GROUP_NOTHING;
    feed->news_first = (feed->news_first + 1) % NEWS_MAX;
    feed->news_count--;
    if (item->news == GROUP_GIVEN) {
        memcpy(feed->given, item->places, sizeof(feed->given));
        feed->given_count = item->count;
    }
    world_tell(world, "consumer %d: hears that the group has %s", feed->consumer->number,
               item->news == GROUP_GIVEN ? "given" : "taken back");
    return item->news;
}
