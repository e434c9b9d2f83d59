#include "consumers/lane/partition.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"

#define STATE(name) PARTITION_##name
#define EVENT(name) PARTITION_##name

/* clang-format off */
const struct partition_transition partition_transitions[] = {
    {STATE(FREE),      EVENT(GIVEN),       STATE(CLAIMING),  "ours: to be claimed"},
    {STATE(CLAIMING),  EVENT(PLACED),      STATE(READING),   "claimed"},
    {STATE(CLAIMING),  EVENT(DOUBTED),     STATE(CHECKING),  "claimed, to be compared"},
    {STATE(CLAIMING),  EVENT(STOPPED),     STATE(HELD),      "stands still"},
    {STATE(CLAIMING),  EVENT(DROPPED),     STATE(CLAIMING),  "still to be claimed"},
    {STATE(CLAIMING),  EVENT(TAKEN_BACK),  STATE(FREE),      "no longer ours"},
    {STATE(CHECKING),  EVENT(COMPARED),    STATE(READING),   "the topic is the one it was"},
    {STATE(CHECKING),  EVENT(STOPPED),     STATE(HELD),      "stands still"},
    {STATE(CHECKING),  EVENT(DROPPED),     STATE(CLAIMING),  "to be placed again"},
    {STATE(CHECKING),  EVENT(TAKEN_BACK),  STATE(FREE),      "no longer ours"},
    {STATE(READING),   EVENT(STOPPED),     STATE(HELD),      "stands still"},
    {STATE(READING),   EVENT(DROPPED),     STATE(CLAIMING),  "to be placed again"},
    {STATE(READING),   EVENT(TAKEN_BACK),  STATE(FREE),      "no longer ours"},
    {STATE(HELD),      EVENT(DROPPED),     STATE(CLAIMING),  "to be placed again"},
    {STATE(HELD),      EVENT(TAKEN_BACK),  STATE(FREE),      "no longer ours"},
};
/* clang-format on */

const size_t partition_transition_count = ARRAY_LENGTH(partition_transitions);

static const struct partition_transition *find(enum partition_state from,
                                               enum partition_event event)
{
    for (size_t i = 0; i < partition_transition_count; i++) {
        if (partition_transitions[i].from == from && partition_transitions[i].event == event)
            return &partition_transitions[i];
    }
    return NULL;
}

void partition_move(struct partition *partition, enum partition_event event)
{
    const struct partition_transition *transition = find(partition->state, event);

    assert(transition && "an event that the state does not know");
    log_debug("%s/%" PRId32 " at offset %" PRId64 ": %s", partition->route->topic,
              partition->number, partition->position, transition->words);
    partition->state = transition->to;
}

void partition_hold(struct partition *partition, const char *reason)
{
    partition_move(partition, PARTITION_STOPPED);
    log_error("%s/%" PRId32 " stands still at offset %" PRId64 ": %s", partition->route->topic,
              partition->number, partition->position, reason);
}

/* What the position says must be in the log; else the topic is not the one it was. */
void partition_place(struct partition *partition)
{
    partition_move(partition, PARTITION_DROPPED);
    partition->next_offset = partition->position;
    partition->end_offset = 0;
    if (partition->position < partition->log_start)
        partition_hold(partition,
                       "the log begins after it: retention has removed records that were never "
                       "stored, or the topic was made anew");
    else if (partition->position > partition->log_end)
        partition_hold(partition,
                       "the log ends before it: the topic was made anew, or has lost its end");
    else if (partition->last_published_us >= 0 && partition->position > partition->log_start)
        partition_move(partition, PARTITION_DOUBTED);
    else
        partition_move(partition, PARTITION_PLACED);
}

bool partition_is_read(const struct partition *partition)
{
    return partition->state == PARTITION_CHECKING || partition->state == PARTITION_READING;
}

int64_t partition_begin(const struct partition *partition)
{
    return partition->state == PARTITION_CHECKING ? partition->position - 1
                                                  : partition->next_offset;
}

/* The record before the position has come: is it the one whose timestamp was stored? */
static void compare_record_before(struct partition *partition, const struct message *message)
{
    if (message->published_us == partition->last_published_us)
        partition_move(partition, PARTITION_COMPARED);
    else
        partition_hold(partition,
                       "the record before it is not the one that was stored: the topic was made "
                       "anew");
}

bool partition_accepts(struct partition *partition, const struct message *message)
{
    if (partition->state == PARTITION_CHECKING) {
        if (message->offset == partition->position - 1)
            compare_record_before(partition, message);
        else if (message->offset >= partition->position)
            partition_move(partition, PARTITION_COMPARED);
    }
    return partition->state == PARTITION_READING && message->offset >= partition->next_offset;
}

void partition_note_end(struct partition *partition, int64_t offset)
{
    if (!partition_is_read(partition))
        return;
    /* The record before the position is gone, and nothing follows: nothing to compare. */
    if (partition->state == PARTITION_CHECKING && offset >= partition->position)
        partition_move(partition, PARTITION_COMPARED);
    partition->end_offset = offset;
}

size_t partition_lane(size_t topic, int32_t number, size_t lane_count)
{
    return (topic + (size_t)number) % lane_count;
}

void partitions_init(struct partitions *partitions, const struct routes *routes)
{
    *partitions = (struct partitions){
        .routes = routes,
        .by_topic = memory_new(routes->count, sizeof(*partitions->by_topic)),
        .counts = memory_new(routes->count, sizeof(*partitions->counts)),
    };
}

void partitions_free(struct partitions *partitions)
{
    for (size_t i = 0; partitions->by_topic && i < partitions->routes->count; i++) {
        for (size_t j = 0; j < partitions->counts[i]; j++)
            free(partitions->by_topic[i][j]);
        free(partitions->by_topic[i]);
    }
    free(partitions->by_topic);
    free(partitions->counts);
    *partitions = (struct partitions){0};
}

struct partition *partitions_get(struct partitions *partitions, size_t topic, int32_t number)
{
    size_t needed = (size_t)number + 1;
    size_t *count = &partitions->counts[topic];

    if (needed > *count)
        partitions->by_topic[topic] =
            memory_resize(partitions->by_topic[topic], needed, sizeof(struct partition *));
    for (; *count < needed; (*count)++) {
        struct partition *partition = memory_new(1, sizeof(*partition));

        *partition = (struct partition){.route = &partitions->routes->items[topic],
                                        .number = (int32_t)*count,
                                        .last_published_us = -1};
        partitions->by_topic[topic][*count] = partition;
    }
    return partitions->by_topic[topic][number];
}
