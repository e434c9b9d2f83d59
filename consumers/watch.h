#ifndef COOP_CONSUMERS_WATCH_H
#define COOP_CONSUMERS_WATCH_H

#include "consumers/kafka/source.h"
#include "consumers/lane/lanes.h"
#include "consumers/membership.h"
#include "consumers/monitor/http.h"
#include "consumers/postgres/folds.h"

/* What the pipeline tells those who watch it over HTTP: each turn that it lives, each second
 * numbers. */
struct watch {
    struct http *http; /**< Borrowed; NULL: nobody asks. */
    struct buffer page;
    int64_t publish_at_ms;
};

/** What the numbers are made of; all borrowed. */
struct watch_view {
    const struct partitions *partitions;
    const struct source *source;
    const struct membership *membership;
    const struct lanes *lanes;
    const struct folds *folds;
    bool is_stopping;
    bool is_paused;
    int64_t now_us;
};

void watch_init(struct watch *watch, struct http *http);
void watch_free(struct watch *watch);

/** Tells that the loop turns and whether it is ready; the numbers when they are due. */
void watch_tell(struct watch *watch, const struct watch_view *view, int64_t now_ms);

#endif
