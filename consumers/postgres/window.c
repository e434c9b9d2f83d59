#include "consumers/postgres/window.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/temporal.h"
#include "common/base/hash.h"
#include "common/rows/copy.h"
#include "consumers/kafka/headers.h"
#include "consumers/route.h"

enum { KEPT_VALUE_MAX = 1024 * 1024 }; /* contract.md §5: value bytes, capped at 1 MiB */

static bool add_partition(struct window *window, struct partition *partition)
{
    if (window->partition_count == window->partition_capacity) {
        size_t capacity = window->partition_capacity ? window->partition_capacity * 2 : 16;
        struct partition **partitions =
            realloc(window->partitions, capacity * sizeof(struct partition *));

        if (!partitions)
            return false;
        window->partitions = partitions;
        window->partition_capacity = capacity;
    }
    partition->is_in_window = true;
    window->partitions[window->partition_count++] = partition;
    return true;
}

bool window_set(struct window *window, struct batch *batch, size_t first, size_t end,
                struct error *err)
{
    window->batch = batch;
    window->first = first;
    window->end = end;
    window->row_count = 0;
    window->reject_count = 0;
    window->partition_count = 0;
    for (size_t i = first; i < end; i++) {
        const struct batch_entry *entry = &batch->entries[i];

        if (entry->reject)
            window->reject_count++;
        else
            window->row_count++;
        if (!entry->partition->is_in_window && !add_partition(window, entry->partition))
            return error_no_memory(err);
        entry->partition->written_offset = entry->message.offset + 1;
        entry->partition->written_published_us = entry->message.published_us;
    }
    for (size_t i = 0; i < window->partition_count; i++)
        window->partitions[i]->is_in_window = false;
    return true;
}

bool window_set_ends(struct window *window, struct partition *const *partitions, size_t count,
                     struct error *err)
{
    *window = (struct window){.partitions = window->partitions,
                              .partition_capacity = window->partition_capacity};
    for (size_t i = 0; i < count; i++) {
        struct partition *partition = partitions[i];

        if (!add_partition(window, partition))
            return error_no_memory(err);
        partition->is_in_window = false;
        partition->written_offset = partition->end_offset;
        /* Of the last record still: what lies between has none. */
        partition->written_published_us =
            partition->has_last_published ? partition->last_published_us : -1;
    }
    return true;
}

void window_free(struct window *window)
{
    free(window->partitions);
    *window = (struct window){0};
}

enum column { COLUMN_PARTITION, COLUMN_OLD, COLUMN_NEW, COLUMN_EPOCH, COLUMN_PUBLISHED };

/* One of the arrays of ingest.advance(), for the partitions of one stream. */
static bool append_array(const struct window *window, int16_t stream_id, enum column column,
                         struct buffer *sql)
{
    const char *comma = "";

    if (!buffer_append_text(sql, ", '{"))
        return false;
    for (size_t i = 0; i < window->partition_count; i++) {
        const struct partition *partition = window->partitions[i];
        char text[TEMPORAL_TEXT_BYTES];
        bool ok = true;

        if (partition->stream_id != stream_id)
            continue;
        switch (column) {
        case COLUMN_PARTITION:
            ok = buffer_append_format(sql, "%s%" PRId32, comma, partition->number);
            break;
        case COLUMN_OLD:
            ok = buffer_append_format(sql, "%s%" PRId64, comma, partition->position);
            break;
        case COLUMN_NEW:
            ok = buffer_append_format(sql, "%s%" PRId64, comma, partition->written_offset);
            break;
        case COLUMN_EPOCH:
            ok = buffer_append_format(sql, "%s%" PRId64, comma, partition->epoch);
            break;
        case COLUMN_PUBLISHED:
            if (partition->written_published_us < 0) {
                ok = buffer_append_format(sql, "%snull", comma);
                break;
            }
            temporal_timestamp_text(partition->written_published_us, true, text);
            ok = buffer_append_format(sql, "%s%s", comma, text);
            break;
        }
        if (!ok)
            return false;
        comma = ",";
    }
    return buffer_append_text(sql, "}'");
}

static bool append_stream(const struct window *window, int16_t stream_id, struct buffer *sql)
{
    if (!buffer_append_format(sql, "select ingest.advance(%d::smallint", stream_id))
        return false;
    for (enum column column = COLUMN_PARTITION; column <= COLUMN_PUBLISHED; column++) {
        if (!append_array(window, stream_id, column, sql))
            return false;
    }
    return buffer_append_text(sql, ");");
}

/* A batch is of one table, and two topics may go into one table. */
bool window_append_advance(const struct window *window, struct buffer *sql)
{
    for (size_t i = 0; i < window->partition_count; i++) {
        int16_t stream_id = window->partitions[i]->stream_id;
        bool is_first = true;

        for (size_t j = 0; j < i; j++)
            is_first = is_first && window->partitions[j]->stream_id != stream_id;
        if (is_first && !append_stream(window, stream_id, sql))
            return false;
    }
    return true;
}

const char window_reject_columns[] =
    "stream_id, kafka_partition, kafka_offset, published_at, reason, detail, sqlstate, event_id, "
    "key, value, value_bytes, value_sha256, headers";

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

bool window_copy_rejects(const struct window *window, struct buffer *out)
{
    for (size_t i = window->first; i < window->end; i++) {
        const struct batch_entry *entry = &window->batch->entries[i];

        if (entry->reject && !copy_reject(out, entry))
            return false;
    }
    return true;
}

bool window_copy_messages(const struct window *window, struct buffer *out)
{
    int32_t place = 0;

    for (size_t i = window->first; i < window->end; i++) {
        const struct batch_entry *entry = &window->batch->entries[i];

        if (entry->reject)
            continue;
        if (!copy_row(out, 5) || !copy_integer(out, ++place)
            || !copy_smallint(out, entry->partition->stream_id)
            || !copy_integer(out, entry->message.partition)
            || !copy_bigint(out, entry->message.offset) || !copy_published(out, &entry->message))
            return false;
    }
    return true;
}

void window_rows(const struct window *window, const void **data, size_t *length)
{
    size_t start = batch_row_start(window->batch, window->first);

    *data = window->batch->rows.data + start;
    *length = batch_row_start(window->batch, window->end) - start;
}

struct batch_entry *window_row(const struct window *window, int place)
{
    for (size_t i = window->first; i < window->end; i++) {
        struct batch_entry *entry = &window->batch->entries[i];

        if (!entry->reject && --place == 0)
            return entry;
    }
    return NULL;
}

void window_committed(const struct window *window)
{
    for (size_t i = 0; i < window->partition_count; i++) {
        struct partition *partition = window->partitions[i];

        partition->position = partition->written_offset;
        if (partition->next_offset < partition->position)
            partition->next_offset = partition->position;
        partition->last_published_us = partition->written_published_us;
        partition->has_last_published = partition->written_published_us >= 0;
    }
}

bool window_copy_rows(const struct window *window, struct buffer *out)
{
    for (size_t i = window->first; i < window->end; i++) {
        size_t start = batch_row_start(window->batch, i);

        if (!window->batch->entries[i].reject
            && !buffer_append(out, window->batch->rows.data + start,
                              window->batch->entries[i].row_end - start))
            return false;
    }
    return true;
}

void window_reject(struct window *window, struct batch_entry *entry, struct reject *reject)
{
    assert(!entry->reject);
    entry->reject = reject;
    window->row_count--;
    window->reject_count++;
}
