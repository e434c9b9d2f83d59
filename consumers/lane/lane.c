#include "consumers/lane/lane.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "consumers/lane/inside.h"

enum {
    DATA_BYTES_MAX = 1024 * 1024 * 1024,
};

struct lane *lane_new(const struct lane_parts *parts)
{
    struct lane *lane = memory_new(1, sizeof(*lane));
    const struct routes *routes = parts->partitions->routes;

    *lane =
        (struct lane){.parts = *parts, .counts = memory_new(routes->count, sizeof(*lane->counts))};
    counters_init(&lane->counters);
    batches_init(&lane->batches, &parts->limits, routes);
    buffer_init(&lane->rows, DATA_BYTES_MAX);
    buffer_init(&lane->data, DATA_BYTES_MAX);
    return lane;
}

void lane_free(struct lane *lane)
{
    if (!lane)
        return;
    session_free(lane->parts.session);
    batches_free(&lane->batches);
    part_free(&lane->part);
    buffer_free(&lane->rows);
    buffer_free(&lane->data);
    free(lane->partitions);
    free(lane->claims);
    free(lane->places);
    free(lane->counts);
    free(lane);
}

void lane_give(struct lane *lane, struct partition *const *partitions, size_t count, int64_t now_ms)
{
    assert(lane->count == 0);
    lane->partitions = memory_resize(lane->partitions, count, sizeof(struct partition *));
    lane->claims = memory_resize(lane->claims, count, sizeof(*lane->claims));
    lane->places = memory_resize(lane->places, count, sizeof(*lane->places));
    for (size_t i = 0; i < count; i++) {
        struct partition *partition = partitions[i];

        if (partition_lane(partition->route->number, partition->number, lane->parts.lane_count)
            != lane->parts.number)
            continue;
        partition_move(partition, PARTITION_GIVEN);
        lane->partitions[lane->count++] = partition;
    }
    if (lane->count)
        lane_move(lane, LANE_GIVEN, now_ms);
}

void lane_take_back(struct lane *lane, int64_t now_ms)
{
    for (size_t i = 0; i < lane->count; i++)
        partition_move(lane->partitions[i], PARTITION_TAKEN_BACK);
    lane->count = 0;
    lane_move(lane, LANE_TAKEN_BACK, now_ms);
    /* What is under way may still be stored; what waits is read again by whoever comes next. */
    if (lane->state == LANE_FINISHING)
        batches_drop_filling(&lane->batches);
    else
        batches_drop(&lane->batches);
}

size_t lane_poll(const struct lane *lane, bool may_fill, int64_t now_ms, struct pollfd *out,
                 int64_t *until_ms)
{
    size_t count = session_poll(lane->parts.session, out, until_ms);

    if (may_fill && !batches_are_full(&lane->batches))
        out[count++] = source_poll_feed(lane->parts.source, lane->parts.number, now_ms, until_ms);
    if (lane->state == LANE_UNCLAIMED && lane->count) {
        clock_no_later(until_ms, lane->claim_at_ms);
    } else if (lane->state == LANE_READY) {
        batches_poll(&lane->batches, until_ms);
        if (lane_has_held(lane))
            clock_no_later(until_ms, lane->claim_at_ms);
        /* Whoever drains does not ask whether all is still ours. */
        if (may_fill && lane->confirm_at_ms > now_ms)
            clock_no_later(until_ms, lane->confirm_at_ms);
    }
    return count;
}

bool lane_is_connected(const struct lane *lane)
{
    return lane->state != LANE_AWAY;
}

bool lane_is_claimed(const struct lane *lane)
{
    for (size_t i = 0; i < lane->count; i++) {
        if (lane->partitions[i]->state == PARTITION_CLAIMING)
            return false;
    }
    return true;
}

bool lane_is_empty(const struct lane *lane)
{
    return batches_are_empty(&lane->batches);
}

bool lane_is_stuck(const struct lane *lane, int64_t now_ms)
{
    return batches_are_full(&lane->batches)
           && now_ms >= batches_full_since_ms(&lane->batches) + LANE_STUCK_AFTER_MS;
}

const struct lane_counts *lane_counts(const struct lane *lane, size_t topic)
{
    return &lane->counts[topic];
}

const struct counters *lane_counters(const struct lane *lane)
{
    return &lane->counters;
}
