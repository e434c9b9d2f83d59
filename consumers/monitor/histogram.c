#include "consumers/monitor/histogram.h"

void histogram_note(struct histogram *histogram, double value)
{
    size_t place = 0;

    while (place < histogram->bound_count && value > histogram->bounds[place])
        place++;
    histogram->counts[place]++;
    histogram->sum += value;
}

void histogram_add(struct histogram *histogram, const struct histogram *other)
{
    for (size_t i = 0; i <= histogram->bound_count; i++)
        histogram->counts[i] += other->counts[i];
    histogram->sum += other->sum;
}
