#ifndef COOP_CONSUMERS_MONITOR_HISTOGRAM_H
#define COOP_CONSUMERS_MONITOR_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS_MAX = 15 };

/* How often a value came, by bounds that never change: as Prometheus counts a histogram. */
struct histogram {
    const double *bounds; /**< Rising; borrowed. */
    size_t bound_count;
    int64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /**< Up to each bound, and above the last. */
    double sum;
};

void histogram_note(struct histogram *histogram, double value);

/** Adds what another of the same bounds has counted. */
void histogram_add(struct histogram *histogram, const struct histogram *other);

#endif
