#ifndef COOP_CONSUMERS_MONITOR_COUNTERS_H
#define COOP_CONSUMERS_MONITOR_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#include "consumers/monitor/histogram.h"

enum { COUNTERS_SQLSTATES_MAX = 32 };

/** What became of messages; only ever added to. */
struct lane_counts {
    int64_t stored;
    int64_t duplicates;
    int64_t rejects;
    int64_t batches;
    int64_t sieved; /**< Batches that went through the sieve. */
};

/** Adds `other` to `counts`. */
void lane_counts_add(struct lane_counts *counts, const struct lane_counts *other);

/* What a lane has to tell beside the counts of its rows; only ever added to. */
struct counters {
    struct histogram batch_rows;
    struct histogram commit_seconds;
    struct {
        char sqlstate[6]; /**< "none" where PostgreSQL has said nothing. */
        int64_t retries;
    } outages[COUNTERS_SQLSTATES_MAX];
    size_t outage_count;
};

void counters_init(struct counters *counters);

/** A batch of so many messages was committed so long after it was sent. */
void counters_note_commit(struct counters *counters, size_t messages, int64_t milliseconds);

/** Something is to be tried again; `sqlstate` is empty where there is none. */
void counters_note_retry(struct counters *counters, const char *sqlstate);

/** Adds what another lane has counted. */
void counters_add(struct counters *counters, const struct counters *other);

#endif
