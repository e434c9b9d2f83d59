#include "admin/meter.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"

enum { FIRST_MS = 1000, EVERY_MS = 200, WIDTH = 40, STEPS_A_LOOK = 256 };

struct meter meter_begin(int64_t total)
{
    return (struct meter){.total = total > 0 ? total : 1,
                          .next_ms = clock_steady_ms() + FIRST_MS,
                          .is_terminal = isatty(STDERR_FILENO) == 1};
}

static void draw(struct meter *meter)
{
    int64_t done = meter->done < meter->total ? meter->done : meter->total;
    int filled = (int)(done * WIDTH / meter->total);

    fprintf(stderr, "\r[%.*s%*s] %3d %%  %" PRId64 " of %" PRId64 " ", filled,
            "########################################", WIDTH - filled, "",
            (int)(done * 100 / meter->total), done, meter->total);
    fflush(stderr);
    meter->is_drawn = true;
}

void meter_step(struct meter *meter)
{
    meter->done++;
    if (!meter->is_terminal || meter->done % STEPS_A_LOOK != 0)
        return;
    int64_t now_ms = clock_steady_ms();
    if (now_ms < meter->next_ms)
        return;
    meter->next_ms = now_ms + EVERY_MS;
    draw(meter);
}

void meter_wipe(struct meter *meter)
{
    if (meter->is_drawn)
        fprintf(stderr, "\r\033[K");
    meter->is_drawn = false;
}
