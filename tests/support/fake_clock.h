#ifndef COOP_TESTS_FAKE_CLOCK_H
#define COOP_TESTS_FAKE_CLOCK_H

#include "common/base/clock.h"

/* A clock that stands still until a test sets it; waiting is going on to the given time. */
struct fake_clock {
    struct clock clock;
    int64_t now_ms;
    int64_t waited_ms;       /**< How long the last wait was, */
    size_t descriptor_count; /**< and for how many descriptors. */
    void (*on_wait)(void *context);
    void *context;
};

/** Begins at 1,000 s. */
void fake_clock_init(struct fake_clock *clock);

#endif
