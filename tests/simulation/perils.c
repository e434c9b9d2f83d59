#include "tests/simulation/perils.h"

#include <inttypes.h>

#include "tests/simulation/consumer.h"
#include "tests/simulation/desk.h"

enum { STREAMS_LEFT = 4, LOGS_LEFT = 2 * PARTITIONS_MAX };

/* Half of all worlds do not know it at all. */
static int64_t maybe(struct world *world, int64_t most)
{
    return world_chance(world, 500) ? 0 : world_between(world, 1, most);
}

static int64_t one_of(struct world *world, const int64_t *choices, int64_t count)
{
    return choices[world_draw(world, count)];
}

struct perils *perils_new(struct world *world)
{
    static const int64_t networks_us[] = {200, 1000, 20000, 200000};
    static const int64_t statements_us[] = {300, 2000, 20000, 200000};
    static const int64_t fetches_us[] = {500, 5000, 50000};
    struct perils *perils = world_keep(world, 1, sizeof(*perils));

    perils->world = world;
    perils->until_us = world_between(world, 1, 40) * SECOND;
    perils->every_us = world_between(world, 50, 4000) * MILLISECOND;
    for (size_t i = 0; i < PERILS; i++) {
        perils->weights[i] = maybe(world, 10);
        perils->weight_sum += perils->weights[i];
    }
    perils->network_us = one_of(world, networks_us, ARRAY_LENGTH(networks_us));
    perils->statement_us = one_of(world, statements_us, ARRAY_LENGTH(statements_us));
    perils->fetch_us = one_of(world, fetches_us, ARRAY_LENGTH(fetches_us));
    perils->cuts = maybe(world, 100);
    perils->stuck = maybe(world, 20);
    perils->refusals = maybe(world, 60);
    perils->rests = maybe(world, 100);
    perils->deaths = maybe(world, 1000);
    perils->commits_lost_max = world_between(world, 0, 12);
    perils->is_kafka_fatal = world_chance(world, 100);
    perils->has_folds = world_chance(world, 300);
    return perils;
}

static struct consumer *any_consumer(struct world *world)
{
    return &world->consumers->items[world_draw(world, (int64_t)world->consumers->count)];
}

static void cut(struct world *world)
{
    struct consumer *consumer = any_consumer(world);

    for (size_t i = 0; consumer_is_running(consumer) && i < consumer->session_count; i++) {
        if (world_chance(world, 500))
            session_cut(consumer->sessions[i]);
    }
}

/* Removes what is stored, and what no standby lacks. */
static void retain(struct world *world)
{
    struct broker *broker = world->broker;
    struct store *store = world->store;
    size_t topic = (size_t)world_draw(world, (int64_t)broker->topic_count);
    const struct stream *stream = store_stream_of(store, topic);
    int64_t safe = store->commit - world_between(world, 0, 12);

    if (stream->incarnation != broker->incarnations[topic])
        return;
    if (store->safe < safe)
        store->safe = safe;
    for (int32_t i = 0; i < broker->partition_counts[topic]; i++) {
        struct sim_log *log = broker->logs[topic][i];
        int64_t stored = position_at(&stream->positions[i], store->safe);

        if (stored <= log->start)
            continue;
        log->start = world_between(world, log->start, stored);
        world_count(world, COUNT_RETENTIONS);
        world_tell(world, "%s/%" PRId32 " begins at %" PRId64 " now", topic_names[topic], i,
                   log->start);
    }
}

static void make_anew(struct world *world)
{
    struct broker *broker = world->broker;
    size_t topic = (size_t)world_draw(world, (int64_t)broker->topic_count);

    if (!desk_may_make_anew(world->desk, topic) || broker->log_count + LOGS_LEFT > LOGS_MAX
        || world->store->stream_count + STREAMS_LEFT > STREAMS_MAX)
        return;
    world->store->safe = world->store->commit;
    broker_make_anew(broker, topic);
    broker->left += world_between(world, 5, 40);
    broker_publish(broker);
    group_rebalance(world->group);
}

