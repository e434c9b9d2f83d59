#ifndef COOP_PRODUCERS_EVENT_H
#define COOP_PRODUCERS_EVENT_H

#include <jansson.h>

#include "common/base/buffer.h"
#include "common/base/error.h"
#include "common/base/text.h"
#include "producers/input/fault.h"
#include "producers/input/target.h"

/* What one program publishes; each of the three mains has one of these. */
struct event_type {
    const char *program;     /**< coop-outreach */
    const char *word;        /**< outreach: part of ids */
    const char *topic;       /**< Default topic, and ce_type. */
    const char *schema_file; /**< The writer schema, in the schema folder. */
    /** Appends the Kafka key of a checked event; false where that is too long. */
    bool (*append_key)(const json_t *event, struct buffer *key);
};

struct schema;

/** A checked event, ready to be published. One is reused for all lines. */
struct event {
    char id[UUID_TEXT_LENGTH + 1];
    char source[256];
    enum action action;
    int64_t occurred_us;
    int64_t recorded_us;
    bool retracts_correction; /**< Of a retraction that was made: its target is a CORRECT. */
    struct buffer key;
    struct buffer value; /**< Frame and Avro body. */
};

/** Turns lines into events. */
struct event_reader;

struct event_reader_settings {
    const struct event_type *type;
    const char *schemas; /**< Folder. */
    const char *source;  /**< For lines without one; NULL for none. */
    bool allows_unnamed;
    const char *retraction_reason; /**< Each line's event is retracted; NULL: published. */
};

/** Loads the schema. NULL with ERROR_CONFIGURATION. The settings are borrowed. */
struct event_reader *event_reader_new(const struct event_reader_settings *settings,
                                      struct error *err);
void event_reader_free(struct event_reader *reader);

void event_init(struct event *event);
void event_clear(struct event *event);

/** The schema that it writes with; owned by the reader. */
const struct schema *event_reader_schema(const struct event_reader *reader);

/**
 * Checks and encodes one line, or the retraction of its event. The fault says what is wrong
 * with it.
 */
MUST_USE bool event_read(struct event_reader *reader, const char *line, size_t length,
                         struct event *out, struct fault *fault);

#endif
