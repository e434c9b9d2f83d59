#ifndef COOP_BASE_CLOCK_H
#define COOP_BASE_CLOCK_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/** Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_us(void);

/** Milliseconds on a clock that never jumps; for deadlines. */
int64_t clock_steady_ms(void);

/* Time, and waiting in it, for a loop. Beside the system's there is the simulation's, which jumps.
 */
struct clock {
    /** As clock_steady_ms(). */
    int64_t (*steady_ms)(struct clock *clock);

    /** As clock_now_us(). */
    int64_t (*now_us)(struct clock *clock);

    /** Waits until a descriptor is ready or the time has come; poll(2). */
    void (*wait)(struct clock *clock, struct pollfd *descriptors, size_t count, int64_t until_ms);
};

/** The system's own. */
extern struct clock system_clock;

/** Makes a deadline earlier where `at_ms` is before it. */
static inline void clock_no_later(int64_t *until_ms, int64_t at_ms)
{
    if (at_ms < *until_ms)
        *until_ms = at_ms;
}

#endif
