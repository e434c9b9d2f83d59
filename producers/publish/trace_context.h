#ifndef COOP_PRODUCERS_TRACE_CONTEXT_H
#define COOP_PRODUCERS_TRACE_CONTEXT_H

#include <stdbool.h>

#include "common/base/compiler.h"

/**
 * Is it a traceparent (W3C Trace Context, "traceparent Header Field Values")? Of version 00
 * exactly its four fields; a later version may have more behind them.
 */
MUST_USE bool trace_context_is_valid(const char *traceparent);

/** COOP_TRACEPARENT, or NULL where it is not set or, with a warning, malformed. */
const char *trace_context_from_environment(void);

#endif
