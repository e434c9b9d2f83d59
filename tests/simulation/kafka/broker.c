#include "tests/simulation/kafka/broker.h"

#include <inttypes.h>

#include "tests/simulation/kafka/feed.h"
#include "tests/simulation/perils.h"

enum { RUN_MAX = 8 };

static struct sim_log *begin_log(struct broker *broker, size_t topic, int32_t partition,
                                 int64_t base)
{
    struct sim_log *log = world_keep(broker->world, 1, sizeof(*log));

    assert(broker->log_count < LOGS_MAX);
    *log = (struct sim_log){.topic = topic,
                            .partition = partition,
                            .incarnation = broker->incarnations[topic],
                            .base = base,
                            .start = base};
    broker->logs[topic][partition] = log;
    broker->all[broker->log_count++] = log;
    return log;
}

/* Half of all worlds do not know it at all. */
static int64_t maybe(struct world *world, int64_t most)
{
    return world_chance(world, 500) ? world_between(world, 1, most) : 0;
}

struct broker *broker_new(struct world *world, enum layout layout)
{
    struct broker *broker = world_keep(world, 1, sizeof(*broker));

    broker->world = world;
    broker->layout = layout;
    broker->topic_count = tables_routes(layout)->count;
    broker->published_us = world_wall_us(world, 0);
    broker->left = world_between(world, 10, world_chance(world, 300) ? 300 : 80);
    broker->every_us = world->perils->until_us * 4 / (broker->left + 1);
    broker->gaps = world_chance(world, 500) ? world_between(world, 50, 600) : 0;
    broker->mixture =
        (struct mixture){.repeats = maybe(world, world_chance(world, 200) ? 900 : 200),
                         .poison = maybe(world, 200),
                         .broken = maybe(world, 200),
                         .refused = maybe(world, 100),
                         .younger = maybe(world, 500),
                         .timeless = maybe(world, 100)};
    for (size_t topic = 0; topic < broker->topic_count; topic++) {
        broker->partition_counts[topic] = (int32_t)world_between(world, 1, PARTITIONS_MAX);
        for (int32_t i = 0; i < broker->partition_counts[topic]; i++)
            begin_log(broker, topic, i,
                      world_chance(world, 300) ? world_between(world, 1, 1000000) : 0);
    }
    return broker;
}

bool broker_is_away(const struct broker *broker)
{
    return broker->world->now_us < broker->away_until_us;
}

struct sim_log *broker_log(const struct broker *broker, size_t topic, int32_t partition,
                           int incarnation)
{
    for (size_t i = 0; i < broker->log_count; i++) {
        struct sim_log *log = broker->all[i];

        if (log->topic == topic && log->partition == partition && log->incarnation == incarnation)
            return log;
    }
    return NULL;
}

static void append(struct broker *broker, struct sim_log *log, struct sim_message *message)
{
    log->records = world_grow(broker->world, log->records, log->count, &log->capacity,
                              sizeof(struct sim_message *));
    if (!message)
        world_count(broker->world, COUNT_GAPS);
    log->records[log->count++] = message;
}

/* Kafka counts in milliseconds; no two messages here are of the same. */
static int64_t next_timestamp(struct broker *broker)
{
    int64_t wall_us = world_wall_us(broker->world, broker->world->now_us) / 1000 * 1000;

    broker->published_us = wall_us > broker->published_us ? wall_us : broker->published_us + 1000;
    return broker->published_us;
}

static void append_message(struct broker *broker, struct sim_log *log)
{
    struct world *world = broker->world;
    struct sim_message *message = messages_make(world, &broker->messages, &broker->mixture,
                                                tables_of_topic(broker->layout, log->topic));
    bool is_timeless = !broker->is_made_anew_here && world_chance(world, broker->mixture.timeless);

    message->topic = log->topic;
    message->partition = log->partition;
    message->incarnation = log->incarnation;
    message->offset = sim_log_end(log);
    message->published_us = is_timeless ? -1 : next_timestamp(broker);
    append(broker, log, message);
    world_tell(world, "publishes %s/%" PRId32 " at %" PRId64 ": m%" PRId32 ", %s%s%s, id %" PRId32,
               topic_names[log->topic], log->partition, message->offset, message->serial,
               message_kind_name(message->kind), message->reason ? " " : "",
               message->reason ? message->reason : "", message->event);
}

/*
 * That a topic was made anew shows where the record before the position is another one than was
 * stored. An offset without a message shows nothing, so a log that follows another has none.
 */
static bool may_have_gaps(const struct broker *broker, const struct sim_log *log)
{
    return log->incarnation == 0 || !broker->is_made_anew_here;
}

static void publish(void *of, int64_t argument)
{
    struct broker *broker = of;
    struct world *world = broker->world;
    size_t topic = (size_t)world_draw(world, (int64_t)broker->topic_count);
    struct sim_log *log = broker->logs[topic][world_draw(world, broker->partition_counts[topic])];
    int64_t count = world_between(world, 1, RUN_MAX);
    bool is_transaction = may_have_gaps(broker, log) && world_chance(world, broker->gaps);
    bool is_aborted = is_transaction && world_chance(world, 300);

    if (argument != broker->round || broker->left <= 0)
        return;
    for (int64_t i = 0; i < count; i++) {
        if (is_aborted)
            append(broker, log, NULL);
        else
            append_message(broker, log);
    }
    if (!is_aborted)
        broker->left -= count;
    if (is_transaction) {
        append(broker, log, NULL);
        world_tell(world, "publishes %s/%" PRId32 " up to %" PRId64 ": %s", topic_names[topic],
                   log->partition, sim_log_end(log),
                   is_aborted ? "messages that are aborted, and the marker" : "the marker");
    }
    feeds_note_append(world, log);
    world_plan(world, world->now_us + world_delay(world, broker->every_us), publish, broker,
               broker->round);
}

void broker_publish(struct broker *broker)
{
    world_plan(broker->world, broker->world->now_us, publish, broker, ++broker->round);
}

void broker_make_anew(struct broker *broker, size_t topic)
{
    struct world *world = broker->world;

    world_count(world, COUNT_MADE_ANEW);
    broker->incarnations[topic]++;
    for (int32_t i = 0; i < broker->partition_counts[topic]; i++)
        begin_log(broker, topic, i, 0);
    world_tell(world, "%s is deleted and made anew", topic_names[topic]);
}
