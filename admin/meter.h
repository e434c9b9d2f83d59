#ifndef COOP_ADMIN_METER_H
#define COOP_ADMIN_METER_H

#include <stdbool.h>
#include <stdint.h>

/* A progress bar on standard error: only on a terminal, and only once work takes over a second. */
struct meter {
    int64_t total;
    int64_t done;
    int64_t next_ms; /**< When it is drawn again. */
    bool is_terminal;
    bool is_drawn;
};

struct meter meter_begin(int64_t total);

/** One more is done. */
void meter_step(struct meter *meter);

/** Wipes the bar off, so that words may follow. */
void meter_wipe(struct meter *meter);

#endif
