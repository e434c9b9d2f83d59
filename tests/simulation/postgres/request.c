#include <inttypes.h>
#include <string.h>

#include "tests/simulation/postgres/rows.h"

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return count;
}

static void read_claims(struct world *world, const struct request *from,
                        struct sim_request *request)
{
    request->claims = world_keep(world, from->claim_count + 1, sizeof(*request->claims));
    for (size_t i = 0; i < from->claim_count && !world->has_failed; i++) {
        const struct claim *claim = &from->claims[i];
        size_t topic = find_name(topic_names, world->broker->topic_count, claim->topic);

        if (topic == world->broker->topic_count
            || find_name(table_names, TABLES, claim->table)
                   != tables_of_topic(world->broker->layout, topic)
            || claim->partition < 0 || claim->partition >= world->broker->partition_counts[topic]) {
            world_fail(world, "a claim of what there is not");
            return;
        }
        request->claims[request->claim_count++] = (struct sim_claim){
            .topic = topic, .partition = claim->partition, .log_start = claim->log_start};
    }
}

/* A call of ingest.advance() for each stream, in the order in which they come; each locks its
 * partitions in their order. */
static void read_advances(struct world *world, const struct request *from,
                          struct sim_request *request)
{
    request->advances = world_keep(world, from->advance_count + 1, sizeof(*request->advances));
    for (size_t i = 0; i < from->advance_count; i++) {
        struct advance advance = from->advances[i];
        size_t place = 0;
        bool is_met = false;

        while (place < request->advance_count) {
            const struct advance *other = &request->advances[place];

            if (other->stream_id == advance.stream_id && other->partition == advance.partition)
                world_fail(world, "partition %" PRId32 " of stream %d is to advance twice",
                           advance.partition, advance.stream_id);
            if (is_met && other->stream_id != advance.stream_id)
                break;
            is_met = is_met || other->stream_id == advance.stream_id;
            if (is_met && other->partition > advance.partition)
                break;
            place++;
        }
        memmove(&request->advances[place + 1], &request->advances[place],
                (request->advance_count - place) * sizeof(advance));
        request->advances[place] = advance;
        request->advance_count++;
    }
}

static uint64_t hash(uint64_t sum, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;

    for (; length >= 8; at += 8, length -= 8) {
        uint64_t word;

        memcpy(&word, at, sizeof(word));
        sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 29;
    }
    while (length--)
        sum = (sum ^ *at++) * UINT64_C(0x100000001b3);
    return sum;
}

uint64_t rows_hash(const struct request *request)
{
    uint64_t sum = 1;

    sum = hash(sum, request->rows.data, request->rows.length);
    sum = hash(sum, request->messages.data, request->messages.length);
    sum = hash(sum, request->rejects.data, request->rejects.length);
    return sum;
}

struct sim_request *rows_read(struct world *world, const struct request *from)
{
    struct sim_request *request = world_keep(world, 1, sizeof(*request));

    request->kind = from->kind;
    request->bytes = rows_hash(from);
    request->has_data = from->rows.length || from->messages.length || from->rejects.length;
    read_claims(world, from, request);
    read_advances(world, from, request);
    if (from->rows_sql) {
        request->shape = tables_find_shape(from->rows_sql, &request->table);
        if (!request->shape)
            world_fail(world, "a statement that is no shape's");
    }
    if (from->rows.length && request->shape)
        rows_read_events(world, from, request);
    if (from->kind == REQUEST_SORT)
        rows_check_places(world, from, request);
    rows_read_rejects(world, from, request);
    return request;
}
