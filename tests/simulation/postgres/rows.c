#include "tests/simulation/postgres/rows.h"

#include <inttypes.h>
#include <string.h>

#include "common/avro/frame.h"
#include "tests/simulation/postgres/copy.h"

static struct sim_message *message_of_serial(struct world *world, int64_t serial)
{
    const struct messages *messages = &world->broker->messages;

    return serial >= 0 && (size_t)serial < messages->count ? messages->list[serial] : NULL;
}

/* The place of an origin in a row of that shape; SIZE_MAX where the table has none. */
static size_t place_of(const struct shape *shape, enum origin origin)
{
    size_t place = shape->column_count;

    if (!shape->table->has_origin[origin])
        return SIZE_MAX;
    for (enum origin before = 0; before < origin; before++)
        place += shape->table->has_origin[before];
    return place;
}

static size_t field_count_of(const struct shape *shape)
{
    size_t count = shape->column_count;

    for (size_t i = 0; i < ORIGIN_COUNT; i++)
        count += shape->table->has_origin[i];
    return count;
}

/* Where a table says it, a row says where it is from, and everything as it was. */
static bool has_origins(const struct copy_reader *reader, const struct shape *shape,
                        const struct sim_message *message)
{
    size_t key = place_of(shape, ORIGIN_ENTITY_KEY);
    size_t published = place_of(shape, ORIGIN_PUBLISHED_AT);
    size_t schema = place_of(shape, ORIGIN_SCHEMA_ID);
    size_t avro = place_of(shape, ORIGIN_AVRO);

    return copy_number(reader, place_of(shape, ORIGIN_KAFKA_PARTITION)) == message->partition
           && copy_number(reader, place_of(shape, ORIGIN_KAFKA_OFFSET)) == message->offset
           && (key == SIZE_MAX || copy_is(reader, key, message->key, message->key_length))
           && (published == SIZE_MAX || copy_time(reader, published) == message->published_us)
           && (schema == SIZE_MAX || copy_number(reader, schema) == (int64_t)message->schema + 1)
           && (avro == SIZE_MAX
               || copy_is(reader, avro, (const uint8_t *)message->value + FRAME_SINGLE_OBJECT_BYTES,
                          message->value_length - FRAME_SINGLE_OBJECT_BYTES));
}

static void read_event(struct copy_reader *reader, struct sim_request *request)
{
    const struct shape *shape = request->shape;
    struct sim_row *row = &request->rows[request->row_count];
    uint8_t id[UUID_BYTES];

    row->message = message_of_serial(reader->world, copy_number(reader, COLUMN_SERIAL));
    if (!row->message || row->message->kind == MESSAGE_POISON
        || shape->columns[COLUMN_SERIAL] != COLUMN_SERIAL) {
        world_fail(reader->world, "COPY: a row that is of no message");
        return;
    }
    event_id_of(row->message->event, id);
    row->stream_id = (int16_t)copy_number(reader, place_of(shape, ORIGIN_STREAM_ID));
    if (!copy_is(reader, COLUMN_EVENT_ID, id, sizeof(id))
        || copy_number(reader, COLUMN_CODE) != row->message->code
        || (row->message->schema == 1) != (shape->column_count == COLUMNS)
        || !has_origins(reader, shape, row->message)) {
        world_fail(reader->world, "COPY: the row of m%" PRId32 " is not what its message says",
                   row->message->serial);
        return;
    }
    request->row_count++;
}

void rows_read_events(struct world *world, const struct request *from, struct sim_request *request)
{
    struct copy_reader reader = copy_open(world, from->rows);
    /* No row is shorter than its fields' lengths. */
    size_t room = from->rows.length / (4 * COLUMNS) + 1;

    request->rows = world_keep(world, room, sizeof(*request->rows));
    while (!world->has_failed && copy_next(&reader, field_count_of(request->shape)))
        read_event(&reader, request);
}

/* The sieve's second table says of each row where it is from. */
void rows_check_places(struct world *world, const struct request *from,
                       const struct sim_request *request)
{
    struct copy_reader reader = copy_open(world, from->messages);
    size_t place = 0;

    while (!world->has_failed && copy_next(&reader, 5)) {
        const struct sim_row *row = place < request->row_count ? &request->rows[place] : NULL;

        place++;
        if (!row || copy_number(&reader, 0) != (int64_t)place
            || copy_number(&reader, 1) != row->stream_id
            || copy_number(&reader, 2) != row->message->partition
            || copy_number(&reader, 3) != row->message->offset
            || copy_time(&reader, 4) != row->message->published_us)
            world_fail(world, "the sieve is told wrong where row %zu is from", place);
    }
    if (!world->has_failed && place != request->row_count)
        world_fail(world, "the sieve is told where %zu of %zu rows are from", place,
                   request->row_count);
}
