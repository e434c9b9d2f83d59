#ifndef COOP_TESTS_SIMULATION_KAFKA_FEED_INSIDE_H
#define COOP_TESTS_SIMULATION_KAFKA_FEED_INSIDE_H

#include "tests/simulation/consumer.h"
#include "tests/simulation/kafka/feed.h"
#include "tests/simulation/kafka/queue.h"

/* The inside of a feed, for its own files: news.c hears the group, fetch.c fetches, feed.c is what
 * the pipeline calls. */

enum { NEWS_MAX = 32 };

struct group_item {
    enum group_news news;
    int64_t at_us;
    struct place places[GIVEN_MAX];
    size_t count;
};

/* A partition, as far as it is read. */
struct reading {
    struct sim_log *log; /* NULL: not read. */
    size_t lane;
    int64_t next;
    uint32_t version; /* What was fetched with an older one is forgotten. */
    bool is_fetching;
    bool is_parked; /* The queue was full. */
    bool is_end_told;
    bool is_outside;
    int64_t log_end;
};

struct sim_source {
    struct source source; /* First: the pipeline knows only this. */
    struct consumer *consumer;
    struct world *world;
    struct member *member;
    struct group_item news[NEWS_MAX];
    size_t news_first;
    size_t news_count;
    bool was_given;
    bool has_given;
    bool is_told_back;
    bool is_gone;
    int64_t silence;
    bool is_silent;
    int64_t silent_from_us;
    struct place given[GIVEN_MAX];
    size_t given_count;
    struct reading readings[TOPICS_MAX][PARTITIONS_MAX];
    struct queue queues[LANES_DRAWN_MAX];
};

static inline struct sim_source *feed_of(const struct source *source)
{
    return (struct sim_source *)(uintptr_t)source;
}

/** Now and then the client of Kafka has had enough. */
bool feed_is_fatal(const struct sim_source *feed);

/* news.c */

enum group_news feed_hear_group(struct source *source, struct error *err);
bool feed_has_group_news(const struct sim_source *feed);

/* fetch.c */

/** Asks the broker for more of it, before long. */
void feed_fetch_soon(struct sim_source *feed, struct reading *reading);

#endif
