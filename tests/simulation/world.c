#include "tests/simulation/world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

enum { CHUNK_BYTES = 512 * 1024 };

/* 2022-06-20T05:00:00Z: a Monday, when the ministries begin. */
#define WALL_BEGIN_US INT64_C(1655701200000000)

struct coming {
    int64_t at_us;
    uint64_t order; /* Of those at the same time, the one that was planned first. */
    world_action *action;
    void *of;
    int64_t argument;
};

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

/* splitmix64: spreads a seed such as 1, 2, 3 over all bits. */
static uint64_t spread(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t turn_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

/* xoshiro256** by Blackman and Vigna. */
static uint64_t next_number(uint64_t s[4])
{
    uint64_t result = turn_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn_left(s[3], 45);
    return result;
}

void world_begin(struct world *world, uint64_t seed)
{
    struct coming *coming = world->coming;
    size_t capacity = world->coming_capacity;
    struct chunk *chunks = world->chunks;
    bool is_telling = world->is_telling;

    *world = (struct world){.coming = coming,
                            .coming_capacity = capacity,
                            .chunks = chunks,
                            .chunk = chunks,
                            .is_telling = is_telling};
    for (struct chunk *chunk = chunks; chunk; chunk = chunk->next)
        chunk->used = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(world->chance); i++)
        world->chance[i] = spread(&seed);
}

void world_free(struct world *world)
{
    while (world->chunks) {
        struct chunk *next = world->chunks->next;

        free(world->chunks);
        world->chunks = next;
    }
    free(world->coming);
    *world = (struct world){0};
}

int64_t world_draw(struct world *world, int64_t count)
{
    assert(count > 0);
    return (int64_t)(next_number(world->chance) % (uint64_t)count);
}

int64_t world_between(struct world *world, int64_t least, int64_t most)
{
    return least + world_draw(world, most - least + 1);
}

bool world_chance(struct world *world, int64_t per_mille)
{
    return per_mille > 0 && world_draw(world, 1000) < per_mille;
}

int64_t world_delay(struct world *world, int64_t typical_us)
{
    int64_t delay_us = world_between(world, typical_us / 10, typical_us * 2);

    if (world_chance(world, 30))
        delay_us *= world_between(world, 2, 100);
    return delay_us + 1;
}

static struct chunk *chunk_new(size_t size)
{
    struct chunk *chunk = memory_new(1, sizeof(*chunk) + size);

    chunk->size = size;
    return chunk;
}

void *world_keep(struct world *world, size_t count, size_t size)
{
    size_t needed = (count * size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);

    while (!world->chunk || world->chunk->used + needed > world->chunk->size) {
        struct chunk *next = world->chunk ? world->chunk->next : NULL;

        if (!next) {
            next = chunk_new(needed > CHUNK_BYTES ? needed : CHUNK_BYTES);
            if (world->chunk)
                world->chunk->next = next;
            else
                world->chunks = next;
        }
        world->chunk = next;
    }
    char *memory = (char *)world->chunk->bytes + world->chunk->used;
    world->chunk->used += needed;
    memset(memory, 0, needed);
    return memory;
}

void *world_grow(struct world *world, void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity ? *capacity * 2 : 8;
    void *larger = world_keep(world, *capacity, size);
    if (count)
        memcpy(larger, list, count * size);
    return larger;
}

static bool is_before(const struct coming *one, const struct coming *other)
{
    return one->at_us != other->at_us ? one->at_us < other->at_us : one->order < other->order;
}

static void swap(struct coming *one, struct coming *other)
{
    struct coming held = *one;

    *one = *other;
    *other = held;
}

void world_plan(struct world *world, int64_t at_us, world_action *action, void *of,
                int64_t argument)
{
    if (world->coming_count == world->coming_capacity) {
        world->coming_capacity = world->coming_capacity ? world->coming_capacity * 2 : 256;
        world->coming =
            memory_resize(world->coming, world->coming_capacity, sizeof(*world->coming));
    }
    size_t place = world->coming_count++;
    world->coming[place] = (struct coming){.at_us = at_us,
                                           .order = world->coming_order++,
                                           .action = action,
                                           .of = of,
                                           .argument = argument};
    while (place > 0 && is_before(&world->coming[place], &world->coming[(place - 1) / 2])) {
        swap(&world->coming[place], &world->coming[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
}

static struct coming take_first(struct world *world)
{
    struct coming first = world->coming[0];
    size_t place = 0;

    world->coming[0] = world->coming[--world->coming_count];
    for (;;) {
        size_t least = place;

        for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++) {
            if (child < world->coming_count
                && is_before(&world->coming[child], &world->coming[least]))
                least = child;
        }
        if (least == place)
            return first;
        swap(&world->coming[place], &world->coming[least]);
        place = least;
    }
}

bool world_go_on(struct world *world, int64_t until_us)
{
    if (world->coming_count == 0 || world->coming[0].at_us > until_us) {
        if (world->now_us < until_us)
            world->now_us = until_us;
        return false;
    }
    struct coming first = take_first(world);
    if (world->now_us < first.at_us)
        world->now_us = first.at_us;
    first.action(first.of, first.argument);
    return true;
}

void world_jump(struct world *world, int64_t by_us)
{
    world->now_us += by_us;
}

int64_t world_wall_us(const struct world *world, int64_t at_us)
{
    return WALL_BEGIN_US + at_us + world->skew_us;
}

void world_fail(struct world *world, const char *format, ...)
{
    va_list arguments;

    if (world->has_failed)
        return;
    world->has_failed = true;
    va_start(arguments, format);
    vsnprintf(world->failure, sizeof(world->failure), format, arguments);
    va_end(arguments);
    world_tell(world, "WRONG: %s", world->failure);
}
