#include "tests/simulation/audit.h"

#include <inttypes.h>
#include <stdio.h>

/* NULL as well where the operator has not said yet that the topic is another one. */
static const struct position_version *position_of(const struct world *world,
                                                  const struct sim_log *log)
{
    const struct stream *stream = store_stream_of(world->store, log->topic);

    return stream->incarnation == world->broker->incarnations[log->topic]
               ? position_now(&stream->positions[log->partition])
               : NULL;
}

/* Of a log in which there is nothing, nobody need have claimed the partition. */
static bool is_at_end(const struct world *world, const struct sim_log *log)
{
    const struct position_version *now = position_of(world, log);

    return now ? now->next_offset == sim_log_end(log) : log->count == 0;
}

static bool is_current(const struct world *world, const struct sim_log *log)
{
    return world->broker->logs[log->topic][log->partition] == log;
}

bool audit_is_caught_up(const struct world *world)
{
    const struct broker *broker = world->broker;

    for (size_t i = 0; i < broker->log_count; i++) {
        if (is_current(world, broker->all[i]) && !is_at_end(world, broker->all[i]))
            return false;
    }
    return true;
}

void audit_tell_missing(const struct world *world, char *out, size_t size)
{
    const struct broker *broker = world->broker;
    size_t length = 0;

    for (size_t i = 0; i < broker->log_count && length < size; i++) {
        const struct sim_log *log = broker->all[i];
        const struct position_version *now = position_of(world, log);

        if (is_current(world, log) && !is_at_end(world, log))
            length += (size_t)snprintf(out + length, size - length,
                                       "%s%s/%" PRId32 " is at %" PRId64 " of %" PRId64,
                                       length ? ", " : "", topic_names[log->topic], log->partition,
                                       now ? now->next_offset : -1, sim_log_end(log));
    }
}

/* What a message is decides what becomes of it. */
static bool is_as_it_must_be(const struct kept *kept)
{
    if (kept->message->kind != MESSAGE_GOOD)
        return kept->as == KEPT_REJECT;
    if (kept->as == KEPT_DUPLICATE)
        return kept->stream->table == TABLE_EVENT;
    return kept->as == KEPT_STORED;
}

static void check_kept(struct world *world, const struct kept *kept)
{
    const struct sim_message *message = kept->message;

    if (!is_as_it_must_be(kept))
        world_fail(world, "m%" PRId32 ", %s, has become something else", message->serial,
                   message_kind_name(message->kind));
    if (kept->stream->topic != message->topic)
        world_fail(world, "m%" PRId32 " is kept as of another topic", message->serial);
}

static void check_log(struct world *world, const struct sim_log *log)
{
    if (!is_at_end(world, log))
        world_fail(world, "the position of %s/%" PRId32 " is not its log's end",
                   topic_names[log->topic], log->partition);
    for (size_t i = 0; i < log->count; i++) {
        const struct sim_message *message = log->records[i];

        if (message && message->kept < 0)
            world_fail(world, "m%" PRId32 " at %s/%" PRId32 " %" PRId64 " is not stored",
                       message->serial, topic_names[log->topic], log->partition, message->offset);
    }
}

/* A duplicate is one of something: of each id that was kept one is stored, and one alone. */
static void check_ids(struct world *world)
{
    const struct store *store = world->store;
    int32_t event_count = world->broker->messages.event_count;
    int *stored = world_keep(world, (size_t)event_count + 1, sizeof(*stored));
    int *repeated = world_keep(world, (size_t)event_count + 1, sizeof(*repeated));

    for (size_t i = 0; i < store->kept_count; i++) {
        const struct kept *kept = &store->kept[i];

        if (kept->stream->table != TABLE_EVENT || kept->message->kind != MESSAGE_GOOD)
            continue;
        stored[kept->message->event] += kept->as == KEPT_STORED;
        repeated[kept->message->event] += kept->as == KEPT_DUPLICATE;
    }
    for (int32_t event = 0; event < event_count; event++) {
        if (stored[event] > 1 || (repeated[event] && !stored[event]))
            world_fail(world, "id %" PRId32 " is stored %d times, and %d times a duplicate", event,
                       stored[event], repeated[event]);
    }
}

void audit_end(struct world *world)
{
    for (size_t i = 0; i < world->store->kept_count; i++)
        check_kept(world, &world->store->kept[i]);
    for (size_t i = 0; i < world->broker->log_count; i++) {
        if (is_current(world, world->broker->all[i]))
            check_log(world, world->broker->all[i]);
    }
    check_ids(world);
}
