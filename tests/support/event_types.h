#ifndef COOP_TESTS_EVENT_TYPES_H
#define COOP_TESTS_EVENT_TYPES_H

#include <string.h>

#include "producers/input/event.h"

static inline bool no_key(const json_t *event, struct buffer *key)
{
    return event && buffer_append_text(key, "key");
}

/** Reads lines as what retracts their events; `reason` NULL: as events. NULL on failure. */
static inline struct event_reader *retracting_reader_for(const char *word, const char *reason,
                                                         struct error *err)
{
    static const struct event_type types[] = {
        {"coop-outreach", "outreach", "coop.outreach.v1", "outreach_event.avsc", no_key},
        {"coop-agreement", "agreement", "coop.agreement.v1", "agreement_event.avsc", no_key},
        {"coop-training", "training", "coop.training.v1", "training_event.avsc", no_key},
    };
    static struct event_reader_settings settings[3][2];

    for (size_t i = 0; i < 3; i++) {
        struct event_reader_settings *own = &settings[i][reason != NULL];

        if (strcmp(types[i].word, word) != 0)
            continue;
        *own = (struct event_reader_settings){.type = &types[i],
                                              .schemas = TEST_SCHEMAS,
                                              .allows_unnamed = true,
                                              .retraction_reason = reason};
        return event_reader_new(own, err);
    }
    return NULL;
}

/** The reader of a type's events, by its word; unnamed lines are taken. NULL on failure. */
static inline struct event_reader *reader_for(const char *word, struct error *err)
{
    return retracting_reader_for(word, NULL, err);
}

#endif