static void take_rights(struct world *world)
{
    static const char *const words[RIGHTS] = {"write", "claim", "fold"};
    enum right right = (enum right)world_draw(world, RIGHTS);

    world->server->has_lost[right] = true;
    world_count(world, COUNT_RIGHTS);
    world_tell(world, "the right to %s is taken away", words[right]);
}

static void jump(struct world *world)
{
    int64_t by_us = world_between(world, 1, world_chance(world, 100) ? 20000 : 120) * SECOND;

    world_count(world, COUNT_JUMPS);
    world_tell(world, "time jumps by %" PRId64 " s", by_us / SECOND);
    world_jump(world, by_us);
    world->perils->until_us += by_us;
    for (size_t i = 0; i < world->consumers->count; i++)
        world->consumers->items[i].drained_us += by_us;
}

static void happen(struct world *world, enum peril peril)
{
    struct consumer *consumer = any_consumer(world);

    switch (peril) {
    case PERIL_KILL:
        consumer_kill(consumer);
        break;
    case PERIL_PAUSE:
        consumer_pause(
            consumer,
            world_delay(world, world_chance(world, 500) ? SECOND : 2 * world->group->session_us));
        break;
    case PERIL_DRAIN:
        consumer_drain(consumer);
        break;
    case PERIL_START:
        if (!consumer_is_running(consumer))
            consumer_start(consumer, world_chance(world, 200));
        break;
    case PERIL_REBALANCE:
        group_rebalance(world->group);
        break;
    case PERIL_CUT:
        cut(world);
        break;
    case PERIL_RESTART:
        server_restart(world->server, world_delay(world, SECOND));
        break;
    case PERIL_FAILOVER:
        server_fail_over(world->server, world_delay(world, 3 * SECOND),
                         world_between(world, 0, world->perils->commits_lost_max));
        break;
    case PERIL_BROKER:
        world_count(world, COUNT_BROKER_OUTAGES);
        world->broker->away_until_us = world->now_us + world_delay(world, 2 * SECOND);
        world_tell(world, "no broker answers");
        break;
    case PERIL_RETENTION:
        retain(world);
        break;
    case PERIL_ANEW:
        make_anew(world);
        break;
    case PERIL_RIGHTS:
        take_rights(world);
        break;
    case PERIL_JUMP:
        jump(world);
        break;
    case PERIL_WALL:
        world->skew_us += world_between(world, -100000, 100000) * SECOND;
        break;
    case PERILS:
        break;
    }
}

static void strike(void *of, int64_t argument)
{
    struct perils *perils = of;
    struct world *world = perils->world;
    int64_t drawn = world_draw(world, perils->weight_sum);

    (void)argument;
    if (world->is_healing)
        return;
    for (enum peril peril = 0; peril < PERILS; peril++) {
        drawn -= perils->weights[peril];
        if (drawn < 0) {
            happen(world, peril);
            break;
        }
    }
    world_plan(world, world->now_us + world_delay(world, perils->every_us), strike, perils, 0);
}

void perils_begin(struct perils *perils)
{
    if (perils->weight_sum)
        world_plan(perils->world, perils->world->now_us + perils->every_us, strike, perils, 0);
}

void perils_end(struct perils *perils)
{
    struct world *world = perils->world;

    world->is_healing = true;
    world_tell(world, "from now on nothing goes wrong");
    world->server->down_until_us = world->now_us;
    world->broker->away_until_us = world->now_us;
    perils->network_us = perils->statement_us = perils->fetch_us = MILLISECOND;
    world->broker->every_us = 50 * MILLISECOND;
    broker_publish(world->broker);
    for (size_t i = 0; i < world->consumers->count; i++)
        consumer_heal(&world->consumers->items[i]);
}
