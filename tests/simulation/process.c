#include <inttypes.h>
#include <string.h>

#include "common/base/log.h"
#include "tests/simulation/consumer_inside.h"
#include "tests/simulation/perils.h"

static void take_line(enum log_level level, const char *message)
{
    if (!consumer_in_turn)
        return;
    if (level == LOG_LEVEL_ERROR && strstr(message, "stands still at offset"))
        world_count(consumer_in_turn->world, COUNT_HELD);
    world_tell(consumer_in_turn->world, "consumer %d: %s", consumer_in_turn->number, message);
}

static void start_again(void *of_consumer, int64_t life)
{
    struct consumer *consumer = of_consumer;

    if (consumer->life == life && !consumer_is_running(consumer) && !consumer->is_last)
        consumer_start(consumer, false);
}

/* The supervisor starts another in its place. */
void consumer_end(struct consumer *consumer)
{
    struct world *world = consumer->world;

    if (consumer->is_killed)
        feed_die(consumer->feed);
    consumer->turn_number++;
    pipeline_free(consumer->pipeline);
    consumer->pipeline = NULL;
    source_free(feed_source(consumer->feed));
    consumer_in_turn = NULL;
    if (!consumer->is_last)
        world_plan(world, world->now_us + world_delay(world, 2 * SECOND), start_again, consumer,
                   consumer->life);
}

static void draw_settings(struct consumer *consumer, bool is_until_end)
{
    struct world *world = consumer->world;
    struct consumer_settings *settings = &consumer->settings;

    *settings = (struct consumer_settings){.is_until_end = is_until_end};
    settings->lanes = world_between(world, 1, LANES_DRAWN_MAX);
    settings->batch_rows = world_between(world, 1, world_chance(world, 300) ? 50 : 8);
    settings->batch_bytes = world_between(world, 100, world_chance(world, 500) ? 20000 : 600);
    settings->batch_wait_ms = world_between(world, 1, world_chance(world, 500) ? 500 : 20);
    settings->value_bytes_max = VALUE_BYTES_MAX;
}

static struct session *open_session(struct consumer *consumer, enum session_kind_number kind,
                                    size_t number)
{
    size_t place = consumer->session_count++;

    consumer->sessions[place] = session_new(consumer, kind, place, number);
    return session_base(consumer->sessions[place]);
}

void consumer_start(struct consumer *consumer, bool is_until_end)
{
    struct world *world = consumer->world;
    struct consumers *consumers = world->consumers;
    int number = consumer->number;
    struct pipeline_parts parts = {.settings = &consumer->settings,
                                   .routes = tables_routes(world->broker->layout),
                                   .owner = consumer->owner,
                                   .clock = &consumer->clock.clock};
    struct error err = {0};

    *consumer = (struct consumer){.world = world,
                                  .number = number,
                                  .life = ++consumers->lives,
                                  .turn_number = consumer->turn_number + 1,
                                  .calls_left = -1};
    consumer->clock = (struct consumer_clock){.clock = consumer_time, .consumer = consumer};
    snprintf(consumer->owner, sizeof(consumer->owner), "consumer-%d/%d", number, consumer->life);
    draw_settings(consumer, is_until_end);
    world_count(world, COUNT_STARTS);
    if (is_until_end)
        world_count(world, COUNT_UNTIL_END);
    world_tell(world,
               "consumer %d: starts (%" PRId64 " lanes, %" PRId64 " rows, %" PRId64
               " bytes, %" PRId64 " ms%s)",
               number, consumer->settings.lanes, consumer->settings.batch_rows,
               consumer->settings.batch_bytes, consumer->settings.batch_wait_ms,
               is_until_end ? ", until the end" : "");
    if (!world->is_healing && world_chance(world, world->perils->deaths))
        consumer->calls_left = world_between(world, 1, world_chance(world, 500) ? 3000 : 300);
    consumer->feed = feed_new(consumer);
    parts.source = feed_source(consumer->feed);
    for (size_t i = 0; i < (size_t)consumer->settings.lanes; i++)
        parts.lanes[i] = open_session(consumer, SESSION_OF_LANE, i);
    for (size_t i = 0; world->perils->has_folds && i < FOLDS_MAX; i++)
        parts.folds[i] = open_session(consumer, SESSION_OF_FOLD, i);
    if (is_until_end)
        parts.positions = open_session(consumer, SESSION_OF_POSITIONS, 0);
    consumer_in_turn = consumer;
    consumer->is_in_turn = true;
    consumer->pipeline = pipeline_new(&parts, &err);
    consumer->is_in_turn = false;
    if (consumer->pipeline && !consumer->is_killed) {
        consumer_plan_turn(consumer, consumer_now_us(consumer) + TURN_US);
    } else {
        world_count(world, consumer->is_killed ? COUNT_CRASHES : COUNT_FAILED);
        consumer_end(consumer);
    }
    consumer_in_turn = NULL;
}

