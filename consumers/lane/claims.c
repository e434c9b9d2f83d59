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

void lane_claim(struct lane *lane, int64_t now_ms)
{
    struct error err;

    for (size_t i = 0; i < lane->count; i++) {
        struct partition *partition = lane->partitions[i];

        if (!look_at_log(lane, partition, &err)) {
            log_warning("%s; trying again in %d ms", err.message, TRY_AGAIN_MS);
            lane->claim_at_ms = lane->parts.clock->steady_ms(lane->parts.clock) + TRY_AGAIN_MS;
            return;
        }
        lane->claims[i] = (struct claim){.topic = partition->route->topic,
                                         .table = partition->route->table_name,
                                         .partition = partition->number,
                                         .log_start = partition->log_start};
    }
    lane_move(lane, LANE_CLAIM, now_ms);
    lane_ask_claim(lane, REQUEST_CLAIM, now_ms);
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

static struct place place_of(const struct lane *lane, const struct partition *partition)
{
    return (struct place){.topic = partition->route->number,
                          .partition = partition->number,
                          .lane = lane->parts.number,
                          .offset = partition_begin(partition)};
}

bool lane_read(struct lane *lane, const bool *is_wanted, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < lane->count; i++) {
        if (is_wanted[i] && partition_is_read(lane->partitions[i]))
            lane->places[count++] = place_of(lane, lane->partitions[i]);
    }
    return count == 0 || source_read(lane->parts.source, lane->places, count, err);
}

bool lane_halt(struct lane *lane, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < lane->count; i++) {
        if (lane->partitions[i]->state == PARTITION_HELD)
            lane->places[count++] = place_of(lane, lane->partitions[i]);
    }
    return source_halt(lane->parts.source, lane->places, count, err);
}

/*
 * Unless the record before the position is going to be compared, the log is looked at again: the
 * claim may have waited while the topic was made anew, or while whoever had the partition before
 * stored what came after we looked. A position that this very claim has made is where the log began
 * then.
 */
static void place(const struct lane *lane, struct partition *partition, bool *does_kafka_answer)
{
    enum { FIRST_EPOCH = 1 };
    bool is_compared = partition->last_published_us >= 0
                       && partition->position > partition->log_start
                       && partition->position <= partition->log_end;
    struct error err;

    if (!is_compared && *does_kafka_answer) {
        *does_kafka_answer = look_at_log(lane, partition, &err);
        if (!*does_kafka_answer)
            log_warning("%s", err.message);
    }
    partition_place(partition);
    if (partition->epoch == FIRST_EPOCH && partition->log_start < partition->position
        && partition_is_read(partition))
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
    bool does_kafka_answer = true; /* Each look may wait for seconds: after one in vain no more. */

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
            place(lane, partition, &does_kafka_answer);
    }
    bool ok = lane_halt(lane, err) && lane_read(lane, is_placed, err);
    free(is_placed);
    return ok;
}
