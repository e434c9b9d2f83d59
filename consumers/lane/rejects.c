#include "consumers/lane/rejects.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/base/memory.h"
#include "common/rows/copy.h"
#include "consumers/kafka/headers.h"

enum { KEPT_VALUE_MAX = 1024 * 1024 }; /* docs/contract.md §5: value bytes, capped at 1 MiB */

static bool copy_published(struct buffer *out, const struct message *message)
{
    return message->published_us < 0 ? copy_null(out)
                                     : copy_timestamptz(out, message->published_us);
}

/* PostgreSQL's own words may quote what the row held: they are no text of ours to trust. */
static bool copy_text(struct buffer *out, const char *text)
{
    size_t length = strlen(text);

    while (length && text_check(text, length) != TEXT_OK)
        length--;
    return copy_bytes(out, text, length);
}

static bool copy_value(struct buffer *out, const struct message *message)
{
    uint8_t sha256[SHA256_BYTES];
    size_t kept = message->value_length < KEPT_VALUE_MAX ? message->value_length : KEPT_VALUE_MAX;

    if (!message->value)
        return copy_null(out) && copy_integer(out, 0) && copy_null(out);
    hash_sha256(message->value, message->value_length, sha256);
    return copy_bytes(out, message->value, kept)
           && copy_integer(out, (int32_t)message->value_length)
           && copy_bytes(out, sha256, sizeof(sha256));
}

static bool copy_headers(struct buffer *out, const struct message *message)
{
    enum { JSONB_VERSION = 1 };
    size_t mark;

    if (!copy_bytes_begin(out, &mark) || !buffer_append_byte(out, JSONB_VERSION)
        || !headers_append(message, out))
        return false;
    copy_bytes_end(out, mark);
    return true;
}

/* The columns are those of postgres/statements.c, in their order. */
static bool copy_reject(struct buffer *out, const struct batch_entry *entry)
{
    enum { COLUMN_COUNT = 13 };
    const struct message *message = &entry->message;
    const struct reject *reject = entry->reject;

    return copy_row(out, COLUMN_COUNT) && copy_smallint(out, entry->partition->stream_id)
           && copy_integer(out, message->partition) && copy_bigint(out, message->offset)
           && copy_published(out, message) && copy_text(out, reject->reason)
           && copy_text(out, reject->detail)
           && (reject->sqlstate[0] ? copy_text(out, reject->sqlstate) : copy_null(out))
           && copy_bytes(out, entry->has_event_id ? entry->event_id : NULL, UUID_BYTES)
           && copy_bytes(out, message->key, message->key_length) && copy_value(out, message)
           && copy_headers(out, message);
}

void rejects_copy(const struct part *part, struct buffer *out)
{
    for (size_t i = part->first; i < part->end; i++) {
        const struct batch_entry *entry = &part->batch->entries[i];

        if (entry->reject && !copy_reject(out, entry))
            memory_exhausted();
    }
}
