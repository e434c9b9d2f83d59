#include "common/base/clock.h"

#include <limits.h>
#include <time.h>

int64_t clock_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_steady_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t steady_ms(struct clock *clock)
{
    (void)clock;
    return clock_steady_ms();
}

static int64_t now_us(struct clock *clock)
{
    (void)clock;
    return clock_now_us();
}

static void wait(struct clock *clock, struct pollfd *descriptors, size_t count, int64_t until_ms)
{
    int64_t left_ms = until_ms - steady_ms(clock);

    if (left_ms < 0)
        left_ms = 0;
    /* Cut short by a signal: the caller turns, and waits again. */
    poll(descriptors, count, left_ms > INT_MAX ? INT_MAX : (int)left_ms);
}

struct clock system_clock = {.steady_ms = steady_ms, .now_us = now_us, .wait = wait};
