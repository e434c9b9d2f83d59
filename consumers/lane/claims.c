#include "consumers/lane/inside.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"

enum { TRY_AGAIN_MS = 1000 };

static bool look_at_log(const struct lane *lane, struct partition *partition, struct error *err)
{
    return source_log_range(lane->parts.source, partition->route->number, partition->number,
                            &partition->log_start, &partition->log_end, err);
}

bool lane_claim(struct lane *lane, int64_t now_ms)
{
    struct error err;

    for (size_t i = 0; i < lane->count; i++) {
        struct partition *partition = lane->partitions[i];

        if (!look_at_log(lane, partition, &err)) {
            log_warning("%s; trying again in %d ms", err.message, TRY_AGAIN_MS);
            lane->claim_at_ms = lane->parts.clock->steady_ms(lane->parts.clock) + TRY_AGAIN_MS;
            return false;
        }
        lane->claims[i] = (struct claim){.topic = partition->route->topic,
                                         .table = partition->route->table_name,
                                         .partition = partition->number,
                                         .log_start = partition->log_start};
    }
    lane_move(lane, LANE_CLAIM, now_ms);
    lane_ask_claim(lane, REQUEST_CLAIM, now_ms);
    return true;
}

/* Is the position elsewhere than we thought, so that what we hold of it must go? */
static bool has_moved(const struct partition *partition, const struct claimed *claimed)
{
    if (partition->position != claimed->position || partition->stream_id != claimed->stream_id)
        return true;
    /* A batch may still have messages of a held partition that were read before it was held. */
    if (partition->state == PARTITION_HELD)
        return partition->next_offset != partition->position;
    return partition->state == PARTITION_CLAIMING;
}

bool lane_read(struct lane *lane, const bool *is_wanted, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < lane->count; i++) {
        const struct partition *partition = lane->partitions[i];

        if (is_wanted[i] && partition_is_read(partition))
            lane->places[count++] = (struct place){.topic = partition->route->number,
                                                   .partition = partition->number,
                                                   .lane = lane->parts.number,
                                                   .offset = partition_begin(partition)};
    }
    return count == 0 || source_read(lane->parts.source, lane->places, count, err);
}

/*
 * Whoever had it before may have stored what came after we looked at the log. And a position that
 * this claim has made is where the log began when we looked: if the topic was made anew and its
 * generation begun since then, that says nothing of the new log.
 */
static void place(const struct lane *lane, struct partition *partition)
{
    enum { FIRST_EPOCH = 1 };
    bool is_new = partition->epoch == FIRST_EPOCH;
    struct error err;

    if ((is_new || partition->position > partition->log_end) && !look_at_log(lane, partition, &err))
        log_warning("%s", err.message);
    partition_place(partition);
    if (is_new && partition->log_start < partition->position && partition_is_read(partition))
        partition_hold(partition,
                       "the log begins before it: the topic was made anew while it was claimed; "
                       "set the position with coop-admin position");
}

/*
 * Where everything is as it was, the lane goes on with what it holds. Else what it holds goes, and
 * reading begins where the database says: that answers an unknown COMMIT and a failover alike.
 */
bool lane_take_claims(struct lane *lane, const struct answer *answer, struct error *err)
{
    bool *is_placed = memory_new(lane->count, sizeof(*is_placed));
    bool is_dropped = false;

    for (size_t i = 0; i < answer->claimed_count; i++) {
        const struct claimed *claimed = &answer->claimed[i];
        struct partition *partition = lane->partitions[claimed->place];

        is_dropped = is_dropped || has_moved(partition, claimed);
        partition->stream_id = claimed->stream_id;
        partition->position = claimed->position;
        partition->epoch = claimed->epoch;
        partition->last_published_us = claimed->last_published_us;
    }
    is_dropped = is_dropped || batches_are_partly_stored(&lane->batches);
    if (is_dropped)
        batches_drop(&lane->batches);
    for (size_t i = 0; i < lane->count; i++) {
        struct partition *partition = lane->partitions[i];

        is_placed[i] = is_dropped || partition->state == PARTITION_HELD;
        if (is_placed[i])
            place(lane, partition);
    }
    bool ok = lane_read(lane, is_placed, err);
    free(is_placed);
    return ok;
}
