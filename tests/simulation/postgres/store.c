#include "tests/simulation/postgres/store.h"

#include <inttypes.h>
#include <string.h>

struct store *store_new(struct world *world)
{
    struct store *store = world_keep(world, 1, sizeof(*store));

    store->world = world;
    for (size_t topic = 0; topic < world->broker->topic_count; topic++)
        store_add_stream(store, topic);
    return store;
}

struct stream *store_stream(const struct store *store, int16_t id)
{
    return id >= 1 && (size_t)id <= store->stream_count ? store->streams[id - 1] : NULL;
}

struct stream *store_stream_of(const struct store *store, size_t topic)
{
    for (size_t i = store->stream_count; i > 0; i--) {
        if (store->streams[i - 1]->topic == topic)
            return store->streams[i - 1];
    }
    return NULL;
}

struct stream *store_stream_known(const struct store *store, size_t topic, size_t newest)
{
    struct stream *first = NULL;

    for (size_t i = store->stream_count; i > 0; i--) {
        if (store->streams[i - 1]->topic != topic)
            continue;
        first = store->streams[i - 1];
        if (i <= newest)
            return first;
    }
    return first;
}

struct stream *store_add_stream(struct store *store, size_t topic)
{
    const struct broker *broker = store->world->broker;
    const struct stream *before = store_stream_of(store, topic);
    struct stream *stream = world_keep(store->world, 1, sizeof(*stream));

    assert(store->stream_count < STREAMS_MAX);
    *stream = (struct stream){.id = (int16_t)(store->stream_count + 1),
                              .topic = topic,
                              .table = tables_of_topic(broker->layout, topic),
                              .generation = before ? before->generation + 1 : 1,
                              .incarnation = broker->incarnations[topic],
                              .commit = store->commit};
    for (int32_t i = 0; i < PARTITIONS_MAX; i++)
        stream->positions[i] = (struct position){.stream = stream, .partition = i};
    store->streams[store->stream_count++] = stream;
    return stream;
}

int64_t position_at(const struct position *position, int64_t commit)
{
    for (size_t i = position->count; i > 0; i--) {
        if (position->versions[i - 1].commit <= commit)
            return position->versions[i - 1].next_offset;
    }
    return -1;
}

void position_set(struct store *store, struct position *position, struct position_version version)
{
    version.commit = store->commit;
    position->versions = world_grow(store->world, position->versions, position->count,
                                    &position->capacity, sizeof(*position->versions));
    position->versions[position->count++] = version;
}

int32_t store_event(const struct store *store, int32_t event)
{
    return (size_t)event < store->event_capacity ? store->stored_as[event] - 1 : -1;
}

/* Numbers are kept one higher, so that zeroed memory says: none. */
static void note_event(struct store *store, int32_t event, int32_t place)
{
    if ((size_t)event >= store->event_capacity) {
        size_t capacity = store->event_capacity ? store->event_capacity : 64;

        while (capacity <= (size_t)event)
            capacity *= 2;
        int32_t *larger = world_keep(store->world, capacity, sizeof(*larger));
        if (store->event_capacity)
            memcpy(larger, store->stored_as, store->event_capacity * sizeof(*larger));
        store->stored_as = larger;
        store->event_capacity = capacity;
    }
    store->stored_as[event] = place + 1;
}

void store_keep(struct store *store, struct stream *stream, struct sim_message *message,
                enum kept_as as, int life)
{
    if (message->kept >= 0)
        world_fail(store->world, "m%" PRId32 " at %s/%" PRId32 " %" PRId64 " is stored twice",
                   message->serial, topic_names[message->topic], message->partition,
                   message->offset);
    store->kept = world_grow(store->world, store->kept, store->kept_count, &store->kept_capacity,
                             sizeof(*store->kept));
    message->kept = (int32_t)store->kept_count;
    store->kept[store->kept_count++] = (struct kept){
        .commit = store->commit, .as = as, .message = message, .stream = stream, .life = life};
    if (as == KEPT_STORED && stream->table == TABLE_EVENT)
        note_event(store, message->event, message->kept);
}

static void cut_position(struct position *position, int64_t commit)
{
    while (position->count && position->versions[position->count - 1].commit > commit)
        position->count--;
}

void store_cut(struct store *store, int64_t commit)
{
    while (store->kept_count && store->kept[store->kept_count - 1].commit > commit) {
        struct kept *kept = &store->kept[--store->kept_count];

        if (store_event(store, kept->message->event) == kept->message->kept)
            note_event(store, kept->message->event, -1);
        kept->message->kept = -1;
    }
    while (store->stream_count && store->streams[store->stream_count - 1]->commit > commit)
        store->stream_count--;
    for (size_t i = 0; i < store->stream_count; i++) {
        for (size_t j = 0; j < PARTITIONS_MAX; j++)
            cut_position(&store->streams[i]->positions[j], commit);
    }
    if (store->folded > commit)
        store->folded = commit;
    store->commit = commit;
}
