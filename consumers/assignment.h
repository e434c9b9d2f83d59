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
    bool is_given;                 /**< The group has said which are ours, be it none. */
    struct source_partition *list; /**< Room for `count` of them. */
};

void assignment_free(struct assignment *assignment);

/** Takes what the source says it has been given; nothing is claimed yet. */
MUST_USE bool assignment_take(struct assignment *assignment, struct error *err);

/** The group has taken everything back. */
void assignment_revoke(struct assignment *assignment);

/** Asks Kafka where a partition's log begins and ends. Waits at most 5 s. */
MUST_USE bool assignment_ask_log(const struct assignment *assignment, struct partition *partition,
                                 struct error *err);

/**
 * Where a partition that is claimed is to be read from: at its position, or at the record
 * before it where that can be compared. Holds it where the position is not in the log.
 */
void assignment_place(struct partition *partition);

/** Begins to read, or goes on with, every partition that is placed and not held. */
MUST_USE bool assignment_read(struct assignment *assignment, struct error *err);

/** Should this message be taken? False: pass over it. May hold its partition (see log). */
bool assignment_accepts(struct partition *partition, const struct message *message);

/** Stops a partition and says why in the log; it waits for an operator. */
void assignment_hold(struct partition *partition, const char *reason);

/** Writes the positions to the group, for lag displays. */
void assignment_commit(struct assignment *assignment);

#endif
