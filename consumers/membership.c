#include "consumers/membership.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/memory.h"

enum { COMMIT_EVERY_MS = 5000 };

void membership_init(struct membership *membership, struct source *source,
                     struct partitions *partitions)
{
    *membership = (struct membership){.source = source, .partitions = partitions};
}

void membership_free(struct membership *membership)
{
    free(membership->owned);
    *membership = (struct membership){0};
}

/* Positions are locked in this order: two consumers never wait for one another crosswise. */
static int by_topic_and_number(const void *one, const void *other)
{
    const struct partition *a = *(struct partition *const *)one;
    const struct partition *b = *(struct partition *const *)other;
    int order = strcmp(a->route->topic, b->route->topic);

    return order ? order : (a->number > b->number) - (a->number < b->number);
}

void membership_commit(const struct membership *membership)
{
    struct place *places = memory_new(membership->count, sizeof(*places));
    size_t count = 0;

    for (size_t i = 0; i < membership->count; i++) {
        const struct partition *partition = membership->owned[i];

        if (partition->state == PARTITION_READING)
            places[count++] = (struct place){.topic = partition->route->number,
                                             .partition = partition->number,
                                             .offset = partition->position};
    }
    if (count)
        source_commit(membership->source, places, count);
    free(places);
}

void membership_commit_when_due(struct membership *membership, int64_t now_ms)
{
    if (now_ms < membership->commit_at_ms)
        return;
    membership_commit(membership);
    membership->commit_at_ms = now_ms + COMMIT_EVERY_MS;
}

static void take_back(struct membership *membership, struct lanes *lanes, int64_t now_ms)
{
    for (size_t i = 0; i < lanes->count; i++)
        lane_take_back(lanes->each[i], now_ms);
    if (membership->count)
        log_info("the group has taken our %zu partitions back", membership->count);
    membership->count = 0;
    membership->is_given = false;
}

static void take_what_is_given(struct membership *membership, struct lanes *lanes, int64_t now_ms)
{
    size_t count;
    const struct place *given = source_given(membership->source, &count);

    take_back(membership, lanes, now_ms);
    membership->owned = memory_resize(membership->owned, count, sizeof(struct partition *));
    for (size_t i = 0; i < count; i++)
        membership->owned[membership->count++] =
            partitions_get(membership->partitions, given[i].topic, given[i].partition);
    qsort(membership->owned, count, sizeof(struct partition *), by_topic_and_number);
    membership->is_given = true;
    membership->rebalances++;
    log_info("the group has given us %zu partitions", count);
    for (size_t i = 0; i < lanes->count; i++)
        lane_give(lanes->each[i], membership->owned, membership->count, now_ms);
}

bool membership_hear(struct membership *membership, struct lanes *lanes, int64_t now_ms,
                     struct error *err)
{
    for (;;) {
        switch (source_group(membership->source, err)) {
        case GROUP_NOTHING:
            return true;
        case GROUP_GIVEN:
            take_what_is_given(membership, lanes, now_ms);
            break;
        case GROUP_TAKEN_BACK:
            membership_commit(membership);
            take_back(membership, lanes, now_ms);
            source_stop(membership->source);
            break;
        case GROUP_FAILED:
            return false;
        }
    }
}
