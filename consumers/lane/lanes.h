#ifndef COOP_CONSUMERS_LANE_LANES_H
#define COOP_CONSUMERS_LANE_LANES_H

#include "consumers/lane/lane.h"

/* All lanes of a consumer, and what is asked of them together. */
struct lanes {
    struct lane **each; /**< Owned. */
    size_t count;
};

/** parts->lane_count of them, each with its own session, which it takes over. */
void lanes_init(struct lanes *lanes, const struct lane_parts *parts,
                struct session *const *sessions);
void lanes_free(struct lanes *lanes);

/** Everything that was taken is stored. */
bool lanes_are_empty(const struct lanes *lanes);

/** Every partition that is ours is claimed. */
bool lanes_are_claimed(const struct lanes *lanes);

/** How many are connected to PostgreSQL. */
size_t lanes_connected(const struct lanes *lanes);

/** Nothing fits into some lane any more, see lane_is_stuck(). */
bool lanes_are_stuck(const struct lanes *lanes, int64_t now_ms);

/** What became of the messages of a topic. */
struct lane_counts lanes_counts(const struct lanes *lanes, size_t topic);

#endif
