#include "consumers/outlet.h"

#include <stdlib.h>

/* A row may be longer than the bytes at which a batch falls due. */
enum { ROW_BYTES_MAX = 32 * 1024 * 1024 };

bool outlet_init(struct outlet *outlet, const struct consumer_settings *settings,
                 const struct routes *routes, struct lane *lane, struct error *err)
{
    size_t count = routes->count;

    *outlet = (struct outlet){.settings = settings, .lane = lane, .route_count = count};
    outlet->batches = calloc(count + 1, sizeof(*outlet->batches));
    outlet->filling = calloc(count, sizeof(struct batch *));
    if (!outlet->batches || !outlet->filling)
        return error_no_memory(err);
    for (size_t i = 0; i < count + 1; i++) {
        if (!batch_init(&outlet->batches[i], (size_t)settings->batch_rows,
                        (size_t)settings->batch_bytes + ROW_BYTES_MAX, err))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        outlet->filling[i] = &outlet->batches[i];
    outlet->spare = &outlet->batches[count];
    return intake_init(&outlet->intake, routes, (size_t)settings->value_bytes_max, err);
}

void outlet_free(struct outlet *outlet)
{
    if (outlet->hand_partition)
        message_free(&outlet->hand);
    for (size_t i = 0; outlet->batches && i < outlet->route_count + 1; i++)
        batch_free(&outlet->batches[i]);
    free(outlet->batches);
    free(outlet->filling);
    intake_clear(&outlet->intake);
    *outlet = (struct outlet){0};
}

bool outlet_take(struct outlet *outlet, struct partition *partition, struct message *message,
                 int64_t now_ms, struct error *err)
{
    struct batch *batch = outlet->filling[partition->route->number];
    int64_t offset = message->offset;

    switch (intake_take(&outlet->intake, partition, message, batch, err)) {
    case INTAKE_TAKEN:
        partition->next_offset = offset + 1;
        if (batch->count == 1)
            batch->due_ms = now_ms + outlet->settings->batch_wait_ms;
        if (batch->count == batch->capacity
            || batch->rows.length >= (size_t)outlet->settings->batch_bytes)
            batch->due_ms = now_ms;
        return true;
    case INTAKE_OTHER_ROWS:
        batch->due_ms = now_ms;
        outlet->hand = *message;
        outlet->hand_partition = partition;
        outlet->hand_since_ms = now_ms;
        return true;
    case INTAKE_FAILED:
        break;
    }
    message_free(message);
    return false;
}

bool outlet_take_hand(struct outlet *outlet, int64_t now_ms, struct error *err)
{
    struct partition *partition = outlet->hand_partition;
    struct message message = outlet->hand;
    int64_t since_ms = outlet->hand_since_ms;

    if (!partition)
        return true;
    outlet->hand_partition = NULL;
    if (!outlet_take(outlet, partition, &message, now_ms, err))
        return false;
    if (outlet->hand_partition)
        outlet->hand_since_ms = since_ms;
    return true;
}

static struct batch *find_due(const struct outlet *outlet, bool is_hurried, int64_t now_ms)
{
    struct batch *oldest = NULL;

    for (size_t i = 0; i < outlet->route_count; i++) {
        struct batch *batch = outlet->filling[i];

        if (batch->count && (is_hurried || batch->due_ms <= now_ms)
            && (!oldest || batch->due_ms < oldest->due_ms))
            oldest = batch;
    }
    return oldest;
}

void outlet_write(struct outlet *outlet, bool is_hurried, int64_t now_ms)
{
    if (!lane_is_idle(outlet->lane))
        return;
    if (!outlet->flying) {
        struct batch *batch = find_due(outlet, is_hurried, now_ms);

        if (!batch)
            return;
        for (size_t i = 0; i < outlet->route_count; i++) {
            if (outlet->filling[i] == batch)
                outlet->filling[i] = outlet->spare;
        }
        outlet->flying = batch;
        outlet->spare = NULL;
        outlet->is_orphan = false;
    }
    lane_write(outlet->lane, outlet->flying);
}

void outlet_land(struct outlet *outlet)
{
    if (!outlet->flying)
        return;
    batch_clear(outlet->flying);
    outlet->spare = outlet->flying;
    outlet->flying = NULL;
}

static void drop_filling(struct outlet *outlet)
{
    for (size_t i = 0; i < outlet->route_count; i++)
        batch_clear(outlet->filling[i]);
    if (outlet->hand_partition)
        message_free(&outlet->hand);
    outlet->hand_partition = NULL;
}

void outlet_drop(struct outlet *outlet)
{
    outlet_land(outlet);
    drop_filling(outlet);
}

void outlet_orphan(struct outlet *outlet)
{
    outlet->is_orphan = true;
    /* What waits to be written again must not be: its messages will be read again. */
    if (!lane_is_writing(outlet->lane))
        outlet_land(outlet);
    drop_filling(outlet);
}

bool outlet_is_partly_stored(const struct outlet *outlet)
{
    for (size_t i = 0; outlet->flying && i < outlet->flying->count; i++) {
        const struct batch_entry *entry = &outlet->flying->entries[i];

        if (entry->message.offset < entry->partition->position)
            return true;
    }
    return false;
}

bool outlet_is_empty(const struct outlet *outlet)
{
    if (outlet->flying || outlet->hand_partition)
        return false;
    for (size_t i = 0; i < outlet->route_count; i++) {
        if (outlet->filling[i]->count)
            return false;
    }
    return true;
}

int64_t outlet_due_ms(const struct outlet *outlet)
{
    int64_t due_ms = INT64_MAX;

    for (size_t i = 0; i < outlet->route_count; i++) {
        const struct batch *batch = outlet->filling[i];

        if (batch->count && batch->due_ms < due_ms)
            due_ms = batch->due_ms;
    }
    return due_ms;
}
