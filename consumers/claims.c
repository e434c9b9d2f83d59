#include "consumers/claims.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"

enum { TRY_AGAIN_MS = 1000 };

void claims_free(struct claims *claims)
{
    free(claims->partitions);
    free(claims->expected);
    free(claims->ended);
    *claims = (struct claims){0};
}

bool claims_set(struct claims *claims, const struct assignment *assignment, size_t number,
                size_t lane_count, struct error *err)
{
    struct lane *lane = claims->lane;

    claims_free(claims);
    claims->lane = lane;
    claims->due_ms = INT64_MAX;
    claims->partitions = calloc(assignment->count + 1, sizeof(struct partition *));
    claims->expected = calloc(assignment->count + 1, sizeof(*claims->expected));
    claims->ended = calloc(assignment->count + 1, sizeof(struct partition *));
    if (!claims->partitions || !claims->expected || !claims->ended)
        return error_no_memory(err);
    for (size_t i = 0; i < assignment->count; i++) {
        struct partition *partition = assignment->owned[i];

        if (partition_lane(partition, lane_count) == number)
            claims->partitions[claims->count++] = partition;
    }
    return true;
}

void claims_revoke(struct claims *claims)
{
    claims->count = 0;
    claims->due_ms = INT64_MAX;
    claims->is_under_way = false;
    claims->is_done = false;
}

void claims_schedule(struct claims *claims, int64_t due_ms)
{
    claims->is_under_way = false;
    claims->is_done = claims->count == 0;
    claims->due_ms = claims->count ? due_ms : INT64_MAX;
}

bool claims_begin(struct claims *claims, const struct assignment *assignment, int64_t now_ms)
{
    struct error err;

    if (claims->due_ms > now_ms || !lane_is_idle(claims->lane))
        return false;
    for (size_t i = 0; i < claims->count; i++) {
        if (!assignment_ask_log(assignment, claims->partitions[i], &err)) {
            log_warning("%s; trying again in %d ms", err.message, TRY_AGAIN_MS);
            claims->due_ms = clock_steady_ms() + TRY_AGAIN_MS;
            return false;
        }
        claims->expected[i] = *claims->partitions[i];
    }
    claims->due_ms = INT64_MAX;
    claims->is_under_way = true;
    if (!lane_claim(claims->lane, claims->partitions, claims->count))
        abort();
    return true;
}

void claims_remind(struct claims *claims, int64_t due_ms)
{
    if (claims->due_ms != INT64_MAX || claims->is_under_way || !claims->is_done)
        return;
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->partitions[i]->state == PARTITION_HELD)
            claims->due_ms = due_ms;
    }
}

static bool has_moved(const struct partition *partition, const struct partition *expected)
{
    if (partition->position != expected->position || partition->stream_id != expected->stream_id)
        return true;
    /* Of one that stands still, something may be on its way that was read before it did. */
    if (partition->state == PARTITION_HELD)
        return partition->next_offset != partition->position;
    return partition->state != PARTITION_READING && partition->state != PARTITION_CHECKING;
}

enum claims_outcome claims_finish(struct claims *claims)
{
    enum claims_outcome outcome = CLAIMS_AS_BEFORE;

    claims->is_under_way = false;
    claims->is_done = true;
    for (size_t i = 0; i < claims->count; i++) {
        if (has_moved(claims->partitions[i], &claims->expected[i]))
            outcome = CLAIMS_MOVED;
        else if (claims->partitions[i]->state == PARTITION_HELD && outcome != CLAIMS_MOVED)
            outcome = CLAIMS_SOME_HELD;
    }
    return outcome;
}
