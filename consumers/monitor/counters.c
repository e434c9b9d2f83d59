#include "consumers/monitor/counters.h"

#include <stdio.h>
#include <string.h>

#include "common/base/compiler.h"

static const double row_bounds[] = {1, 10, 100, 500, 1000, 2500, 5000, 10000, 100000};
static const double second_bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                       0.25,  0.5,    1,     2.5,  5,     10,   30};

void lane_counts_add(struct lane_counts *counts, const struct lane_counts *other)
{
    counts->stored += other->stored;
    counts->duplicates += other->duplicates;
    counts->rejects += other->rejects;
    counts->batches += other->batches;
    counts->sieved += other->sieved;
}

void counters_init(struct counters *counters)
{
    *counters = (struct counters){
        .batch_rows = {.bounds = row_bounds, .bound_count = ARRAY_LENGTH(row_bounds)},
        .commit_seconds = {.bounds = second_bounds, .bound_count = ARRAY_LENGTH(second_bounds)},
    };
}

void counters_note_commit(struct counters *counters, size_t messages, int64_t milliseconds)
{
    histogram_note(&counters->batch_rows, (double)messages);
    histogram_note(&counters->commit_seconds, (double)milliseconds / 1000);
}

/* There are fewer kinds of outage than places; should there be more, the last takes them all. */
static void add_retries(struct counters *counters, const char *sqlstate, int64_t retries)
{
    size_t place = 0;

    while (place < counters->outage_count
           && strcmp(counters->outages[place].sqlstate, sqlstate) != 0)
        place++;
    if (place == COUNTERS_SQLSTATES_MAX)
        place--;
    if (place == counters->outage_count) {
        snprintf(counters->outages[place].sqlstate, sizeof(counters->outages[place].sqlstate), "%s",
                 sqlstate);
        counters->outage_count++;
    }
    counters->outages[place].retries += retries;
}

void counters_note_retry(struct counters *counters, const char *sqlstate)
{
    add_retries(counters, sqlstate && sqlstate[0] ? sqlstate : "none", 1);
}

void counters_add(struct counters *counters, const struct counters *other)
{
    histogram_add(&counters->batch_rows, &other->batch_rows);
    histogram_add(&counters->commit_seconds, &other->commit_seconds);
    for (size_t i = 0; i < other->outage_count; i++)
        add_retries(counters, other->outages[i].sqlstate, other->outages[i].retries);
}
