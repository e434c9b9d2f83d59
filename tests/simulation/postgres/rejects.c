#include <inttypes.h>
#include <string.h>

#include "tests/simulation/postgres/copy.h"
#include "tests/simulation/postgres/rows.h"

enum reject_field {
    REJECT_STREAM,
    REJECT_PARTITION,
    REJECT_OFFSET,
    REJECT_PUBLISHED,
    REJECT_REASON,
    REJECT_DETAIL,
    REJECT_SQLSTATE,
    REJECT_EVENT_ID,
    REJECT_KEY,
    REJECT_VALUE,
    REJECT_VALUE_BYTES,
    REJECT_SHA256,
    REJECT_HEADERS,
    REJECT_FIELDS,
};

/*
 * Offsets come again where a topic was made anew: the bytes tell which of them it is. Of a stream
 * that was lost in a failover it may be of any topic; it comes to nothing.
 */
static struct sim_message *find_rejected(const struct copy_reader *reader,
                                         const struct stream *stream)
{
    const struct broker *broker = reader->world->broker;
    int64_t partition = copy_number(reader, REJECT_PARTITION);

    for (size_t i = 0; i < broker->log_count; i++) {
        const struct sim_log *log = broker->all[i];
        struct sim_message *message =
            (!stream || log->topic == stream->topic) && log->partition == partition
                ? sim_log_at(log, copy_number(reader, REJECT_OFFSET))
                : NULL;

        if (message && copy_is(reader, REJECT_KEY, message->key, message->key_length)
            && copy_is(reader, REJECT_VALUE, message->value, message->value_length))
            return message;
    }
    return NULL;
}

static void read_reject(struct copy_reader *reader, struct sim_request *request)
{
    struct world *world = reader->world;
    int16_t stream_id = (int16_t)copy_number(reader, REJECT_STREAM);
    struct sim_message *message = find_rejected(reader, store_stream(world->store, stream_id));
    uint8_t id[UUID_BYTES];

    if (!message) {
        world_fail(world, "a reject that is of no message");
        return;
    }
    event_id_of(message->event, id);
    const char *reason = message->reason ? message->reason : "none";
    bool is_refused = message->kind == MESSAGE_REFUSED || message->kind == MESSAGE_UNCOPIED;
    if (!copy_is(reader, REJECT_REASON, reason, strlen(reason))
        || (reader->fields[REJECT_SQLSTATE].length == 5) != is_refused
        || (reader->fields[REJECT_EVENT_ID].length >= 0
            && !copy_is(reader, REJECT_EVENT_ID, id, sizeof(id)))
        || copy_time(reader, REJECT_PUBLISHED) != message->published_us
        || copy_number(reader, REJECT_VALUE_BYTES) != (int64_t)message->value_length)
        world_fail(world, "m%" PRId32 " is rejected as %.*s, not as %s", message->serial,
                   (int)reader->fields[REJECT_REASON].length,
                   (const char *)reader->fields[REJECT_REASON].bytes, reason);
    request->rejects[request->reject_count++] =
        (struct sim_row){.message = message, .stream_id = stream_id};
}

void rows_read_rejects(struct world *world, const struct request *from, struct sim_request *request)
{
    struct copy_reader reader = copy_open(world, from->rejects);

    request->rejects =
        world_keep(world, from->rejects.length / (4 * REJECT_FIELDS) + 1, sizeof(struct sim_row));
    while (!world->has_failed && copy_next(&reader, REJECT_FIELDS))
        read_reject(&reader, request);
}
