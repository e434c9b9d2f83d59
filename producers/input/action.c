#include "producers/input/action.h"

#include <stddef.h>
#include <string.h>

static const char *const actions[] = {
    [ACTION_ASSERT] = "ASSERT",
    [ACTION_CORRECT] = "CORRECT",
    [ACTION_RETRACT] = "RETRACT",
};

const char *action_symbol(enum action action)
{
    return actions[action];
}

bool action_read(const char *symbol, enum action *out)
{
    for (size_t i = 0; i < ARRAY_LENGTH(actions); i++) {
        *out = (enum action)i;
        if (strcmp(symbol, actions[i]) == 0)
            return true;
    }
    return false;
}
