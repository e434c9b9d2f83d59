#include "tests/simulation/consumer_inside.h"

#include <inttypes.h>

enum { CALL_US = 3, IDLE_TURNS_MAX = 5000, STEADY_BEGIN_MS = 1000000 };

/* How long a signal may take: 10 s, as the pipeline promises, and what a call of each lane may
 * wait. */
#define DRAIN_US_MAX (28 * SECOND)

struct consumer *consumer_in_turn;

int64_t consumer_now_us(const struct consumer *consumer)
{
    return consumer->ahead_us > consumer->world->now_us ? consumer->ahead_us
                                                        : consumer->world->now_us;
}

void consumer_waits(struct consumer *consumer, int64_t for_us)
{
    consumer->ahead_us = consumer_now_us(consumer) + for_us;
}

/* The world goes on while one of its consumers is within a call. */
static void live_meanwhile(struct consumer *consumer, int64_t for_us)
{
    struct world *world = consumer->world;
    int64_t until_us = world->now_us + for_us;

    consumer_in_turn = NULL;
    while (!world->has_failed && world_go_on(world, until_us))
        continue;
    consumer_in_turn = consumer;
}

/* kill -STOP finds it between two calls: what it has seen is old when it goes on. */
static void stop_within(struct consumer *consumer)
{
    struct world *world = consumer->world;

    world_count(world, COUNT_PAUSES);
    world_tell(world, "consumer %d: is stopped in the midst of its turn, for %" PRId64 " ms",
               consumer->number, consumer->pause_us / MILLISECOND);
    feed_note_pause(consumer->feed);
    live_meanwhile(consumer, consumer->pause_us);
    world_tell(world, "consumer %d: goes on", consumer->number);
    feed_note_return(consumer->feed);
    consumer->drained_us = consumer_now_us(consumer);
}

void consumer_waits_long(struct consumer *consumer, int64_t for_us)
{
    int64_t until_us = consumer->world->now_us + for_us;

    live_meanwhile(consumer, for_us);
    /* It was longer where another that was stopped meanwhile goes on first. */
    consumer->drained_us += consumer->world->now_us - until_us;
}

bool consumer_calls(struct consumer *consumer)
{
    if (consumer->is_killed)
        return false;
    consumer_waits(consumer, CALL_US);
    if (consumer->pause_calls > 0 && --consumer->pause_calls == 0)
        stop_within(consumer);
    if (consumer->is_killed)
        return false;
    if (consumer->calls_left > 0 && --consumer->calls_left == 0) {
        consumer->is_killed = true;
        world_tell(consumer->world, "consumer %d: is killed in the midst of its turn",
                   consumer->number);
    }
    return !consumer->is_killed;
}

static struct consumer *of(struct clock *clock)
{
    return ((struct consumer_clock *)clock)->consumer;
}

static int64_t steady_ms(struct clock *clock)
{
    return STEADY_BEGIN_MS + consumer_now_us(of(clock)) / MILLISECOND;
}

static int64_t now_us(struct clock *clock)
{
    return world_wall_us(of(clock)->world, consumer_now_us(of(clock)));
}

static void turn(void *of_consumer, int64_t number);

void consumer_plan_turn(struct consumer *consumer, int64_t at_us)
{
    world_plan(consumer->world, at_us, turn, consumer, ++consumer->turn_number);
}

static bool is_ready(const struct consumer *consumer, int descriptor)
{
    if (descriptor < DESCRIPTOR_SESSION)
        return feed_is_ready(consumer->feed, descriptor);
    return session_is_ready(consumer->sessions[descriptor - DESCRIPTOR_SESSION]);
}

/* The first descriptor that has something to tell; 0: none. */
static int find_ready(const struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->descriptor_count; i++) {
        if (is_ready(consumer, consumer->descriptors[i]))
            return consumer->descriptors[i];
    }
    return 0;
}

/* What poll(2) would do happens once the turn is over. */
static void wait(struct clock *clock, struct pollfd *descriptors, size_t count, int64_t until_ms)
{
    struct consumer *consumer = of(clock);
    int64_t now = consumer_now_us(consumer) + TURN_US;
    int64_t until_us = (until_ms - STEADY_BEGIN_MS) * MILLISECOND;

    consumer->descriptor_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (descriptors[i].fd >= DESCRIPTOR_GROUP)
            consumer->descriptors[consumer->descriptor_count++] = descriptors[i].fd;
    }
    int ready = find_ready(consumer);
    if (ready || until_us < now)
        until_us = now;
    consumer->idle_turns = until_us > now ? 0 : consumer->idle_turns + 1;
    if (consumer->idle_turns > IDLE_TURNS_MAX)
        world_fail(consumer->world,
                   "consumer %d turns again and again for %s %d, and has nothing to do",
                   consumer->number, ready ? "descriptor" : "a time that has come, not", ready);
    consumer->is_idle = true;
    consumer_plan_turn(consumer, until_us);
}

void consumer_wake(struct consumer *consumer, int descriptor)
{
    if (!consumer->is_idle || consumer_is_paused(consumer))
        return;
    for (size_t i = 0; i < consumer->descriptor_count; i++) {
        if (consumer->descriptors[i] != descriptor || !is_ready(consumer, descriptor))
            continue;
        consumer->is_idle = false;
        consumer_plan_turn(consumer, consumer_now_us(consumer) + TURN_US);
        return;
    }
}

bool consumer_is_paused(const struct consumer *consumer)
{
    return consumer->world->now_us < consumer->paused_until_us;
}

static void check_drain(const struct consumer *consumer)
{
    if (consumer->is_drained && consumer_now_us(consumer) > consumer->drained_us + DRAIN_US_MAX)
        world_fail(consumer->world, "consumer %d does not stop, %" PRId64 " s after the signal",
                   consumer->number, (consumer_now_us(consumer) - consumer->drained_us) / SECOND);
}

static void turn(void *of_consumer, int64_t number)
{
    struct consumer *consumer = of_consumer;
    struct world *world = consumer->world;
    struct error err = {0};

    if (!consumer_is_running(consumer) || consumer->turn_number != number
        || consumer_is_paused(consumer) || consumer->is_in_turn)
        return;
    consumer_in_turn = consumer;
    consumer->is_in_turn = true;
    world_count(world, COUNT_TURNS);
    consumer->is_idle = false;
    enum pipeline_news news = pipeline_turn(consumer->pipeline, &err);
    if (news == PIPELINE_RUNS && !consumer->is_killed) {
        pipeline_wait(consumer->pipeline);
        check_drain(consumer);
    }
    consumer->is_in_turn = false;
    if (consumer->is_killed) {
        world_count(world, COUNT_CRASHES);
        consumer_end(consumer);
    } else if (news == PIPELINE_FAILED) {
        world_count(world, COUNT_FAILED);
        world_tell(world, "consumer %d: gives up: %s", consumer->number, err.message);
        consumer_end(consumer);
    } else if (news == PIPELINE_DONE) {
        world_tell(world, "consumer %d: is done", consumer->number);
        consumer->is_done = true;
        consumer_end(consumer);
    }
    consumer_in_turn = NULL;
}

const struct clock consumer_time = {.steady_ms = steady_ms, .now_us = now_us, .wait = wait};
