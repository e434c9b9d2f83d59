#ifndef COOP_CONSUMERS_KAFKA_SOURCE_H
#define COOP_CONSUMERS_KAFKA_SOURCE_H

#include <poll.h>

#include "common/base/error.h"
#include "common/kafka/message.h"

/*
 * Where messages come from: the group, which says what is ours, and for each lane a feed, the
 * messages of its partitions in the order of each partition's log. One thread calls. It waits in
 * source_log_range(), and as long as librdkafka's main thread takes for a change of what is read.
 *
 * Where a partition begins is the caller's decision. Kafka's own committed offsets are written
 * for lag displays and never read. Real is kafka/consumer.c; the tests have others.
 */

/** A partition with an offset: where to begin, or up to where it is stored. */
struct place {
    size_t topic; /**< Place in the list of topics that the source reads. */
    int32_t partition;
    size_t lane; /**< Whose feed it belongs to. */
    int64_t offset;
};

enum group_news {
    GROUP_NOTHING,
    GROUP_GIVEN,      /**< The group has given us what source_given() says, be it nothing. */
    GROUP_TAKEN_BACK, /**< It has taken everything back; answer with source_stop(). */
    GROUP_FAILED,     /**< See err; the consumer cannot go on. */
};

enum feed_news {
    FEED_NOTHING,      /**< Nothing more for now. */
    FEED_MESSAGE,      /**< A message; source_take() makes it the caller's. */
    FEED_END,          /**< message.partition is read up to message.offset, where its log ends. */
    FEED_OUT_OF_RANGE, /**< The position of message.partition lies outside its log. */
    FEED_FAILED,       /**< See err; the consumer cannot go on. */
};

struct source {
    const struct source_operations *operations;
};

struct source_operations {
    void (*free)(struct source *source);
    size_t (*partition_count)(const struct source *source, size_t topic);
    enum group_news (*group)(struct source *source, struct error *err);
    const struct place *(*given)(const struct source *source, size_t *count);
    bool (*read)(struct source *source, const struct place *places, size_t count,
                 struct error *err);
    bool (*halt)(struct source *source, const struct place *places, size_t count,
                 struct error *err);
    void (*stop)(struct source *source);
    enum feed_news (*peek)(struct source *source, size_t lane, struct message *message,
                           struct error *err);
    void (*take)(struct source *source, size_t lane);
    bool (*log_range)(struct source *source, size_t topic, int32_t partition, int64_t *start,
                      int64_t *end, struct error *err);
    int64_t (*log_end)(const struct source *source, size_t topic, int32_t partition);
    void (*commit)(struct source *source, const struct place *places, size_t count);
    struct pollfd (*poll_group)(const struct source *source);
    struct pollfd (*poll_feed)(const struct source *source, size_t lane, int64_t now_ms,
                               int64_t *until_ms);
    void (*tend)(struct source *source, int64_t now_ms, int64_t *until_ms);
};

/** Leaves the group. NULL is allowed. */
static inline void source_free(struct source *source)
{
    if (source)
        source->operations->free(source);
}

/** Partitions of a topic, as the brokers told at the start. */
static inline size_t source_partition_count(const struct source *source, size_t topic)
{
    return source->operations->partition_count(source, topic);
}

/** What the group has decided since it was asked last. Membership rests on it being asked. */
static inline enum group_news source_group(struct source *source, struct error *err)
{
    return source->operations->group(source, err);
}

/** What the group has given us; offset and lane are not set. Good until the next source_group(). */
static inline const struct place *source_given(const struct source *source, size_t *count)
{
    return source->operations->given(source, count);
}

/**
 * Begins to read these partitions, each at its offset, or begins again there: what was fetched
 * of them before is forgotten. Others go on where they are. The places are copied.
 *
 * @return false with ERROR_UNAVAILABLE where librdkafka refuses.
 */
MUST_USE static inline bool source_read(struct source *source, const struct place *places,
                                        size_t count, struct error *err)
{
    return source->operations->read(source, places, count, err);
}

/**
 * Reads these partitions no more until the next source_read() of them; only topic and partition
 * count. Others go on where they are.
 *
 * @return false with ERROR_UNAVAILABLE where librdkafka refuses.
 */
MUST_USE static inline bool source_halt(struct source *source, const struct place *places,
                                        size_t count, struct error *err)
{
    return source->operations->halt(source, places, count, err);
}

/** Stops reading everything, and tells the group so. */
static inline void source_stop(struct source *source)
{
    source->operations->stop(source);
}

/**
 * The first of a lane's feed, the same until source_take(). The message's bytes and handle are the
 * source's until then. For END and OUT_OF_RANGE only topic, partition and offset are set.
 */
static inline enum feed_news source_peek(struct source *source, size_t lane,
                                         struct message *message, struct error *err)
{
    return source->operations->peek(source, lane, message, err);
}

/** Passes over what source_peek() has shown; a message is the caller's now: message_free(). */
static inline void source_take(struct source *source, size_t lane)
{
    source->operations->take(source, lane);
}

/** First offset of a log and the one after its last. Waits for the broker, at most 5 s. */
MUST_USE static inline bool source_log_range(struct source *source, size_t topic, int32_t partition,
                                             int64_t *start, int64_t *end, struct error *err)
{
    return source->operations->log_range(source, topic, partition, start, end, err);
}

/** The offset after the last one of the log, as Kafka told with what it sent last; 0: not yet. */
static inline int64_t source_log_end(const struct source *source, size_t topic, int32_t partition)
{
    return source->operations->log_end(source, topic, partition);
}

/** Writes the group's offsets, for lag displays. */
static inline void source_commit(struct source *source, const struct place *places, size_t count)
{
    source->operations->commit(source, places, count);
}

/** What to wait for to hear of the group. */
static inline struct pollfd source_poll_group(const struct source *source)
{
    return source->operations->poll_group(source);
}

/** What to wait for to hear of a feed; *until_ms becomes now where it has more already. */
static inline struct pollfd source_poll_feed(const struct source *source, size_t lane,
                                             int64_t now_ms, int64_t *until_ms)
{
    return source->operations->poll_feed(source, lane, now_ms, until_ms);
}

/** Has the brokers asked for more where a feed runs low; *until_ms: when to come again. */
static inline void source_tend(struct source *source, int64_t now_ms, int64_t *until_ms)
{
    source->operations->tend(source, now_ms, until_ms);
}

#endif
