#ifndef COOP_PRODUCERS_ACTION_H
#define COOP_PRODUCERS_ACTION_H

#include <stdbool.h>

#include "common/base/compiler.h"

/* What an event does: state a fact, replace one or withdraw it (docs/domain.md §1.3). */
enum action { ACTION_ASSERT, ACTION_CORRECT, ACTION_RETRACT };

/** The symbol of an action. */
const char *action_symbol(enum action action);

/** False for any other symbol, also for UNKNOWN, which the schema has. */
MUST_USE bool action_read(const char *symbol, enum action *out);

#endif
