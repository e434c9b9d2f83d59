#ifndef COOP_PRODUCERS_EVENT_ID_H
#define COOP_PRODUCERS_EVENT_ID_H

#include <avro.h>
#include <stdint.h>

#include "common/avro/schema.h"
#include "common/base/buffer.h"
#include "common/base/text.h"
#include "producers/input/target.h"

/* The ids that an event gets when its line has none (docs/domain.md §1.3). */

/** What the record form is made of. All texts are borrowed. */
struct record_name {
    const char *type; /**< outreach, agreement or training */
    enum action action;
    const char *target;  /**< supersedes_event_id in small letters; "" for none. */
    int64_t recorded_us; /**< Only looked at in a CORRECT or RETRACT. */
    const char *source;
    const char *source_record_id;
};

/** The record form, a UUIDv5. False where the texts have more than 4 MiB together. */
MUST_USE bool event_id_from_record(const struct record_name *name, uint8_t out[UUID_BYTES]);

/** Encodings of the schema's defaults, which the content form leaves out. */
struct default_encodings {
    struct buffer *fields; /**< One a field; empty where it has no default. */
    size_t count;
};

/** False where a default does not fit its field. Clear *out in any case. */
MUST_USE bool default_encodings_init(struct default_encodings *out, const struct schema *schema,
                                     avro_value_iface_t *iface);
void default_encodings_clear(struct default_encodings *encodings);

/** The content form, a UUIDv8, of a filled record. False where that has more than 4 MiB. */
MUST_USE bool event_id_from_content(const struct schema *schema,
                                    const struct default_encodings *defaults, bool is_assert,
                                    int64_t occurred_us, avro_value_t *record,
                                    uint8_t out[UUID_BYTES]);

#endif
