#ifndef COOP_CONSUMERS_LANE_INSIDE_H
#define COOP_CONSUMERS_LANE_INSIDE_H

#include "consumers/lane/batch_part.h"
#include "consumers/lane/batches.h"
#include "consumers/lane/lane.h"
#include "consumers/lane/sieve.h"

/*
 * The inside of a lane, for its own files: lane.c makes it and answers for it, move.c moves it,
 * fill.c takes messages, choose.c begins what is due, claims.c claims, requests.c asks the session,
 * hear.c says what an answer changes, hold.c has partitions stand still.
 */
struct lane {
    struct lane_parts parts;
    enum lane_state state;   /* Only lane_move() changes it. */
    enum request_kind asked; /* What is under way. */
    struct partition **partitions;
    struct claim *claims; /* Room for as many. */
    struct place *places; /* As well. */
    size_t count;
    int64_t claim_at_ms;   /* UNCLAIMED: when to claim. READY: when again, if one stands still. */
    int64_t confirm_at_ms; /* READY: when to ask whether all is still ours. */
    int64_t sent_ms;       /* When the batch that goes out was sent. */
    struct batches batches;
    struct part part; /* Of what is being written. */
    struct sieve sieve;
    struct buffer rows;         /* COPY rows of the part, as far as they are not the batch's own, */
    struct buffer data;         /* and those beside them: rejects, or messages. */
    struct lane_counts *counts; /* By topic. */
    struct counters counters;
};

enum { LANE_HELD_AGAIN_MS = 30000 }; /* What stands still may have been mended. */

/** Does a partition of it stand still? */
bool lane_has_held(const struct lane *lane);

/** Goes over to the next state. An event that the state does not know is a fault of ours. */
void lane_move(struct lane *lane, enum lane_event event, int64_t now_ms);

/* claims.c */

/** Begins to claim; where Kafka does not tell where the logs begin and end, later again. */
void lane_claim(struct lane *lane, int64_t now_ms);

/** Takes over what the claim has given, and places what has moved or stood still. */
MUST_USE bool lane_take_claims(struct lane *lane, const struct answer *answer, struct error *err);

/** Begins to read the partitions that `is_wanted` marks and that are not held. */
MUST_USE bool lane_read(struct lane *lane, const bool *is_wanted, struct error *err);

/** Has the source read no more of what is held: it would be thrown away. */
MUST_USE bool lane_halt(struct lane *lane, struct error *err);

/* requests.c */

void lane_ask_claim(struct lane *lane, enum request_kind kind, int64_t now_ms);
void lane_ask_confirm(struct lane *lane, int64_t now_ms);

/** The part straight into its table, with its rejects; or positions alone. */
void lane_ask_write(struct lane *lane, int64_t now_ms);

/** The sieve: its tables are made, the part's rows sorted, and the good kept. */
void lane_ask_prepare(struct lane *lane, int64_t now_ms);
void lane_ask_sort(struct lane *lane, int64_t now_ms);
void lane_ask_keep(struct lane *lane, int64_t now_ms);

#endif
