#include "consumers/worker.h"

enum { HELD_AGAIN_MS = 30000, CONFIRM_EVERY_MS = 20000 };

/*
 * Everything is stored, and yet the log goes on: a marker of a transaction takes an offset,
 * as does a message that was aborted. Unless the position moves on, it lags for ever.
 */
static void skip_to_ends(struct worker *worker)
{
    struct partition **ended = worker->claims.ended;
    size_t count = 0;

    if (!lane_is_idle(worker->lane))
        return;
    for (size_t i = 0; i < worker->claims.count; i++) {
        struct partition *partition = worker->claims.partitions[i];

        if (partition->state == PARTITION_READING && partition->position == partition->next_offset
            && partition->position < partition->end_offset)
            ended[count++] = partition;
    }
    if (count)
        lane_skip(worker->lane, ended, count);
}

/*
 * Whoever writes is told that a partition was claimed anew, its position set or its topic
 * begun anew by an operator. Whoever has nothing to write asks now and then.
 */
static void confirm_when_due(struct worker *worker, int64_t now_ms)
{
    bool is_quiet = lane_is_idle(worker->lane) && worker->claims.count > 0
                    && worker->claims.due_ms == INT64_MAX;

    if (!is_quiet) {
        worker->confirm_at_ms = now_ms + CONFIRM_EVERY_MS;
    } else if (now_ms >= worker->confirm_at_ms) {
        worker->confirm_at_ms = now_ms + CONFIRM_EVERY_MS;
        lane_confirm(worker->lane);
    }
}

/* Nothing is written to a partition before it is claimed. */
void worker_start(struct worker *worker, const struct assignment *assignment, bool is_draining,
                  int64_t now_ms)
{
    claims_remind(&worker->claims, now_ms + HELD_AGAIN_MS);
    if (claims_begin(&worker->claims, assignment, now_ms))
        return;
    if (!worker->claims.is_done)
        return;
    outlet_write(&worker->outlet, is_draining, now_ms);
    if (is_draining)
        return;
    skip_to_ends(worker);
    confirm_when_due(worker, now_ms);
}

int64_t worker_due_ms(const struct worker *worker)
{
    int64_t outlet_ms = worker->claims.is_done ? outlet_due_ms(&worker->outlet) : INT64_MAX;

    if (!lane_is_idle(worker->lane))
        return INT64_MAX;
    return worker->claims.due_ms < outlet_ms ? worker->claims.due_ms : outlet_ms;
}
