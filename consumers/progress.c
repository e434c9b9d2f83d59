#include "consumers/progress.h"

#include <inttypes.h>

#include "common/base/log.h"

enum { TELL_EVERY_MS = 60000 };

void progress_init(struct progress *progress, const struct lanes *lanes, size_t topic_count,
                   int64_t now_ms)
{
    *progress = (struct progress){.lanes = lanes,
                                  .topic_count = topic_count,
                                  .started_ms = now_ms,
                                  .tell_at_ms = now_ms + TELL_EVERY_MS};
}

static struct lane_counts sum_counts(const struct progress *progress)
{
    struct lane_counts sum = {0};

    for (size_t topic = 0; topic < progress->topic_count; topic++) {
        struct lane_counts counts = lanes_counts(progress->lanes, topic);

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

/* The database does not keep up or is away: a full lane reads nothing, the group is still heard. */
static void log_pause(struct progress *progress, int64_t now_ms)
{
    bool is_stuck = lanes_are_stuck(progress->lanes, now_ms);

    if (is_stuck && !progress->is_paused)
        log_warning("nothing could be written for %d s: reading is paused",
                    LANE_STUCK_AFTER_MS / 1000);
    else if (!is_stuck && progress->is_paused)
        log_info("reading goes on");
    progress->is_paused = is_stuck;
}

void progress_log(struct progress *progress, int64_t now_ms)
{
    const struct lane_counts *told = &progress->told;

    log_pause(progress, now_ms);
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

void progress_log_sum(const struct progress *progress, int64_t now_ms)
{
    struct lane_counts sum = sum_counts(progress);

    log_counts("done", &sum, now_ms - progress->started_ms);
}
