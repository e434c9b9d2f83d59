#ifndef COOP_CONSUMERS_SOURCE_H
#define COOP_CONSUMERS_SOURCE_H

#include "common/cli/settings.h"
#include "common/kafka/message.h"

/*
 * The topics as a stream of messages, for one thread that never waits.
 *
 * Where a partition begins is the caller's decision: after SOURCE_ASSIGNED it calls
 * source_assign() when it is ready, after SOURCE_REVOKED source_unassign(). Kafka's own
 * committed offsets are written for lag displays and never read.
 */
struct source;

struct source_partition {
    size_t topic;
    int32_t partition;
    int64_t offset; /**< Where to begin, or up to where it is stored. */
};

enum source_news {
    SOURCE_NOTHING,
    SOURCE_MESSAGE,
    SOURCE_END,      /**< message.partition is read up to message.offset. */
    SOURCE_OUTSIDE,  /**< The position lies outside the log of message.partition. */
    SOURCE_ASSIGNED, /**< See source_assignment(). */
    SOURCE_REVOKED,
    SOURCE_FAILED, /**< See err; the consumer cannot go on. */
};

/**
 * Joins the group. `topics` (borrowed, as are the settings) are all known to the brokers.
 *
 * @return NULL with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED or ERROR_CONFIGURATION.
 */
struct source *source_new(const struct kafka_settings *settings, const char *group,
                          char *const *topics, size_t topic_count, struct error *err);

/** Leaves the group. */
void source_free(struct source *source);

/** Partitions of a topic, as the brokers told at the start. */
size_t source_partition_count(const struct source *source, size_t topic);

/** First offset of the log and the one after its last. Waits at most 5 s. */
MUST_USE bool source_watermarks(struct source *source, size_t topic, int32_t partition,
                                int64_t *low, int64_t *high, struct error *err);

/** The offset after the last one of the log, as Kafka told with what it sent last; -1: not yet. */
int64_t source_log_end(const struct source *source, size_t topic, int32_t partition);

/** Becomes readable when there may be news; for poll(2). */
int source_descriptor(const struct source *source);

/** Empties the descriptor; afterwards ask for news until there is none. */
void source_acknowledge(struct source *source);

/** Never waits. *message is set for MESSAGE, END and OUTSIDE, and to be freed for MESSAGE. */
enum source_news source_next(struct source *source, struct message *message, struct error *err);

/** What the group has given us; good until the next news. */
const struct source_partition *source_assignment(const struct source *source, size_t *count);

/** Begins to read, or begins anew: each partition at its offset. */
MUST_USE bool source_assign(struct source *source, const struct source_partition *partitions,
                            size_t count, struct error *err);
void source_unassign(struct source *source);

/** Stops fetching without leaving the group, until the next source_assign(). */
void source_pause(struct source *source);

/** Writes the group's offsets, for lag displays; does not wait. */
void source_commit(struct source *source, const struct source_partition *partitions, size_t count);

#endif
