#include "consumers/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool batch_init(struct batch *batch, size_t capacity, size_t bytes_max, struct error *err)
{
    *batch = (struct batch){.capacity = capacity};
    buffer_init(&batch->rows, bytes_max);
    batch->entries = calloc(capacity, sizeof(*batch->entries));
    return batch->entries || error_no_memory(err);
}

void batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        message_free(&batch->entries[i].message);
        free(batch->entries[i].reject);
    }
    batch->count = 0;
    batch->shape = NULL;
    buffer_clear(&batch->rows);
}

void batch_free(struct batch *batch)
{
    batch_clear(batch);
    free(batch->entries);
    buffer_free(&batch->rows);
    *batch = (struct batch){0};
}

void batch_add(struct batch *batch, struct partition *partition, struct message *message,
               struct reject *reject, const uint8_t *event_id)
{
    assert(batch->count < batch->capacity);
    struct batch_entry *entry = &batch->entries[batch->count++];

    *entry = (struct batch_entry){.partition = partition,
                                  .message = *message,
                                  .row_end = batch->rows.length,
                                  .reject = reject,
                                  .has_event_id = event_id != NULL};
    if (event_id)
        memcpy(entry->event_id, event_id, UUID_BYTES);
    message->handle = NULL;
}

size_t batch_row_start(const struct batch *batch, size_t i)
{
    return i ? batch->entries[i - 1].row_end : 0;
}

struct reject *reject_new(const char *reason, const char *detail, ...)
{
    struct reject *reject = calloc(1, sizeof(*reject));
    va_list arguments;

    /* Nothing can be kept safely without it; the position has not moved, so nothing is lost. */
    if (!reject)
        abort();
    snprintf(reject->reason, sizeof(reject->reason), "%s", reason);
    va_start(arguments, detail);
    vsnprintf(reject->detail, sizeof(reject->detail), detail, arguments);
    va_end(arguments);
    return reject;
}
