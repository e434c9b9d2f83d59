#ifndef COOP_PRODUCERS_TARGET_H
#define COOP_PRODUCERS_TARGET_H

#include <jansson.h>

#include "common/base/text.h"
#include "producers/input/action.h"
#include "producers/input/fault.h"

/* What an event does to another one. */
struct correction {
    enum action action;                /**< ASSERT where it is left out. */
    bool is_correction;                /**< CORRECT or RETRACT. */
    char target[UUID_TEXT_LENGTH + 1]; /**< In small letters; "" for none. */
};

/**
 * Reads action and target. A target that is named by supersedes_source_record_id, which is
 * a field of the lines only, is put into supersedes_event_id, and the name taken out.
 */
MUST_USE bool correction_read(json_t *event, const char *type, struct correction *out,
                              struct fault *fault);

#endif
