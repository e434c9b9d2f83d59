#ifndef COOP_CONSUMERS_MONITOR_TALLY_H
#define COOP_CONSUMERS_MONITOR_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "consumers/monitor/histogram.h"

enum { TALLY_SQLSTATES_MAX = 32 };

/* What a lane has to tell beside the counts of its rows; only ever added to. */
struct tally {
    struct histogram batch_rows;
    struct histogram commit_seconds;
    struct {
        char sqlstate[6]; /**< "none" where PostgreSQL has said nothing. */
        int64_t retries;
    } outages[TALLY_SQLSTATES_MAX];
    size_t outage_count;
};

void tally_init(struct tally *tally);

/** A batch of so many messages was committed so long after it was sent. */
void tally_commit(struct tally *tally, size_t messages, int64_t milliseconds);

/** Something is to be tried again; `sqlstate` is empty where there is none. */
void tally_retry(struct tally *tally, const char *sqlstate);

/** Adds what another lane has counted. */
void tally_add(struct tally *tally, const struct tally *other);

#endif
