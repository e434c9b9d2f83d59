#ifndef COOP_CONSUMERS_LANE_STATES_H
#define COOP_CONSUMERS_LANE_STATES_H

#include <stddef.h>

/* The life of a lane as data: where it stands, what can happen, and the words for the log. */

enum lane_state {
    LANE_AWAY,          /**< Not connected to PostgreSQL. */
    LANE_UNCLAIMED,     /**< Connected; its partitions, if it has any, are to be claimed. */
    LANE_CLAIMING,      /**< The claim is under way. */
    LANE_ENDING_HOLDER, /**< Another consumer's stalled backend is being ended. */
    LANE_READY,         /**< Everything is claimed, and nothing is under way. */
    LANE_WRITING,       /**< A batch is being written, the fast way. */
    LANE_PREPARING,     /**< The sieve: its tables are made, */
    LANE_SORTING,       /**< the rows of a part are sorted into good and broken, */
    LANE_KEEPING,       /**< and the good are stored, with the rejects. */
    LANE_SKIPPING,      /**< Positions move over what is no message. */
    LANE_CONFIRMING,    /**< Is what was claimed still ours? */
    LANE_FINISHING,     /**< The group has taken back what something is still under way for. */
};

enum lane_event {
    LANE_CONNECTED,
    LANE_LOST,       /**< The connection is gone, or given up because the server is busy. */
    LANE_GIVEN,      /**< The group has given it partitions. */
    LANE_TAKEN_BACK, /**< The group has taken them back. */
    LANE_CLAIM,      /**< A claim is sent. */
    LANE_WRITE,      /**< A batch is sent. */
    LANE_SIFT,       /**< A batch is sent to the sieve. */
    LANE_SKIP,       /**< Positions are sent, without a message. */
    LANE_CONFIRM,    /**< The question is sent. */
    LANE_DONE,       /**< What was under way has succeeded. */
    LANE_PART_DONE,  /**< One part of a batch is stored; others are left. */
    LANE_ROW,        /**< PostgreSQL has refused a row. */
    LANE_LOCKED,     /**< A claim has waited too long for the holder. */
    LANE_FENCED,     /**< Another consumer has claimed a partition. */
    LANE_REFUSED,    /**< Trying again cannot help. */
};

struct lane_transition {
    enum lane_state from;
    enum lane_event event;
    enum lane_state to;
    const char *words;
};

/** Every transition there is. A diagram of docs/architecture.md is made from it. */
extern const struct lane_transition lane_transitions[];
extern const size_t lane_transition_count;

const char *lane_state_name(enum lane_state state);
const char *lane_event_name(enum lane_event event);

/** The row for an event, or NULL: that cannot happen in this state. */
const struct lane_transition *lane_transition_find(enum lane_state from, enum lane_event event);

#endif
