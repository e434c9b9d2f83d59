#ifndef COOP_BASE_CLOCK_H
#define COOP_BASE_CLOCK_H

#include <stdint.h>

/** Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_us(void);

/** Milliseconds on a clock that never jumps; for deadlines. */
int64_t clock_steady_ms(void);

#endif
