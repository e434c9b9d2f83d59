#ifndef COOP_TESTS_FAKE_SOURCE_H
#define COOP_TESTS_FAKE_SOURCE_H

#include "consumers/kafka/source.h"
#include "tests/support/fake_routes.h"

/*
 * A source whose logs a test fills and whose group says what a test makes it say. What it is told
 * goes into the diary: "kafka: read sim.a/0@17".
 */

enum { FAKE_PARTITIONS = 4, FAKE_RECORDS = 64, FAKE_NEWS = 16 };

struct fake_record {
    enum feed_news news;
    struct message message;
};

struct fake_log {
    struct fake_record records[FAKE_RECORDS]; /**< In the order in which they come. */
    size_t count;
    int64_t start; /**< As Kafka tells when asked, */
    int64_t end;
    int64_t told_end; /**< and with what it sent last. */
    bool is_read;
    size_t lane;
    size_t next; /**< Of `records`. */
};

struct fake_group_news {
    enum group_news news;
    struct place places[FAKE_TOPICS * FAKE_PARTITIONS];
    size_t count;
};

struct fake_source {
    struct source source;
    struct fake_log logs[FAKE_TOPICS][FAKE_PARTITIONS];
    size_t partition_counts[FAKE_TOPICS];
    struct fake_record extras[FAKE_RECORDS]; /**< Come before all others, to any lane. */
    size_t extra_count;
    size_t extra_next;
    bool extras_again; /**< They come again and again. */
    int64_t taken;     /**< So many were taken, since the beginning. */
    struct fake_group_news news[FAKE_NEWS];
    size_t news_count;
    size_t news_next;
    bool is_away;       /**< It does not tell where logs begin and end. */
    bool refuses_read;  /**< It does not begin to read. */
    int64_t tend_in_ms; /**< When it wants to be tended again; 0: not at all. */
};

/** Two partitions a topic, with nothing in them. */
void fake_source_init(struct fake_source *source);

/** Puts a message at the end of its log. */
void fake_source_add(struct fake_source *source, const struct message *message);

/** Puts something else there: an end, or that the position lies outside the log. */
void fake_source_add_news(struct fake_source *source, enum feed_news news, size_t topic,
                          int32_t partition, int64_t offset);

/** Something comes at once, whatever is read: what was fetched before, or a failure. */
void fake_source_add_extra(struct fake_source *source, enum feed_news news,
                           const struct message *message);

/** The group gives the first partitions of each topic; so many. */
void fake_source_give(struct fake_source *source, size_t of_a, size_t of_b);
void fake_source_tell(struct fake_source *source, enum group_news news);

#endif
