#ifndef COOP_TESTS_SIMULATION_WORLD_H
#define COOP_TESTS_SIMULATION_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/compiler.h"
#include "tests/simulation/counts.h"

/*
 * A world in which nothing happens but by its seed: chance, time, what is to happen when,
 * memory, and the story of what has happened.
 */

enum { MILLISECOND = 1000, SECOND = 1000 * MILLISECOND }; /* In microseconds, as all time here. */

/** Something that is to happen; `argument` tells whether it still concerns `of`. */
typedef void world_action(void *of, int64_t argument);

struct world {
    uint64_t chance[4];
    int64_t now_us;  /**< Steady; from 0. */
    int64_t skew_us; /**< How far the clocks on the wall are from their beginning and `now_us`. */
    struct coming *coming; /**< A heap: the next one first. */
    size_t coming_count;
    size_t coming_capacity;
    uint64_t coming_order;
    struct chunk *chunks; /**< Memory of this world, kept for the next one. */
    struct chunk *chunk;
    bool is_healing; /**< Nothing goes wrong any more. */
    bool is_telling; /**< The story is wanted. */
    bool has_failed;
    char failure[1024];
    int64_t counts[COUNT_KINDS];
    struct broker *broker;
    struct group *group;
    struct server *server;
    struct store *store;
    struct desk *desk; /**< The operator's. */
    struct consumers *consumers;
    struct perils *perils;
};

/** Begins anew from a seed; memory of the world before is used again. */
void world_begin(struct world *world, uint64_t seed);
void world_free(struct world *world);

/** 0 to count - 1. */
int64_t world_draw(struct world *world, int64_t count);

/** From one number to the other, both included. */
int64_t world_between(struct world *world, int64_t least, int64_t most);

/** Does it happen, `per_mille` times of a thousand? */
bool world_chance(struct world *world, int64_t per_mille);

/** About as long as said: mostly, a tenth to twice; now and then a hundred times. */
int64_t world_delay(struct world *world, int64_t typical_us);

/** Zeroed memory until the world ends. */
void *world_keep(struct world *world, size_t count, size_t size);

/** Room for one more in a list kept in the world's memory: twice as much where it is full. */
void *world_grow(struct world *world, void *list, size_t count, size_t *capacity, size_t size);

/** Lets something happen at that time, or now where that is past. */
void world_plan(struct world *world, int64_t at_us, world_action *action, void *of,
                int64_t argument);

/** The next thing happens; false: nothing is to come before that time, which has come. */
bool world_go_on(struct world *world, int64_t until_us);

/** Time passes all at once: what was to come meanwhile comes late. */
void world_jump(struct world *world, int64_t by_us);

/** What a clock on the wall shows, microseconds since 1970. */
int64_t world_wall_us(const struct world *world, int64_t at_us);

static inline void world_count(struct world *world, enum count kind)
{
    world->counts[kind]++;
}

/** A line of the story. */
#define world_tell(world, ...)                                                                     \
    do {                                                                                           \
        if ((world)->is_telling)                                                                   \
            story_line((world)->now_us, __VA_ARGS__);                                              \
    } while (0)

/** Something is wrong that must never be; the first is kept. */
PRINTF_LIKE(2, 3)
void world_fail(struct world *world, const char *format, ...);

/** How the story is told: each line at once on standard output, or the last ones at the end. */
void story_open(bool is_told_at_once);
PRINTF_LIKE(2, 3)
void story_line(int64_t now_us, const char *format, ...);
void story_print_tail(void);

#endif
