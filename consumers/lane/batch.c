#include "consumers/lane/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

void batch_init(struct batch *batch, size_t capacity, size_t bytes_max)
{
    *batch = (struct batch){.capacity = capacity,
                            .entries = memory_new(capacity, sizeof(*batch->entries))};
    buffer_init(&batch->rows, bytes_max);
}

void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        message_free(&batch->entries[i].message);
        free(batch->entries[i].reject);
    }
    batch->count = 0;
    batch->message_bytes = 0;
    batch->reject_bytes = 0;
    batch->shape = NULL;
    batch->is_closed = false;
    buffer_clear(&batch->rows);
}

void batch_free(struct batch *batch)
{
    batch_clear(batch);
    free(batch->entries);
    buffer_free(&batch->rows);
    *batch = (struct batch){0};
}

void batch_add(struct batch *batch, struct partition *partition, const struct message *message,
               struct reject *reject, const uint8_t *event_id)
{
    assert(batch->count < batch->capacity && !batch->is_closed);
    struct batch_entry *entry = &batch->entries[batch->count++];
    size_t bytes = message->key_length + message->value_length;

    batch->message_bytes += bytes;
    if (reject)
        batch->reject_bytes += bytes;
    *entry = (struct batch_entry){.partition = partition,
                                  .message = *message,
                                  .row_end = batch->rows.length,
                                  .reject = reject,
                                  .has_event_id = event_id != NULL};
    if (event_id)
        memcpy(entry->event_id, event_id, UUID_BYTES);
}

void batch_unsift(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_entry *entry = &batch->entries[i];

        /* A reject of the decoder has no row. */
        if (!entry->reject || entry->row_end == batch_row_start(batch, i))
            continue;
        free(entry->reject);
        entry->reject = NULL;
    }
}

void batch_close(struct batch *batch, int64_t now_ms)
{
    if (!batch->is_closed)
        batch->closed_ms = now_ms;
    batch->is_closed = true;
    batch->due_ms = now_ms;
}

size_t batch_row_start(const struct batch *batch, size_t i)
{
    return i ? batch->entries[i - 1].row_end : 0;
}

size_t batch_topic(const struct batch *batch)
{
    assert(batch->count > 0);
    return batch->entries[0].partition->route->number;
}

struct reject *reject_new(const char *reason, const char *detail, ...)
{
    struct reject *reject = memory_new(1, sizeof(*reject));
    va_list arguments;

    snprintf(reject->reason, sizeof(reject->reason), "%s", reason);
    va_start(arguments, detail);
    vsnprintf(reject->detail, sizeof(reject->detail), detail, arguments);
    va_end(arguments);
    return reject;
}
