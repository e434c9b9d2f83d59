#ifndef COOP_CONSUMERS_MONITOR_PAGE_H
#define COOP_CONSUMERS_MONITOR_PAGE_H

#include "consumers/assignment.h"
#include "consumers/postgres/folds.h"
#include "consumers/postgres/lane.h"

/* What the page of metrics is made of; all borrowed. */
struct page_view {
    const struct routes *routes;
    const struct source *source;
    struct lane *const *lanes;
    size_t lane_count;
    const struct folds *folds; /**< NULL: nobody here folds. */
    int64_t rebalances;        /**< How often the group has given us partitions. */
    bool is_paused;
};

/** The metrics of contract.md §6 in Prometheus' text format; see docs/operations.md. */
MUST_USE bool page_write(const struct page_view *view, struct buffer *out);

#endif
