#include "tests/simulation/simulate.h"

#include <inttypes.h>

#include "tests/simulation/audit.h"
#include "tests/simulation/consumer.h"
#include "tests/simulation/desk.h"
#include "tests/simulation/perils.h"

/* So long everything may take once nothing goes wrong any more. */
#define HEALING_US_MAX (1800 * (int64_t)SECOND)
#define STEP_US (1 * (int64_t)SECOND)

static void make_world(struct world *world)
{
    tables_routes(LAYOUT_ONE);
    world->perils = perils_new(world);
    world->broker = broker_new(world, (enum layout)world_draw(world, LAYOUTS));
    world->group = group_new(world);
    world->store = store_new(world);
    world->server = server_new(world);
    world->desk = desk_new(world);
    world->consumers = consumers_new(world);
    world->broker->is_made_anew_here = world->perils->weights[PERIL_ANEW] > 0;
}

static void begin(struct world *world)
{
    broker_publish(world->broker);
    consumers_begin(world->consumers);
    desk_open(world->desk);
    perils_begin(world->perils);
}

static void live_until(struct world *world, int64_t until_us)
{
    while (!world->has_failed && world_go_on(world, until_us))
        continue;
}

static bool is_all_published(const struct world *world)
{
    return world->broker->left <= 0;
}

static bool is_all_stored(const struct world *world)
{
    return is_all_published(world) && audit_is_caught_up(world);
}

/* Step by step, until something is so; false: it never is. */
static bool live_on(struct world *world, bool (*is_so)(const struct world *), int64_t most_us)
{
    int64_t end_us = world->now_us + most_us;

    while (!world->has_failed && !is_so(world)) {
        if (world->now_us >= end_us)
            return false;
        live_until(world, world->now_us + STEP_US);
    }
    return true;
}

static bool is_nobody_running(const struct world *world)
{
    for (size_t i = 0; i < world->consumers->count; i++) {
        if (consumer_is_running(&world->consumers->items[i]))
            return false;
    }
    return true;
}

/* All stop by a signal, and none is started again. */
static void stop_all(struct world *world)
{
    for (size_t i = 0; i < world->consumers->count; i++) {
        struct consumer *consumer = &world->consumers->items[i];

        consumer->is_last = true;
        consumer_drain(consumer);
    }
    if (!live_on(world, is_nobody_running, 60 * (int64_t)SECOND))
        world_fail(world, "somebody does not stop");
}

static bool is_first_done(const struct world *world)
{
    return world->consumers->items[0].is_done;
}

/* A last consumer that reads until the end; it gives up where a partition stands still. */
static void run_until_end(struct world *world)
{
    struct consumer *consumer = &world->consumers->items[0];
    int64_t end_us = world->now_us + HEALING_US_MAX;
    char missing[512] = "";

    consumer->is_done = false;
    while (!world->has_failed && !is_first_done(world) && world->now_us < end_us) {
        if (!consumer_is_running(consumer)) {
            consumer_start(consumer, true);
            consumer->is_last = true;
        }
        live_until(world, world->now_us + STEP_US);
    }
    if (!world->has_failed && !is_first_done(world))
        world_fail(world, "the run until the end does not end");
    if (!world->has_failed && !audit_is_caught_up(world)) {
        audit_tell_missing(world, missing, sizeof(missing));
        world_fail(world, "the run until the end has ended before it: %s", missing);
    }
    for (size_t i = (size_t)world->store->folded;
         world->perils->has_folds && i < world->store->kept_count; i++) {
        if (world->store->kept[i].life == consumer->life)
            world_fail(world, "the run until the end has not folded what it has stored");
    }
}

static void heal(struct world *world)
{
    char missing[512] = "";

    perils_end(world->perils);
    if (world_chance(world, 300)) {
        live_on(world, is_all_stored, world_between(world, 0, 60) * SECOND);
        stop_all(world);
        /* Whether the partitions of others are those of a topic made anew, it does not ask. */
        live_on(world, is_all_published, HEALING_US_MAX);
        live_on(world, desk_is_clear, HEALING_US_MAX);
        run_until_end(world);
        return;
    }
    if (!live_on(world, is_all_stored, HEALING_US_MAX)) {
        audit_tell_missing(world, missing, sizeof(missing));
        world_fail(world, "half an hour after the last peril all stands still: %s", missing);
    }
    stop_all(world);
}

void simulate(struct world *world, uint64_t seed)
{
    world_begin(world, seed);
    make_world(world);
    begin(world);
    while (!world->has_failed && world->now_us < world->perils->until_us)
        live_until(world, world->perils->until_us);
    if (!world->has_failed)
        heal(world);
    if (!world->has_failed)
        audit_end(world);
    consumers_free(world->consumers);
}
