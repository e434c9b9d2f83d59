#ifndef COOP_TESTS_SIMULATION_KAFKA_BROKER_H
#define COOP_TESTS_SIMULATION_KAFKA_BROKER_H

#include "tests/simulation/messages.h"

/*
 * The brokers: topics, each a log a partition, as a consumer that reads committed messages sees
 * them. Markers of transactions and messages that were aborted take offsets and nothing else.
 */

enum { PARTITIONS_MAX = 4, LOGS_MAX = 64 };

struct sim_log {
    size_t topic;
    int32_t partition;
    int incarnation;
    int64_t base;  /**< Offset of the first record that there ever was here. */
    int64_t start; /**< Of the first that is still there: retention removes from the front. */
    struct sim_message **records; /**< From `base`; NULL: an offset without a message. */
    size_t count;
    size_t capacity;
};

struct broker {
    struct world *world;
    enum layout layout;
    size_t topic_count;
    int32_t partition_counts[TOPICS_MAX];
    int incarnations[TOPICS_MAX];
    struct sim_log *logs[TOPICS_MAX][PARTITIONS_MAX]; /**< As they are now. */
    struct sim_log *all[LOGS_MAX];                    /**< And all that ever were. */
    size_t log_count;
    struct messages messages;
    struct mixture mixture;
    int64_t gaps;           /**< Per mille of what is published is a transaction. */
    bool is_made_anew_here; /**< Then a log that follows another has no gaps, see broker.c. */
    int64_t left;           /**< Messages still to be published, */
    int64_t every_us;       /**< and how often some are. */
    int64_t round;          /**< What is planned for an older one is void. */
    int64_t published_us;   /**< Timestamp of the last one: each has its own. */
    int64_t away_until_us;
};

struct broker *broker_new(struct world *world, enum layout layout);

/** Producers begin to publish, or go on with what is left. */
void broker_publish(struct broker *broker);

/** The offset after a log's last. */
static inline int64_t sim_log_end(const struct sim_log *log)
{
    return log->base + (int64_t)log->count;
}

/** What lies at an offset; NULL: no message. */
static inline struct sim_message *sim_log_at(const struct sim_log *log, int64_t offset)
{
    return offset < log->base || offset >= sim_log_end(log) ? NULL
                                                            : log->records[offset - log->base];
}

bool broker_is_away(const struct broker *broker);

/** The topic is deleted and made anew under its name. */
void broker_make_anew(struct broker *broker, size_t topic);

/** What became of that offset of a topic: the log in whose time it was published, newest first. */
struct sim_log *broker_log(const struct broker *broker, size_t topic, int32_t partition,
                           int incarnation);

#endif
