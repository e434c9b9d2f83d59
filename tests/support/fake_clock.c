#include "tests/support/fake_clock.h"

static struct fake_clock *of(struct clock *clock)
{
    return (struct fake_clock *)clock;
}

static int64_t steady_ms(struct clock *clock)
{
    return of(clock)->now_ms;
}

static int64_t now_us(struct clock *clock)
{
    return of(clock)->now_ms * 1000;
}

static void wait(struct clock *clock, struct pollfd *descriptors, size_t count, int64_t until_ms)
{
    struct fake_clock *self = of(clock);

    (void)descriptors;
    self->descriptor_count = count;
    self->waited_ms = until_ms > self->now_ms ? until_ms - self->now_ms : 0;
    self->now_ms += self->waited_ms;
    if (self->on_wait)
        self->on_wait(self->context);
}

void fake_clock_init(struct fake_clock *clock)
{
    *clock = (struct fake_clock){.clock = {.steady_ms = steady_ms, .now_us = now_us, .wait = wait},
                                 .now_ms = 1000000};
}
