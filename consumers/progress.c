#include "consumers/progress.h"

#include <inttypes.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "consumers/assignment.h"
#include "consumers/postgres/positions.h"

enum { TELL_EVERY_MS = 60000, ASK_EVERY_MS = 500 };

static bool note_targets(struct progress *progress, struct source *source, struct error *err)
{
    for (size_t i = 0; i < progress->routes->count; i++) {
        struct route *route = &progress->routes->items[i];

        for (size_t number = 0; number < source_partition_count(source, i); number++) {
            struct partition *partition = route_partition(route, (int32_t)number);
            int64_t low;
            int64_t high;

            if (!partition)
                return error_no_memory(err);
            if (!source_watermarks(source, i, (int32_t)number, &low, &high, err))
                return false;
            partition->target_offset = high > low ? high : 0;
        }
    }
    return true;
}

bool progress_init(struct progress *progress, const struct consumer_settings *settings,
                   struct routes *routes, struct source *source, struct lane *const *lanes,
                   size_t lane_count, struct error *err)
{
    int64_t now_ms = clock_steady_ms();

    *progress = (struct progress){.settings = settings,
                                  .routes = routes,
                                  .lanes = lanes,
                                  .lane_count = lane_count,
                                  .started_ms = now_ms,
                                  .tell_at_ms = now_ms + TELL_EVERY_MS};
    return !settings->is_until_end || note_targets(progress, source, err);
}

static struct partition *partition_of(struct progress *progress, const struct message *message)
{
    return route_partition(&progress->routes->items[message->topic], message->partition);
}

void progress_note_end(struct progress *progress, const struct message *message)
{
    struct partition *partition = partition_of(progress, message);

    if (!partition)
        return;
    /* The record before the position is gone, and nothing follows: nothing to compare. */
    if (partition->state == PARTITION_CHECKING && message->offset >= partition->position)
        partition->state = PARTITION_READING;
    partition->end_offset = message->offset;
}

void progress_hold_outside(struct progress *progress, const struct message *message)
{
    struct partition *partition = partition_of(progress, message);

    if (partition)
        assignment_hold(partition, "the position lies outside the log");
}

static bool is_reached(const struct partition *partition)
{
    return partition->target_offset == 0
           || (partition->state == PARTITION_READING
               && partition->position >= partition->target_offset);
}

bool progress_is_complete(struct progress *progress, int64_t now_ms, struct error *err)
{
    size_t held = 0;
    size_t others = 0;

    for (size_t i = 0; i < progress->routes->count; i++) {
        const struct route *route = &progress->routes->items[i];

        for (size_t j = 0; j < route->partition_count; j++) {
            const struct partition *partition = route->partitions[j];

            if (partition->state == PARTITION_HELD)
                held++;
            else if (!is_reached(partition) && partition->state != PARTITION_IDLE)
                return false;
            else if (!is_reached(partition))
                others++;
        }
    }
    if (others) {
        if (now_ms < progress->ask_at_ms)
            return false;
        progress->ask_at_ms = now_ms + ASK_EVERY_MS;
        if (!positions_have_reached_targets(progress->settings->database, progress->routes))
            return false;
    }
    if (held)
        error_set(err, ERROR_CONFIGURATION, "%zu partitions stand still, see above", held);
    return true;
}

static struct lane_counts sum_counts(const struct progress *progress)
{
    struct lane_counts sum = {0};

    for (size_t i = 0; i < progress->routes->count; i++) {
        struct lane_counts counts = lanes_counts(progress->lanes, progress->lane_count, i);

        lane_counts_add(&sum, &counts);
    }
    return sum;
}

static void log_counts(const char *what, const struct lane_counts *counts, int64_t elapsed_ms)
{
    log_info("%s: stored=%" PRId64 " duplicates=%" PRId64 " rejects=%" PRId64 " batches=%" PRId64
             " sieved=%" PRId64 " seconds=%.1f",
             what, counts->stored, counts->duplicates, counts->rejects, counts->batches,
             counts->sieved, (double)elapsed_ms / 1000);
}

void progress_log(struct progress *progress, int64_t now_ms)
{
    const struct lane_counts *told = &progress->told;

    if (now_ms < progress->tell_at_ms)
        return;
    struct lane_counts now = sum_counts(progress);
    struct lane_counts since = {.stored = now.stored - told->stored,
                                .duplicates = now.duplicates - told->duplicates,
                                .rejects = now.rejects - told->rejects,
                                .batches = now.batches - told->batches,
                                .sieved = now.sieved - told->sieved};
    if (since.batches)
        log_counts("last minute", &since, TELL_EVERY_MS + now_ms - progress->tell_at_ms);
    progress->told = now;
    progress->tell_at_ms = now_ms + TELL_EVERY_MS;
}

void progress_log_sum(const struct progress *progress)
{
    struct lane_counts sum = sum_counts(progress);

    log_counts("done", &sum, clock_steady_ms() - progress->started_ms);
}
