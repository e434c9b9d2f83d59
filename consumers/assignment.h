#ifndef COOP_CONSUMERS_ASSIGNMENT_H
#define COOP_CONSUMERS_ASSIGNMENT_H

#include "consumers/kafka/source.h"
#include "consumers/route.h"

/*
 * The partitions that the group has given us, and where each is read from. The group gives,
 * PostgreSQL decides: a partition is read only once it is claimed, from the claimed position.
 */
struct assignment {
    struct routes *routes; /**< Borrowed, as the source is. */
    struct source *source;
    struct partition **owned;
    size_t count;
    int64_t *expected;             /**< Positions before a claim, by place in `owned`. */
    bool is_reading;               /**< source_assign() has been called for what we own. */
    struct source_partition *list; /**< Room for `count` of them. */
};

void assignment_free(struct assignment *assignment);

/** Takes what the source says it has been given; nothing is claimed yet. */
MUST_USE bool assignment_take(struct assignment *assignment, struct error *err);

/** The group has taken everything back. */
void assignment_revoke(struct assignment *assignment);

/** Asks Kafka where the logs begin and end and notes the positions in memory. */
MUST_USE bool assignment_before_claim(struct assignment *assignment, struct error *err);

/** Is every partition read, and its position, now that it is claimed, where we thought? */
bool assignment_is_as_expected(const struct assignment *assignment);

/**
 * Begins to read every partition that is not held: at the position, or at the record before
 * it where that can be compared.
 */
MUST_USE bool assignment_begin(struct assignment *assignment, struct error *err);

/** Goes on with every partition that is not held, after the last message taken. */
MUST_USE bool assignment_go_on(struct assignment *assignment, struct error *err);

/** Should this message be taken? False: pass over it. May hold its partition (see log). */
bool assignment_accepts(struct partition *partition, const struct message *message);

/** Stops a partition and says why in the log; it waits for an operator. */
void assignment_hold(struct partition *partition, const char *reason);

/** Writes the positions to the group, for lag displays. */
void assignment_commit(struct assignment *assignment);

#endif
