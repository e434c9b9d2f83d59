#ifndef COOP_ADMIN_WANTED_H
#define COOP_ADMIN_WANTED_H

#include <jansson.h>

#include "admin/known_schemas.h"
#include "common/base/buffer.h"
#include "common/base/text.h"

/* What is looked for: an event by its id, or events by the record they are about. */
struct wanted {
    const char *record;                  /**< As it was given; borrowed. */
    char event_id[UUID_TEXT_LENGTH + 1]; /**< In small letters; "" where it is no UUID. */
    const struct known_schemas *schemas; /**< Borrowed. */
    struct buffer record_bytes;          /**< As Avro writes it: its length, then itself. */
    struct buffer id_bytes;              /**< The same of the event_id; empty without one. */
};

/** Clear *out in any case. ERROR_USAGE for what no event can have. */
MUST_USE bool wanted_init(struct wanted *out, const char *record,
                          const struct known_schemas *schemas, struct error *err);
void wanted_clear(struct wanted *wanted);

/**
 * Is this message, framed as in Kafka, about it? `ce_id` is its header, NULL for none. A body
 * that can be read decides; of one that cannot, the header and whether its bytes hold what is
 * looked for.
 *
 * @return Its envelope, as far as it can be read: event_id, source, source_record_id, action,
 *         supersedes_event_id; owned by the caller. NULL where it is another.
 */
json_t *wanted_match(const struct wanted *wanted, const void *value, size_t length,
                     const char *ce_id);

#endif
