#ifndef COOP_PRODUCERS_TARGET_H
#define COOP_PRODUCERS_TARGET_H

#include <jansson.h>

#include "common/base/text.h"
#include "producers/input/fault.h"

enum action { ACTION_ASSERT, ACTION_CORRECT, ACTION_RETRACT };

/* What an event does to another one. */
struct correction {
    enum action action;                /**< ASSERT where it is left out. */
    bool is_correction;                /**< CORRECT or RETRACT. */
    char target[UUID_TEXT_LENGTH + 1]; /**< In small letters; "" for none. */
};

/** The symbol of an action. */
const char *action_symbol(enum action action);

/** False for any other symbol, also for UNKNOWN, which the schema has. */
MUST_USE bool action_read(const char *symbol, enum action *out);

/**
 * Reads action and target. A target that is named by supersedes_source_record_id, which is
 * a field of the lines only, is put into supersedes_event_id, and the name taken out.
 */
MUST_USE bool correction_read(json_t *event, const char *type, struct correction *out,
                              struct fault *fault);

#endif
