#ifndef COOP_CONSUMERS_MEMBERSHIP_H
#define COOP_CONSUMERS_MEMBERSHIP_H

#include "consumers/kafka/source.h"
#include "consumers/lane/lanes.h"

/*
 * What the group has given us. The group gives, PostgreSQL decides: a partition is read only once
 * it is claimed, from the claimed position.
 */
struct membership {
    struct source *source; /**< Borrowed, as the partitions are. */
    struct partitions *partitions;
    struct partition **owned; /**< By topic and number. */
    size_t count;
    bool is_given;        /**< The group has said what is ours, be it nothing. */
    int64_t rebalances;   /**< How often it has. */
    int64_t commit_at_ms; /**< When to write the positions to the group. */
};

void membership_init(struct membership *membership, struct source *source,
                     struct partitions *partitions);
void membership_free(struct membership *membership);

/**
 * Hears what the group has decided: what it gives, the lanes claim; what it takes back, they
 * forget.
 *
 * @return false with the error of the source, which makes going on useless.
 */
MUST_USE bool membership_hear(struct membership *membership, struct lanes *lanes, int64_t now_ms,
                              struct error *err);

/** Writes the positions to the group, for lag displays. */
void membership_commit(const struct membership *membership);

/** The same, every five seconds. */
void membership_commit_when_due(struct membership *membership, int64_t now_ms);

#endif
