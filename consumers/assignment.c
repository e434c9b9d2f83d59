#include "consumers/assignment.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"

void assignment_free(struct assignment *assignment)
{
    free(assignment->owned);
    free(assignment->list);
    *assignment = (struct assignment){0};
}

static int by_topic_and_number(const void *one, const void *other)
{
    const struct partition *a = *(struct partition *const *)one;
    const struct partition *b = *(struct partition *const *)other;

    int order = strcmp(a->route->topic, b->route->topic);

    return order ? order : (a->number > b->number) - (a->number < b->number);
}

bool assignment_take(struct assignment *assignment, struct error *err)
{
    size_t count;
    const struct source_partition *given = source_assignment(assignment->source, &count);
    struct partition **owned = calloc(count + 1, sizeof(struct partition *));
    struct source_partition *list = calloc(count + 1, sizeof(*list));

    assignment_revoke(assignment);
    free(assignment->owned);
    free(assignment->list);
    assignment->owned = owned;
    assignment->list = list;
    if (!owned || !list)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct route *route = &assignment->routes->items[given[i].topic];

        owned[i] = route_partition(route, given[i].partition);
        if (!owned[i])
            return error_no_memory(err);
        owned[i]->state = PARTITION_CLAIMING;
        owned[i]->end_offset = -1;
        assignment->count++;
    }
    if (count)
        qsort(owned, count, sizeof(struct partition *), by_topic_and_number);
    assignment->is_given = true;
    log_info("the group has given us %zu partitions", count);
    /* Nothing to read yet, but the group need not wait for us until the database is there. */
    return source_assign(assignment->source, list, 0, err);
}

void assignment_revoke(struct assignment *assignment)
{
    for (size_t i = 0; i < assignment->count; i++)
        assignment->owned[i]->state = PARTITION_IDLE;
    if (assignment->count)
        log_info("the group has taken our %zu partitions back", assignment->count);
    assignment->count = 0;
    assignment->is_given = false;
}

bool assignment_ask_log(const struct assignment *assignment, struct partition *partition,
                        struct error *err)
{
    return source_watermarks(assignment->source, partition->route->number, partition->number,
                             &partition->log_start, &partition->log_end, err);
}

void assignment_hold(struct partition *partition, const char *reason)
{
    partition->state = PARTITION_HELD;
    log_error("%s/%" PRId32 " stands still at offset %" PRId64 ": %s", partition->route->topic,
              partition->number, partition->position, reason);
}

/* What the position says must be in the log; else the topic is not the one it was. */
static void check_position(struct partition *partition)
{
    if (partition->position < partition->log_start) {
        assignment_hold(partition,
                        "the log begins after it: retention has removed records that were never "
                        "stored, or the topic was made anew");
    } else if (partition->position > partition->log_end) {
        assignment_hold(partition,
                        "the log ends before it: the topic was made anew, or has lost its end");
    } else if (partition->has_last_published && partition->position > partition->log_start) {
        partition->state = PARTITION_CHECKING;
    } else {
        partition->state = PARTITION_READING;
    }
}

void assignment_place(struct partition *partition)
{
    partition->next_offset = partition->position;
    partition->end_offset = -1;
    check_position(partition);
    log_debug("claimed %s/%" PRId32 " at offset %" PRId64, partition->route->topic,
              partition->number, partition->position);
}

bool assignment_read(struct assignment *assignment, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < assignment->count; i++) {
        const struct partition *partition = assignment->owned[i];

        if (partition->state != PARTITION_CHECKING && partition->state != PARTITION_READING)
            continue;
        assignment->list[count++] = (struct source_partition){
            .topic = partition->route->number,
            .partition = partition->number,
            .offset = partition->state == PARTITION_CHECKING ? partition->position - 1
                                                             : partition->next_offset};
    }
    log_debug("reading %zu of %zu partitions", count, assignment->count);
    return source_assign(assignment->source, assignment->list, count, err);
}

/* The record before the position has come: is it the one whose timestamp was stored? */
static void compare_record_before(struct partition *partition, const struct message *message)
{
    if (message->published_us == partition->last_published_us)
        partition->state = PARTITION_READING;
    else
        assignment_hold(partition,
                        "the record before it is not the one that was stored: the topic was made "
                        "anew");
}

bool assignment_accepts(struct partition *partition, const struct message *message)
{
    if (partition->state == PARTITION_CHECKING) {
        if (message->offset == partition->position - 1)
            compare_record_before(partition, message);
        else if (message->offset >= partition->position)
            partition->state = PARTITION_READING;
    }
    return partition->state == PARTITION_READING && message->offset >= partition->next_offset;
}

void assignment_commit(struct assignment *assignment)
{
    size_t count = 0;

    for (size_t i = 0; i < assignment->count; i++) {
        const struct partition *partition = assignment->owned[i];

        if (partition->state == PARTITION_READING)
            assignment->list[count++] = (struct source_partition){.topic = partition->route->number,
                                                                  .partition = partition->number,
                                                                  .offset = partition->position};
    }
    if (count)
        source_commit(assignment->source, assignment->list, count);
}
