#include "consumers/lane/lanes.h"

#include <stdlib.h>

#include "common/base/memory.h"

void lanes_init(struct lanes *lanes, const struct lane_parts *parts,
                struct session *const *sessions)
{
    struct lane_parts own = *parts;

    *lanes = (struct lanes){.each = memory_new(parts->lane_count, sizeof(struct lane *))};
    for (own.number = 0; own.number < parts->lane_count; own.number++) {
        own.session = sessions[own.number];
        lanes->each[lanes->count++] = lane_new(&own);
    }
}

void lanes_free(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++)
        lane_free(lanes->each[i]);
    free(lanes->each);
    *lanes = (struct lanes){0};
}

bool lanes_are_empty(const struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        if (!lane_is_empty(lanes->each[i]))
            return false;
    }
    return true;
}

bool lanes_are_claimed(const struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        if (!lane_is_claimed(lanes->each[i]))
            return false;
    }
    return true;
}

size_t lanes_connected(const struct lanes *lanes)
{
    size_t count = 0;

    for (size_t i = 0; i < lanes->count; i++)
        count += lane_is_connected(lanes->each[i]);
    return count;
}

bool lanes_are_stuck(const struct lanes *lanes, int64_t now_ms)
{
    for (size_t i = 0; i < lanes->count; i++) {
        if (lane_is_stuck(lanes->each[i], now_ms))
            return true;
    }
    return false;
}

struct lane_counts lanes_counts(const struct lanes *lanes, size_t topic)
{
    struct lane_counts sum = {0};

    for (size_t i = 0; i < lanes->count; i++)
        lane_counts_add(&sum, lane_counts(lanes->each[i], topic));
    return sum;
}
