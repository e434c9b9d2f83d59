#ifndef COOP_CONSUMERS_PROGRESS_H
#define COOP_CONSUMERS_PROGRESS_H

#include "consumers/lane/lanes.h"

/*
 * What happens, as lines in the log: when reading pauses, once a minute what was done, and at the
 * end the sum.
 */
struct progress {
    const struct lanes *lanes; /**< Borrowed. */
    size_t topic_count;
    struct lane_counts told; /**< What the last line said. */
    int64_t started_ms;
    int64_t tell_at_ms;
    bool is_paused; /**< Nothing fits into some lane any more; said in the log. */
};

void progress_init(struct progress *progress, const struct lanes *lanes, size_t topic_count,
                   int64_t now_ms);

/** Tells of a pause, and the line of the minute, when it is due. */
void progress_log(struct progress *progress, int64_t now_ms);

/** The last line. */
void progress_log_sum(const struct progress *progress, int64_t now_ms);

#endif
