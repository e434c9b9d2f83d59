#ifndef COOP_CONSUMERS_WORKER_H
#define COOP_CONSUMERS_WORKER_H

#include "consumers/claims.h"
#include "consumers/outlet.h"

/* A lane with what it writes and what it has claimed. */
struct worker {
    struct lane *lane; /**< Borrowed. */
    struct outlet outlet;
    struct claims claims;
    int64_t confirm_at_ms; /**< When to ask whether the partitions are still ours. */
};

/**
 * Begins what is due, if the lane is idle: a claim, a batch, a step behind what no message
 * is, a question. While draining only what is left to write.
 */
void worker_start(struct worker *worker, const struct assignment *assignment, bool is_draining,
                  int64_t now_ms);

/** When something is due that an idle lane can begin (clock_steady_ms()); INT64_MAX: nothing. */
int64_t worker_due_ms(const struct worker *worker);

#endif
