#include <stdlib.h>

#include "common/base/memory.h"
#include "consumers/lane/inside.h"

bool lane_has_held(const struct lane *lane)
{
    for (size_t i = 0; i < lane->count; i++) {
        if (lane->partitions[i]->state == PARTITION_HELD)
            return true;
    }
    return false;
}

bool lane_hold(struct lane *lane, const char *reason, int64_t now_ms, struct error *err)
{
    const struct batch *batch = lane->batches.outgoing;
    bool *is_placed = memory_new(lane->count, sizeof(*is_placed));
    bool is_about_all = lane->state == LANE_CLAIMING || lane->state == LANE_ENDING_HOLDER || !batch;
    size_t topic = is_about_all ? 0 : batch_topic(batch);

    for (size_t i = 0; i < lane->count; i++) {
        struct partition *partition = lane->partitions[i];
        bool is_held = partition->state == PARTITION_HELD;

        if (is_about_all || partition->route->number == topic) {
            partition->next_offset = partition->position;
            if (!is_held)
                partition_hold(partition, reason);
        } else if (!is_held) {
            partition_place(partition);
            is_placed[i] = true;
        }
    }
    batches_drop(&lane->batches);
    lane_move(lane, LANE_REFUSED, now_ms);
    bool ok = lane_halt(lane, err) && lane_read(lane, is_placed, err);
    free(is_placed);
    return ok;
}
