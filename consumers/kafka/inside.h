#ifndef COOP_CONSUMERS_KAFKA_INSIDE_H
#define COOP_CONSUMERS_KAFKA_INSIDE_H

#include "consumers/kafka/consumer.h"
#include "consumers/kafka/readings.h"

/*
 * The inside of a consumer, for its own files: consumer.c makes it, group.c hears the group,
 * messages.c gives what comes into the feeds, offsets.c asks for and writes offsets.
 */
struct consumer {
    struct source source;
    struct consumer_kind kind;
    rd_kafka_t *client;
    struct wake group; /* What the group says. */
    struct topics topics;
    struct readings readings;
    enum group_news rebalance; /* GROUP_NOTHING, _GIVEN or _TAKEN_BACK: not yet told. */
    struct place *given;
    size_t given_count;
    const rd_kafka_topic_t *last_handle; /* Topic of the message before: mostly the same. */
    size_t last_topic;
    bool is_closing;
    bool is_away; /* No broker answers; said in the log. */
};

static inline struct consumer *consumer_of(struct source *source)
{
    return (struct consumer *)source;
}

static inline const struct consumer *consumer_of_const(const struct source *source)
{
    return (const struct consumer *)source;
}

/* These are operations of struct source: see there. */

/* group.c */
void consumer_on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t *list, void *opaque);
enum group_news consumer_hear_group(struct source *source, struct error *err);
const struct place *consumer_given(const struct source *source, size_t *count);
void consumer_stop(struct source *source);

/* messages.c */
bool consumer_read(struct source *source, const struct place *places, size_t count,
                   struct error *err);
bool consumer_halt(struct source *source, const struct place *places, size_t count,
                   struct error *err);
enum feed_news consumer_peek(struct source *source, size_t lane, struct message *message,
                             struct error *err);
void consumer_take(struct source *source, size_t lane);

/** False with err: what came in place of a message ends the consumer. The rest mends itself. */
bool consumer_can_go_on(struct consumer *consumer, const rd_kafka_message_t *handle,
                        struct error *err);

/* offsets.c */
size_t consumer_partition_count(const struct source *source, size_t topic);
bool consumer_log_range(struct source *source, size_t topic, int32_t partition, int64_t *start,
                        int64_t *end, struct error *err);
int64_t consumer_log_end(const struct source *source, size_t topic, int32_t partition);
void consumer_commit(struct source *source, const struct place *places, size_t count);

#endif
