#ifndef COOP_CONSUMERS_UNTIL_END_H
#define COOP_CONSUMERS_UNTIL_END_H

#include "consumers/kafka/source.h"
#include "consumers/lane/partition.h"
#include "consumers/postgres/session.h"

/*
 * --until-end: is everything stored that was there at the start, by us or by another consumer? How
 * far others are is asked of PostgreSQL, through a session of its own, which never waits.
 */

struct target {
    struct partition *partition; /**< Borrowed. */
    int64_t offset;              /**< Its log's end at the start; 0: there was nothing in it. */
};

enum until_end_state {
    UNTIL_END_AWAY, /**< Not connected; it connects once there is something to ask. */
    UNTIL_END_IDLE, /**< It asks when its time has come. */
    UNTIL_END_ASKED,
};

struct until_end {
    struct session *session; /**< Owned. */
    enum until_end_state state;
    int64_t ask_at_ms; /**< IDLE: when. */
    size_t others; /**< So many targets are left that are others', as the last turn has found. */
    struct target *targets;
    size_t count;
};

/** Notes where every partition ends now; waits for the brokers, at most 5 s a partition. */
MUST_USE bool until_end_init(struct until_end *until_end, struct session *session,
                             struct source *source, struct partitions *partitions,
                             struct error *err);
void until_end_free(struct until_end *until_end);

enum until_end_answer {
    UNTIL_END_NOT_YET,
    UNTIL_END_REACHED,
    UNTIL_END_HELD, /**< All that can be reached is; partitions of ours stand still, see err. */
};

/**
 * Tells how far it is; others are asked about once `is_ours_done`: nothing of ours is left to
 * write or to fold.
 */
enum until_end_answer until_end_turn(struct until_end *until_end, bool is_ours_done, int64_t now_ms,
                                     struct error *err);

/** What to wait for, and until when; false: no descriptor. */
bool until_end_poll(const struct until_end *until_end, struct pollfd *out, int64_t *until_ms);

#endif
