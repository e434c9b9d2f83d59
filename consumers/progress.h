#ifndef COOP_CONSUMERS_PROGRESS_H
#define COOP_CONSUMERS_PROGRESS_H

#include "consumers/kafka/source.h"
#include "consumers/postgres/lane.h"
#include "consumers/route.h"
#include "consumers/settings.h"

/* How far we have come: for --until-end, and for a line in the log now and then. */
struct progress {
    const struct consumer_settings *settings; /**< All borrowed. */
    struct routes *routes;
    struct lane *const *lanes;
    size_t lane_count;
    struct lane_counts told; /**< What the last line said. */
    int64_t started_ms;
    int64_t tell_at_ms;
    int64_t ask_at_ms; /**< When to ask again how far other consumers are. */
};

/** With --until-end, notes where every partition ends now. */
MUST_USE bool progress_init(struct progress *progress, const struct consumer_settings *settings,
                            struct routes *routes, struct source *source, struct lane *const *lanes,
                            size_t lane_count, struct error *err);

/** Kafka says that a partition is read to its end. */
void progress_note_end(struct progress *progress, const struct message *message);

/** Kafka says that our position is not in the log. */
void progress_hold_outside(struct progress *progress, const struct message *message);

/**
 * Is everything stored that was there at the start, by us or by another consumer? True also
 * where a partition of ours stands still, with err saying so.
 */
bool progress_is_complete(struct progress *progress, int64_t now_ms, struct error *err);

/** A line a minute, if there is something to tell. */
void progress_log(struct progress *progress, int64_t now_ms);

/** The last line. */
void progress_log_sum(const struct progress *progress);

#endif
