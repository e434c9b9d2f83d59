#ifndef COOP_CONSUMERS_LANE_H
#define COOP_CONSUMERS_LANE_H

#include <poll.h>

#include "consumers/batch.h"
#include "consumers/monitor/tally.h"

/*
 * A lane writes batches through one connection that never waits: on the fast road straight
 * into the event table, and where PostgreSQL refuses a row, through the sieve. It claims
 * the partitions before it writes to them, and again after every new connection: the
 * database decides what has happened.
 *
 * One thing at a time is under way. The caller polls lane_poll() and calls lane_turn().
 */
struct lane;

enum lane_news {
    LANE_NOTHING,
    LANE_CONNECTED, /**< Ready; claim before anything is written. */
    LANE_CLAIMED,   /**< Stream, position, epoch and timestamp of the claimed ones are set. */
    LANE_WRITTEN,   /**< The batch is committed, its partitions' positions have moved. */
    LANE_FENCED,    /**< Nothing was written: another consumer has claimed a partition. */
    LANE_LOST,      /**< The connection is gone and will be tried again; see the log. */
    LANE_HELD,      /**< Nothing was written and trying again cannot help; see err. */
};

struct lane_counts {
    int64_t stored;
    int64_t duplicates;
    int64_t rejects;
    int64_t batches;
    int64_t sieved; /**< Batches that went through the sieve. */
};

/** `conninfo` and `owner` are borrowed; messages come of so many routes. NULL without memory. */
struct lane *lane_new(const char *conninfo, const char *owner, size_t route_count);

/** Closes the connection; what is under way is lost, and the database decides. */
void lane_free(struct lane *lane);

/** Connected, and nothing under way. */
bool lane_is_idle(const struct lane *lane);

/** A batch is under way: its fate is not known yet. */
bool lane_is_writing(const struct lane *lane);

/** Connected, whether or not something is under way. */
bool lane_is_connected(const struct lane *lane);

/** Begins to claim; the list is copied. Only while idle. False without memory. */
MUST_USE bool lane_claim(struct lane *lane, struct partition *const *partitions, size_t count);

/** Begins to write; the batch is borrowed until the news. Only while idle. */
void lane_write(struct lane *lane, struct batch *batch);

/** Begins to move positions to their end_offset, without a row. Only while idle. */
void lane_skip(struct lane *lane, struct partition *const *partitions, size_t count);

/** Begins to ask whether what is claimed is still ours; else LANE_FENCED. Only while idle. */
void lane_confirm(struct lane *lane);

/** What to poll for, and until when (clock_steady_ms()); false: nothing to poll. */
bool lane_poll(const struct lane *lane, struct pollfd *out, int64_t *deadline_ms);

/** Goes on with what is under way. err is set for LANE_HELD. */
enum lane_news lane_turn(struct lane *lane, int64_t now_ms, struct error *err);

/** Adds `other` to `counts`. */
void lane_counts_add(struct lane_counts *counts, const struct lane_counts *other);

/** What became of the messages of a route, in all these lanes. */
struct lane_counts lanes_counts(struct lane *const *lanes, size_t count, size_t route);

/** How batches were written, and what kept them from it. */
const struct tally *lane_tally(const struct lane *lane);

#endif
