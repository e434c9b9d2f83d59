#ifndef COOP_CONSUMERS_OUTLET_H
#define COOP_CONSUMERS_OUTLET_H

#include "consumers/intake.h"
#include "consumers/postgres/lane.h"
#include "consumers/settings.h"

/*
 * The batches of a lane: one that fills for each route, and one that is being written. When
 * the one that a message belongs to cannot take it, the message stays in hand.
 */
struct outlet {
    const struct consumer_settings *settings; /**< Borrowed, as the lane is. */
    struct lane *lane;
    struct intake intake;
    struct batch *batches;  /**< One more than there are routes. */
    struct batch **filling; /**< By route. */
    size_t route_count;
    struct batch *flying; /**< Being written, or to be written again; NULL for none. */
    struct batch *spare;  /**< The one that neither fills nor flies; NULL while one flies. */
    bool is_orphan;       /**< The flying one's partitions are no longer ours. */
    struct message hand;
    struct partition *hand_partition; /**< NULL: nothing in hand. */
    int64_t hand_since_ms;
};

MUST_USE bool outlet_init(struct outlet *outlet, const struct consumer_settings *settings,
                          const struct routes *routes, struct lane *lane, struct error *err);
void outlet_free(struct outlet *outlet);

/** Takes a message over: into its batch, or into the hand (which must be empty). */
MUST_USE bool outlet_take(struct outlet *outlet, struct partition *partition,
                          struct message *message, int64_t now_ms, struct error *err);

/** Tries again with the message in hand. */
MUST_USE bool outlet_take_hand(struct outlet *outlet, int64_t now_ms, struct error *err);

/** Writes what flies or is due, if the lane is idle; `is_hurried`: all that there is. */
void outlet_write(struct outlet *outlet, bool is_hurried, int64_t now_ms);

/** The flying batch is stored, or is to be forgotten. */
void outlet_land(struct outlet *outlet);

/** Forgets everything not stored: the messages will come again. */
void outlet_drop(struct outlet *outlet);

/** Forgets what fills; what flies may still land, but is never written again. */
void outlet_orphan(struct outlet *outlet);

/** A part of the flying batch is stored: as a whole it must not be written again. */
bool outlet_is_partly_stored(const struct outlet *outlet);

bool outlet_is_empty(const struct outlet *outlet);

/** When the next batch falls due (clock_steady_ms()); INT64_MAX for none. */
int64_t outlet_due_ms(const struct outlet *outlet);

#endif
