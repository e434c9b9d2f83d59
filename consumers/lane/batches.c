#include "consumers/lane/batches.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/memory.h"

/* A row may be longer than the bytes at which a batch falls due. */
enum { ROW_BYTES_MAX = 32 * 1024 * 1024 };

/* Messages are kept until they are stored: of values far longer than their rows fewer fit. */
enum { MESSAGE_BYTES_MAX = 16 * 1024 * 1024 };

/* While a batch that is due waits for the one before it, it goes on growing: up to so many times.
 */
enum { GROWTH_MAX = 2 };

static bool is_due_by_size(const struct batch *batch, size_t bytes)
{
    return batch->rows.length + batch->reject_bytes >= bytes;
}

static bool is_full(const struct batch *batch, size_t bytes)
{
    size_t message_bytes = bytes > MESSAGE_BYTES_MAX ? bytes : MESSAGE_BYTES_MAX;

    return batch->count == batch->capacity || is_due_by_size(batch, GROWTH_MAX * bytes)
           || batch->message_bytes >= message_bytes;
}

void batches_init(struct batches *batches, const struct batch_limits *limits,
                  const struct routes *routes)
{
    size_t count = routes->count;

    *batches = (struct batches){.limits = *limits,
                                .all = memory_new(count + 1, sizeof(*batches->all)),
                                .filling = memory_new(count, sizeof(struct batch *)),
                                .topic_count = count};
    for (size_t i = 0; i < count + 1; i++)
        batch_init(&batches->all[i], limits->rows, limits->bytes + ROW_BYTES_MAX);
    for (size_t i = 0; i < count; i++)
        batches->filling[i] = &batches->all[i];
    batches->spare = &batches->all[count];
    decoder_init(&batches->decoder, routes, limits->value_bytes);
}

void batches_free(struct batches *batches)
{
    for (size_t i = 0; batches->all && i < batches->topic_count + 1; i++)
        batch_free(&batches->all[i]);
    free(batches->all);
    free(batches->filling);
    decoder_clear(&batches->decoder);
    *batches = (struct batches){0};
}

bool batches_add(struct batches *batches, struct partition *partition,
                 const struct message *message, int64_t now_ms)
{
    struct batch *batch = batches->filling[partition->route->number];

    if (!decoder_add(&batches->decoder, partition, message, batch)) {
        batch_close(batch, now_ms);
        return false;
    }
    partition->next_offset = message->offset + 1;
    if (batch->count == 1)
        batch->due_ms = now_ms + batches->limits.wait_ms;
    if (is_full(batch, batches->limits.bytes))
        batch_close(batch, now_ms);
    else if (is_due_by_size(batch, batches->limits.bytes) && batch->due_ms > now_ms)
        batch->due_ms = now_ms;
    return true;
}

/* The closed batch that has been so for the longest; NULL: none is. */
static const struct batch *first_closed(const struct batches *batches)
{
    const struct batch *first = NULL;

    for (size_t i = 0; i < batches->topic_count; i++) {
        const struct batch *batch = batches->filling[i];

        if (batch->is_closed && (!first || batch->closed_ms < first->closed_ms))
            first = batch;
    }
    return first;
}

bool batches_are_full(const struct batches *batches)
{
    return first_closed(batches) != NULL;
}

int64_t batches_full_since_ms(const struct batches *batches)
{
    return first_closed(batches)->closed_ms;
}

/* The place of the batch that has been due the longest; topic_count for none. */
static size_t find_due(const struct batches *batches, bool is_hurried, int64_t now_ms)
{
    size_t place = batches->topic_count;

    for (size_t i = 0; i < batches->topic_count; i++) {
        const struct batch *batch = batches->filling[i];

        if (batch->count && (is_hurried || batch->due_ms <= now_ms)
            && (place == batches->topic_count || batch->due_ms < batches->filling[place]->due_ms))
            place = i;
    }
    return place;
}

bool batches_have_due(const struct batches *batches, bool is_hurried, int64_t now_ms)
{
    return batches->outgoing || find_due(batches, is_hurried, now_ms) < batches->topic_count;
}

struct batch *batches_pick(struct batches *batches, bool is_hurried, int64_t now_ms)
{
    if (batches->outgoing)
        return batches->outgoing;

    size_t place = find_due(batches, is_hurried, now_ms);
    if (place == batches->topic_count)
        return NULL;
    batches->outgoing = batches->filling[place];
    batches->filling[place] = batches->spare;
    batches->spare = NULL;
    return batches->outgoing;
}

void batches_clear_outgoing(struct batches *batches)
{
    if (!batches->outgoing)
        return;
    batch_clear(batches->outgoing);
    batches->spare = batches->outgoing;
    batches->outgoing = NULL;
}

void batches_drop_filling(struct batches *batches)
{
    for (size_t i = 0; i < batches->topic_count; i++)
        batch_clear(batches->filling[i]);
}

void batches_drop(struct batches *batches)
{
    batches_clear_outgoing(batches);
    batches_drop_filling(batches);
}

bool batches_are_partly_stored(const struct batches *batches)
{
    const struct batch *batch = batches->outgoing;

    for (size_t i = 0; batch && i < batch->count; i++) {
        const struct batch_entry *entry = &batch->entries[i];

        if (entry->message.offset < entry->partition->position)
            return true;
    }
    return false;
}

bool batches_are_empty(const struct batches *batches)
{
    if (batches->outgoing)
        return false;
    for (size_t i = 0; i < batches->topic_count; i++) {
        if (batches->filling[i]->count)
            return false;
    }
    return true;
}

void batches_poll(const struct batches *batches, int64_t *until_ms)
{
    for (size_t i = 0; i < batches->topic_count; i++) {
        if (batches->filling[i]->count)
            clock_no_later(until_ms, batches->filling[i]->due_ms);
    }
}
