#ifndef COOP_CONSUMERS_LANE_STATE_H
#define COOP_CONSUMERS_LANE_STATE_H

/* The life of a lane as data: what it does next, and the words for the log. */

enum lane_state {
    LANE_STATE_CLOSED,     /**< Waiting until it may try again. */
    LANE_STATE_CONNECTING, /**< libpq is at work. */
    LANE_STATE_SETTING,    /**< The session's settings are on their way. */
    LANE_STATE_IDLE,
    LANE_STATE_CLAIMING,
    LANE_STATE_ENDING,    /**< Another consumer's stalled backend is being ended. */
    LANE_STATE_WRITING,   /**< The fast road. */
    LANE_STATE_PREPARING, /**< The sieve: its temporary tables are made, */
    LANE_STATE_JUDGING,   /**< the rows are taken and the constraints asked, */
    LANE_STATE_KEEPING,   /**< and what passed is stored with the rejects. */
};

enum lane_event {
    LANE_EVENT_DUE,     /**< Its time has come, or there is work. */
    LANE_EVENT_DONE,    /**< What was under way has succeeded. */
    LANE_EVENT_ROW,     /**< PostgreSQL refused a row. */
    LANE_EVENT_LOCKED,  /**< A claim waited too long for the holder. */
    LANE_EVENT_FENCED,  /**< Another consumer has claimed a partition. */
    LANE_EVENT_OUTAGE,  /**< The server is away or busy. */
    LANE_EVENT_REFUSED, /**< Trying again cannot help. */
};

struct lane_transition {
    enum lane_state from;
    enum lane_event event;
    enum lane_state to;
    const char *words;
};

/** Every transition there is. The diagram of docs/architecture.md is made from it. */
extern const struct lane_transition lane_transitions[];
extern const unsigned lane_transition_count;

const char *lane_state_name(enum lane_state state);
const char *lane_event_name(enum lane_event event);

/** The row for an event, or NULL: that cannot happen in this state. */
const struct lane_transition *lane_transition_find(enum lane_state from, enum lane_event event);

#endif
