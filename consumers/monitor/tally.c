#include "consumers/monitor/tally.h"

#include <stdio.h>
#include <string.h>

#include "common/base/compiler.h"

static const double row_bounds[] = {1, 10, 100, 500, 1000, 2500, 5000, 10000, 100000};
static const double second_bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                       0.25,  0.5,    1,     2.5,  5,     10,   30};

void tally_init(struct tally *tally)
{
    *tally = (struct tally){
        .batch_rows = {.bounds = row_bounds, .bound_count = ARRAY_LENGTH(row_bounds)},
        .commit_seconds = {.bounds = second_bounds, .bound_count = ARRAY_LENGTH(second_bounds)},
    };
}

void tally_commit(struct tally *tally, size_t messages, int64_t milliseconds)
{
    histogram_note(&tally->batch_rows, (double)messages);
    histogram_note(&tally->commit_seconds, (double)milliseconds / 1000);
}

/* There are fewer kinds of outage than places; should there be more, the last takes them all. */
static void add_retries(struct tally *tally, const char *sqlstate, int64_t retries)
{
    size_t place = 0;

    while (place < tally->outage_count && strcmp(tally->outages[place].sqlstate, sqlstate) != 0)
        place++;
    if (place == TALLY_SQLSTATES_MAX)
        place--;
    if (place == tally->outage_count) {
        snprintf(tally->outages[place].sqlstate, sizeof(tally->outages[place].sqlstate), "%s",
                 sqlstate);
        tally->outage_count++;
    }
    tally->outages[place].retries += retries;
}

void tally_retry(struct tally *tally, const char *sqlstate)
{
    add_retries(tally, sqlstate && sqlstate[0] ? sqlstate : "none", 1);
}

void tally_add(struct tally *tally, const struct tally *other)
{
    histogram_add(&tally->batch_rows, &other->batch_rows);
    histogram_add(&tally->commit_seconds, &other->commit_seconds);
    for (size_t i = 0; i < other->outage_count; i++)
        add_retries(tally, other->outages[i].sqlstate, other->outages[i].retries);
}
