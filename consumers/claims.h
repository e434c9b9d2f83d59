#ifndef COOP_CONSUMERS_CLAIMS_H
#define COOP_CONSUMERS_CLAIMS_H

#include "consumers/assignment.h"
#include "consumers/postgres/lane.h"

/*
 * The partitions of one lane, and whether the database knows that they are ours. Claimed
 * when the group gives them, and again after every new connection and every fencing.
 */
struct claims {
    struct lane *lane;             /**< Borrowed. */
    struct partition **partitions; /**< In the order of topic and number. */
    struct partition *expected;    /**< What they were before the claim. */
    struct partition **ended;      /**< Room for as many again. */
    size_t count;
    int64_t due_ms;    /**< When to claim (clock_steady_ms()); INT64_MAX: nothing to claim. */
    bool is_under_way; /**< The lane's next news are about this claim. */
    bool is_done;      /**< Everything here is claimed. */
};

void claims_free(struct claims *claims);

/** Takes over the partitions that fall to lane `number` of `lane_count`; none are claimed. */
MUST_USE bool claims_set(struct claims *claims, const struct assignment *assignment, size_t number,
                         size_t lane_count, struct error *err);

/** They are no longer ours; what is under way is forgotten. */
void claims_revoke(struct claims *claims);

/** To be claimed (again) at that time. */
void claims_schedule(struct claims *claims, int64_t due_ms);

/** Begins the claim if it is due and the lane is idle; true: it has begun. */
bool claims_begin(struct claims *claims, const struct assignment *assignment, int64_t now_ms);

/** If something here stands still: to be claimed again at that time, it may have been mended. */
void claims_remind(struct claims *claims, int64_t due_ms);

/** What a claim has shown. */
enum claims_outcome {
    CLAIMS_AS_BEFORE, /**< Everything is where it was, and is being read: go on. */
    CLAIMS_SOME_HELD, /**< The same, but for some that stand still: place those anew. */
    CLAIMS_MOVED,     /**< Something is elsewhere or not read yet: drop, and place all anew. */
};

enum claims_outcome claims_finish(struct claims *claims);

#endif
