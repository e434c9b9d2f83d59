#ifndef COOP_CONSUMERS_LANE_LANE_H
#define COOP_CONSUMERS_LANE_LANE_H

#include "common/base/clock.h"
#include "consumers/kafka/source.h"
#include "consumers/lane/batches.h"
#include "consumers/lane/partition.h"
#include "consumers/lane/states.h"
#include "consumers/monitor/counters.h"
#include "consumers/postgres/session.h"

/*
 * A lane takes the messages of its partitions from its feed and writes them in batches through
 * its session: straight into the event table or, where PostgreSQL refuses a row, through the
 * sieve. It claims its partitions before it writes to them, and again after every new connection:
 * the database decides what has happened. Lanes share nothing.
 *
 * One thing at a time is under way; docs/architecture.md shows the states.
 */
struct lane;

/** What a lane is made of; all borrowed, but the session, which it takes over. */
struct lane_parts {
    struct batch_limits limits;
    const char *owner; /**< Who claims, as an operator reads it. */
    struct clock *clock;
    struct source *source;
    struct session *session;
    struct partitions *partitions;
    size_t number;     /**< Of its feed, */
    size_t lane_count; /**< of so many. */
};

struct lane *lane_new(const struct lane_parts *parts);

/** Closes the connection; what is under way is lost, and the database decides. */
void lane_free(struct lane *lane);

/** The group has given us these; those of other lanes are passed over. */
void lane_give(struct lane *lane, struct partition *const *partitions, size_t count,
               int64_t now_ms);

/** The group has taken everything back: what is not stored is forgotten. */
void lane_take_back(struct lane *lane, int64_t now_ms);

enum lane_news {
    LANE_NOTHING_NEW,
    LANE_NEWS,       /**< Something has happened; ask again. */
    LANE_HAS_STORED, /**< Messages are committed, or positions have moved. */
    LANE_IS_FENCED,  /**< Another consumer has claimed a partition: all is to be claimed again. */
    LANE_IS_REFUSED, /**< Trying again cannot help, see err: lane_hold(), or end. */
    LANE_HAS_FAILED, /**< The source has refused to read; see err. */
};

/** Hears what the session has to tell. *stored: so many messages, for HAS_STORED. */
enum lane_news lane_hear(struct lane *lane, int64_t now_ms, int64_t *stored, struct error *err);

/**
 * Has the partitions that a refusal is about stand still until somebody has mended what is wrong:
 * those of the refused batch's topic, or all of the lane. The others go on from their positions.
 * What is held is claimed again every 30 s.
 *
 * @return false with the error of the source, which makes going on useless.
 */
MUST_USE bool lane_hold(struct lane *lane, const char *reason, int64_t now_ms, struct error *err);

/**
 * Takes messages from the feed into batches, as long as they fit.
 *
 * @return false with the error of the source, which makes going on useless.
 */
MUST_USE bool lane_fill(struct lane *lane, int64_t now_ms, struct error *err);

/**
 * Begins what is due, if nothing is under way: a claim, a batch, a step over what is no message, a
 * question. While draining only what is left to write.
 */
void lane_begin(struct lane *lane, bool is_draining, int64_t now_ms);

/** What to poll for: at most LANE_DESCRIPTORS; gives their number. The feed only if `may_fill`. */
enum { LANE_DESCRIPTORS = 2 };
size_t lane_poll(const struct lane *lane, bool may_fill, int64_t now_ms, struct pollfd *out,
                 int64_t *until_ms);

/** Connected, whether or not something is under way. */
bool lane_is_connected(const struct lane *lane);

/** All its partitions were claimed, and none was dropped since then; or it has none. */
bool lane_is_claimed(const struct lane *lane);

/** Everything that was taken is stored. */
bool lane_is_empty(const struct lane *lane);

enum { LANE_STUCK_AFTER_MS = 5000 };

/** For so long nothing has fitted into its batches, since nothing could be written. */
bool lane_is_stuck(const struct lane *lane, int64_t now_ms);

/** What became of the messages of a topic. */
const struct lane_counts *lane_counts(const struct lane *lane, size_t topic);

/** How batches were written, and what kept them from it. */
const struct counters *lane_counters(const struct lane *lane);

#endif
