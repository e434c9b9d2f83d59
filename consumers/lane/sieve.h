#ifndef COOP_CONSUMERS_LANE_SIEVE_H
#define COOP_CONSUMERS_LANE_SIEVE_H

#include "consumers/lane/batch_part.h"

/*
 * Where PostgreSQL refuses a row of a batch, the sieve finds it: the rows go into a temporary
 * table without constraints, the table's own rules name what is wrong with each, and what is
 * refused for no known reason is found by halving. Bad rows come in floods: after a refusal some
 * batches go to the sieve at once, twice as many each time.
 */
struct sieve {
    size_t run;  /**< So many went at once after the last refusal, */
    size_t left; /**< and so many of them are still to come. */
};

/** PostgreSQL has refused a row of a batch that was written the fast way. */
void sieve_note_refusal(struct sieve *sieve);

/** A batch with rows was written the fast way. */
void sieve_note_success(struct sieve *sieve);

/** Shall a batch with rows go to the sieve at once? If so, one less does after it. */
bool sieve_takes(struct sieve *sieve);

/** The rows that break a rule become rejects; the rule's name is the reason. */
void sieve_reject_broken(struct part *part, const struct broken_row *broken, size_t count);

/** PostgreSQL refuses a row of the part: the first half is tried, or one row is the reject. */
void sieve_narrow(struct part *part, const struct refusal *refusal);

#endif
