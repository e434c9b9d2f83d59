#include <stdlib.h>

#include "common/base/memory.h"
#include "consumers/lane/inside.h"

/*
 * All its messages are stored, but the log goes on past our position with records that are not
 * messages: markers of transactions, and what was aborted. Unless the position moves over them, it
 * lags for ever.
 */
static bool can_skip_to_end(const struct partition *partition)
{
    return partition->state == PARTITION_READING && partition->position == partition->next_offset
           && partition->position < partition->end_offset;
}

/* How many of its partitions are so; `out` takes them, where it is not NULL. */
static size_t find(const struct lane *lane, bool (*is_so)(const struct partition *),
                   struct partition **out)
{
    size_t count = 0;

    for (size_t i = 0; i < lane->count; i++) {
        if (!is_so(lane->partitions[i]))
            continue;
        if (out)
            out[count] = lane->partitions[i];
        count++;
    }
    return count;
}

enum step { STEP_NONE, STEP_CLAIM, STEP_WRITE, STEP_SKIP, STEP_CONFIRM };

/* Whoever writes is told that a partition was claimed again; whoever does not, asks now and then.
 */
static enum step choose_step(const struct lane *lane, bool is_draining, int64_t now_ms)
{
    if (lane->state == LANE_UNCLAIMED)
        return lane->count && now_ms >= lane->claim_at_ms ? STEP_CLAIM : STEP_NONE;
    if (lane->state != LANE_READY)
        return STEP_NONE;
    if (now_ms >= lane->claim_at_ms && lane_has_held(lane))
        return STEP_CLAIM;
    if (batches_have_due(&lane->batches, is_draining, now_ms))
        return STEP_WRITE;
    if (is_draining)
        return STEP_NONE;
    if (find(lane, can_skip_to_end, NULL))
        return STEP_SKIP;
    return now_ms >= lane->confirm_at_ms && find(lane, partition_is_read, NULL) ? STEP_CONFIRM
                                                                                : STEP_NONE;
}

static void write_batch(struct lane *lane, bool is_draining, int64_t now_ms)
{
    struct batch *batch = batches_pick(&lane->batches, is_draining, now_ms);
    struct lane_counts *counts = &lane->counts[batch_topic(batch)];

    batch_unsift(batch);
    part_set(&lane->part, batch, 0, batch->count);
    lane->sent_ms = now_ms;
    counts->batches++;
    if (lane->part.row_count && sieve_takes(&lane->sieve)) {
        counts->sieved++;
        lane_move(lane, LANE_SIFT, now_ms);
        lane_ask_prepare(lane, now_ms);
    } else {
        lane_move(lane, LANE_WRITE, now_ms);
        lane_ask_write(lane, now_ms);
    }
}

static void skip_to_ends(struct lane *lane, int64_t now_ms)
{
    struct partition **ends = memory_new(lane->count, sizeof(struct partition *));

    part_set_ends(&lane->part, ends, find(lane, can_skip_to_end, ends));
    free(ends);
    lane_move(lane, LANE_SKIP, now_ms);
    lane_ask_write(lane, now_ms);
}

/* Of what stands still nothing is asked: it may never have been claimed. */
static void ask_whether_ours(struct lane *lane, int64_t now_ms)
{
    struct partition **read = memory_new(lane->count, sizeof(struct partition *));

    part_set_question(&lane->part, read, find(lane, partition_is_read, read));
    free(read);
    lane_move(lane, LANE_CONFIRM, now_ms);
    lane_ask_confirm(lane, now_ms);
}

void lane_begin(struct lane *lane, bool is_draining, int64_t now_ms)
{
    switch (choose_step(lane, is_draining, now_ms)) {
    case STEP_NONE:
        break;
    case STEP_CLAIM:
        lane_claim(lane, now_ms);
        break;
    case STEP_WRITE:
        write_batch(lane, is_draining, now_ms);
        break;
    case STEP_SKIP:
        skip_to_ends(lane, now_ms);
        break;
    case STEP_CONFIRM:
        ask_whether_ours(lane, now_ms);
        break;
    }
}
