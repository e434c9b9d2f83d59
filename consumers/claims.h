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
    struct partition **partitions; /**< In the order of stream and number. */
    int64_t *expected;             /**< Their positions before the claim. */
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

/** The claim is done: is everything read already, and where we thought it was? */
bool claims_finish(struct claims *claims);

#endif
