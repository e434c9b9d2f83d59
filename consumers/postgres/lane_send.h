#ifndef COOP_CONSUMERS_LANE_SEND_H
#define COOP_CONSUMERS_LANE_SEND_H

#include "consumers/postgres/exchange.h"
#include "consumers/postgres/lane.h"
#include "consumers/postgres/lane_state.h"
#include "consumers/postgres/window.h"

/* The inside of a lane, and the messages that it sends; lane.c decides when. */

struct lane {
    const char *conninfo;
    const char *owner;
    enum lane_state state;
    PGconn *connection;
    PostgresPollingStatusType connecting;
    int64_t deadline_ms; /* CLOSED: try again then. Else: give up waiting then. */
    int64_t retry_ms;
    bool was_lost; /* The connection before this one; said in the log. */
    struct exchange exchange;
    struct buffer sql;
    struct buffer data; /* COPY rows beside those of the batch: rejects, or messages, */
    struct buffer rows; /* and those of the batch, as far as they go to the sieve. */
    struct partition **claimed;
    size_t claimed_count;
    struct window window;
    size_t sieve_run;           /* Batches that go to the sieve at once after a refusal, */
    size_t sieve_left;          /* and how many of them are still to come. */
    struct lane_counts *counts; /* By route. */
    struct tally tally;
    int64_t sent_ms; /* When the batch under way was sent. */
};

/** The session's settings, before anything else. */
void lane_send_settings(struct lane *lane);

/** Claims lane->claimed. */
void lane_send_claim(struct lane *lane);

/** Compares the epochs of lane->claimed with the database's. */
void lane_send_confirm(struct lane *lane);

/** Ends the backends that hold lane->claimed and do not answer. */
void lane_send_end_holders(struct lane *lane);

/** The window straight into its table, with its rejects. */
void lane_send_fast_road(struct lane *lane);

/** The sieve: its tables are made, the window's rows judged, and what passed is kept. */
void lane_send_prepare(struct lane *lane);
void lane_send_judge(struct lane *lane);
void lane_send_keep(struct lane *lane);

#endif
