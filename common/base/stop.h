#ifndef COOP_BASE_STOP_H
#define COOP_BASE_STOP_H

#include <stdbool.h>

#include "common/base/error.h"

/*
 * SIGTERM and SIGINT ask a program to finish what it has begun and to end with exit 0.
 * A second one ends it at once. SIGPIPE and SIGXFSZ are ignored: a closed output
 * and a file at its limit are errors of write().
 */

/** Installs the handlers; once a process. */
MUST_USE bool stop_on_signals(struct error *err);

/** True once a signal has come. */
bool stop_requested(void);

/** Becomes readable, and stays so, once a signal has come; for poll(2). */
int stop_descriptor(void);

#endif
