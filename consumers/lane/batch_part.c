#include "consumers/lane/batch_part.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/rows/copy.h"

void part_free(struct part *part)
{
    free(part->partitions);
    free(part->advances);
    *part = (struct part){0};
}

static void begin(struct part *part, struct batch *batch, size_t first, size_t end)
{
    *part = (struct part){.batch = batch,
                          .first = first,
                          .end = end,
                          .partitions = part->partitions,
                          .advances = part->advances,
                          .capacity = part->capacity};
}

static void add_advance(struct part *part, struct partition *partition, int64_t new_offset,
                        int64_t published_us)
{
    if (part->advance_count == part->capacity) {
        part->capacity = part->capacity ? part->capacity * 2 : 16;
        part->partitions =
            memory_resize(part->partitions, part->capacity, sizeof(struct partition *));
        part->advances = memory_resize(part->advances, part->capacity, sizeof(*part->advances));
    }
    part->partitions[part->advance_count] = partition;
    part->advances[part->advance_count++] = (struct advance){.stream_id = partition->stream_id,
                                                             .partition = partition->number,
                                                             .epoch = partition->epoch,
                                                             .old_offset = partition->position,
                                                             .new_offset = new_offset,
                                                             .published_us = published_us};
}

/* Messages come in runs of one partition: mostly it is the one at hand. */
static size_t find_advance(const struct part *part, const struct partition *partition, size_t hint)
{
    if (hint < part->advance_count && part->partitions[hint] == partition)
        return hint;
    for (size_t i = 0; i < part->advance_count; i++) {
        if (part->partitions[i] == partition)
            return i;
    }
    return part->advance_count;
}

void part_set(struct part *part, struct batch *batch, size_t first, size_t end)
{
    size_t place = 0;

    begin(part, batch, first, end);
    for (size_t i = first; i < end; i++) {
        const struct batch_entry *entry = &batch->entries[i];
        int64_t new_offset = entry->message.offset + 1;

        if (entry->reject)
            part->reject_count++;
        else
            part->row_count++;
        place = find_advance(part, entry->partition, place);
        if (place == part->advance_count) {
            add_advance(part, entry->partition, new_offset, entry->message.published_us);
            continue;
        }
        part->advances[place].new_offset = new_offset;
        part->advances[place].published_us = entry->message.published_us;
    }
}

void part_set_ends(struct part *part, struct partition *const *partitions, size_t count)
{
    begin(part, NULL, 0, 0);
    /* The timestamp is of the last record still: what lies between has none. */
    for (size_t i = 0; i < count; i++)
        add_advance(part, partitions[i], partitions[i]->end_offset,
                    partitions[i]->last_published_us);
}

void part_set_question(struct part *part, struct partition *const *partitions, size_t count)
{
    begin(part, NULL, 0, 0);
    for (size_t i = 0; i < count; i++)
        add_advance(part, partitions[i], partitions[i]->position, partitions[i]->last_published_us);
}

bool part_is_last(const struct part *part)
{
    return part->end == part->batch->count;
}

struct span part_rows(const struct part *part)
{
    size_t start = batch_row_start(part->batch, part->first);

    return (struct span){part->batch->rows.data + start,
                         batch_row_start(part->batch, part->end) - start};
}

/* `out` has room for all rows of a batch: what does not go in is a fault of ours. */
static void must(bool has_gone_in)
{
    assert(has_gone_in);
    (void)has_gone_in;
}

void part_copy_rows(const struct part *part, struct buffer *out)
{
    for (size_t i = part->first; i < part->end; i++) {
        size_t start = batch_row_start(part->batch, i);

        if (!part->batch->entries[i].reject)
            must(buffer_append(out, part->batch->rows.data + start,
                               part->batch->entries[i].row_end - start));
    }
}

void part_copy_messages(const struct part *part, struct buffer *out)
{
    enum { COLUMN_COUNT = 5 };
    int32_t place = 0;

    for (size_t i = part->first; i < part->end; i++) {
        const struct batch_entry *entry = &part->batch->entries[i];
        const struct message *message = &entry->message;

        if (entry->reject)
            continue;
        must(copy_row(out, COLUMN_COUNT) && copy_integer(out, ++place)
             && copy_smallint(out, entry->partition->stream_id)
             && copy_integer(out, message->partition) && copy_bigint(out, message->offset)
             && (message->published_us < 0 ? copy_null(out)
                                           : copy_timestamptz(out, message->published_us)));
    }
}

struct batch_entry *part_row(const struct part *part, size_t place)
{
    for (size_t i = part->first; i < part->end; i++) {
        struct batch_entry *entry = &part->batch->entries[i];

        if (!entry->reject && --place == 0)
            return entry;
    }
    return NULL;
}

void part_reject(struct part *part, struct batch_entry *entry, struct reject *reject)
{
    assert(!entry->reject);
    entry->reject = reject;
    part->row_count--;
    part->reject_count++;
}

void part_stored(const struct part *part)
{
    for (size_t i = 0; i < part->advance_count; i++) {
        struct partition *partition = part->partitions[i];
        const struct advance *advance = &part->advances[i];

        partition->position = advance->new_offset;
        if (partition->next_offset < partition->position)
            partition->next_offset = partition->position;
        /* What was read is in the log, which has grown since it was looked at. */
        if (partition->log_end < partition->position)
            partition->log_end = partition->position;
        partition->last_published_us = advance->published_us;
    }
}