void consumer_kill(struct consumer *consumer)
{
    if (!consumer_is_running(consumer))
        return;
    world_tell(consumer->world, "consumer %d: is killed", consumer->number);
    consumer->is_killed = true;
    if (consumer->is_in_turn)
        return;
    world_count(consumer->world, COUNT_CRASHES);
    consumer_end(consumer);
}

static void go_on(struct consumer *consumer)
{
    world_tell(consumer->world, "consumer %d: goes on", consumer->number);
    consumer->paused_until_us = 0;
    /* What it waited for was not the signal's time. */
    consumer->drained_us = consumer_now_us(consumer);
    feed_note_return(consumer->feed);
    consumer_plan_turn(consumer, consumer->world->now_us);
}

static void continue_it(void *of_consumer, int64_t life)
{
    struct consumer *consumer = of_consumer;

    if (consumer->life == life && consumer_is_running(consumer) && consumer->paused_until_us
        && !consumer_is_paused(consumer))
        go_on(consumer);
}

void consumer_pause(struct consumer *consumer, int64_t for_us)
{
    struct world *world = consumer->world;

    if (!consumer_is_running(consumer) || consumer->paused_until_us || consumer->is_in_turn)
        return;
    if (world_chance(world, 500)) {
        consumer->pause_calls = world_between(world, 1, 60);
        consumer->pause_us = for_us;
        return;
    }
    world_count(world, COUNT_PAUSES);
    world_tell(world, "consumer %d: is stopped for %" PRId64 " ms", consumer->number,
               for_us / MILLISECOND);
    consumer->paused_until_us = world->now_us + for_us;
    feed_note_pause(consumer->feed);
    world_plan(world, consumer->paused_until_us, continue_it, consumer, consumer->life);
}

void consumer_drain(struct consumer *consumer)
{
    if (!consumer_is_running(consumer) || consumer->is_drained || consumer->is_in_turn)
        return;
    world_count(consumer->world, COUNT_DRAINS);
    world_tell(consumer->world, "consumer %d: gets the signal to stop", consumer->number);
    consumer->is_drained = true;
    consumer->drained_us = consumer_now_us(consumer);
    consumer_in_turn = consumer;
    pipeline_drain(consumer->pipeline);
    consumer_in_turn = NULL;
    consumer_plan_turn(consumer, consumer_now_us(consumer));
}

void consumer_heal(struct consumer *consumer)
{
    if (!consumer_is_running(consumer))
        return;
    consumer->calls_left = -1;
    consumer->pause_calls = 0;
    if (consumer->paused_until_us) {
        consumer->paused_until_us = 0;
        go_on(consumer);
    }
}

struct consumers *consumers_new(struct world *world)
{
    struct consumers *consumers = world_keep(world, 1, sizeof(*consumers));

    log_divert(take_line);
    consumers->count = (size_t)world_between(world, 1, CONSUMERS_MAX);
    for (size_t i = 0; i < consumers->count; i++)
        consumers->items[i] = (struct consumer){.world = world, .number = (int)i + 1};
    return consumers;
}

static void start_first(void *of_consumer, int64_t argument)
{
    struct consumer *consumer = of_consumer;

    (void)argument;
    if (!consumer_is_running(consumer) && consumer->life == 0 && !consumer->is_last)
        consumer_start(consumer, false);
}

void consumers_begin(struct consumers *consumers)
{
    for (size_t i = 0; i < consumers->count; i++) {
        struct consumer *consumer = &consumers->items[i];

        world_plan(consumer->world, world_delay(consumer->world, SECOND), start_first, consumer, 0);
    }
}

void consumers_free(struct consumers *consumers)
{
    for (size_t i = 0; i < consumers->count; i++) {
        struct consumer *consumer = &consumers->items[i];

        if (!consumer_is_running(consumer))
            continue;
        consumer->is_killed = true;
        pipeline_free(consumer->pipeline);
        consumer->pipeline = NULL;
    }
    log_divert(NULL);
}
