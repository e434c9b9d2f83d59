#include "consumers/lane/decode.h"

#include <inttypes.h>

#include "common/avro/frame.h"
#include "common/rows/copy.h"

void decoder_init(struct decoder *decoder, const struct routes *routes, size_t value_bytes_max)
{
    size_t column_count = 0;

    for (size_t i = 0; i < routes->count; i++) {
        if (routes->items[i].table->column_count > column_count)
            column_count = routes->items[i].table->column_count;
    }
    *decoder = (struct decoder){.routes = routes, .value_bytes_max = value_bytes_max};
    decoded_init(&decoder->decoded, column_count);
}

void decoder_clear(struct decoder *decoder)
{
    decoded_clear(&decoder->decoded);
}

static struct reject *refuse(enum reason reason, const char *detail)
{
    return reject_new(reason_name(reason), "%s", detail);
}

/* Takes the frame off and finds the plan; a reject where that is not possible. */
static struct reject *find_plan(const struct decoder *decoder, const struct route *route,
                                const struct message *message, struct frame *frame, size_t *schema)
{
    char fingerprint[2 * FINGERPRINT_BYTES + 1];

    if (!message->value)
        return refuse(REASON_NULL_VALUE, "the message has no value");
    if (message->value_length > decoder->value_bytes_max)
        return reject_new(reason_name(REASON_OVERSIZE), "%zu bytes, at most %zu are taken",
                          message->value_length, decoder->value_bytes_max);
    *frame = frame_read(message->value, message->value_length);
    if (frame->kind == FRAME_NONE)
        return refuse(REASON_NOT_FRAMED, "neither C3 01 and a fingerprint nor 00 and an id");
    if (frame->kind == FRAME_REGISTRY)
        return reject_new(reason_name(REASON_UNKNOWN_SCHEMA),
                          "registry id %" PRIu32 ", and no registry is configured",
                          frame->registry_id);
    *schema = routes_find_schema(decoder->routes, frame->fingerprint);
    if (*schema == SIZE_MAX) {
        hex_format(frame->fingerprint, FINGERPRINT_BYTES, fingerprint);
        return reject_new(reason_name(REASON_UNKNOWN_SCHEMA),
                          "no schema of fingerprint %s in the schema folder", fingerprint);
    }
    if (!route->plans[*schema]) {
        const char *name = decoder->routes->folder.schemas[*schema]->root->name;

        const char *misfit = route->misfits[*schema];

        return reject_new(reason_name(REASON_WRONG_TYPE), "%s does not go into table %s%s%s",
                          name ? name : "a value that is no record", route->table->name,
                          misfit ? ": " : "", misfit ? misfit : "");
    }
    return NULL;
}

/* BAD_KEY, as far as it is found here: the table compares the key with the fields. */
static struct reject *check_key(const struct route *route, const struct message *message)
{
    if (!route->table->has_origin[ORIGIN_ENTITY_KEY])
        return NULL;
    if (!message->key)
        return refuse(REASON_BAD_KEY, "the message has no key");
    switch (text_check(message->key, message->key_length)) {
    case TEXT_OK:
        return NULL;
    case TEXT_INVALID_UTF8:
        return refuse(REASON_BAD_KEY, "the key is not UTF-8");
    case TEXT_NUL_BYTE:
        break;
    }
    return refuse(REASON_BAD_KEY, "the key holds U+0000");
}

/* Of a message that was decoded as far as its id; NULL for none. */
static const uint8_t *readable_event_id(const struct decoder *decoder, const struct table *table)
{
    const struct cell *cell = &decoder->decoded.cells[table->event_id];

    return table->has_event_id && cell->kind == CELL_UUID ? cell->as.uuid : NULL;
}

static struct reject *decode(struct decoder *decoder, const struct route *route,
                             const struct message *message, struct frame *frame, size_t *schema)
{
    struct decoded *decoded = &decoder->decoded;

    decoded->cells[route->table->event_id].kind = CELL_NULL;
    struct reject *reject = find_plan(decoder, route, message, frame, schema);

    if (reject)
        return reject;
    if (!plan_run(route->plans[*schema], frame->body, frame->body_length, decoded))
        reject = decoded->field[0] ? reject_new(reason_name(decoded->reason),
                                                "field \"%s\", at byte %zu of the body",
                                                decoded->field, decoded->fault_offset)
                                   : reject_new(reason_name(decoded->reason),
                                                "at byte %zu of the body", decoded->fault_offset);
    else
        reject = check_key(route, message);
    return reject;
}

static bool append_origin(struct buffer *rows, enum origin origin,
                          const struct partition *partition, const struct message *message,
                          const struct frame *frame, int32_t schema_id)
{
    switch (origin) {
    case ORIGIN_ENTITY_KEY:
        return copy_bytes(rows, message->key, message->key_length);
    case ORIGIN_STREAM_ID:
        return copy_smallint(rows, partition->stream_id);
    case ORIGIN_KAFKA_PARTITION:
        return copy_integer(rows, message->partition);
    case ORIGIN_KAFKA_OFFSET:
        return copy_bigint(rows, message->offset);
    case ORIGIN_PUBLISHED_AT:
        return message->published_us < 0 ? copy_null(rows)
                                         : copy_timestamptz(rows, message->published_us);
    case ORIGIN_SCHEMA_ID:
        return copy_integer(rows, schema_id);
    case ORIGIN_AVRO:
        return copy_bytes(rows, frame->body, frame->body_length);
    case ORIGIN_COUNT:
        break;
    }
    return false;
}

static bool append_row(struct decoder *decoder, const struct partition *partition,
                       const struct message *message, const struct frame *frame, size_t schema,
                       const struct shape *shape, struct buffer *rows)
{
    const struct table *table = shape->table;
    const struct decoded *decoded = &decoder->decoded;
    size_t field_count = shape->column_count;

    for (size_t i = 0; i < ORIGIN_COUNT; i++)
        field_count += table->has_origin[i];
    if (!copy_row(rows, field_count))
        return false;
    for (size_t i = 0; i < shape->column_count; i++) {
        size_t place = shape->columns[i];

        if (!copy_cell(rows, &decoded->cells[place], table->columns[place].type, decoded->items))
            return false;
    }
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        if (table->has_origin[i]
            && !append_origin(rows, (enum origin)i, partition, message, frame,
                              decoder->routes->schema_ids[schema]))
            return false;
    }
    return true;
}

/* Only a row without end is longer than a batch has room for. */
static struct reject *refuse_row(const struct batch *batch)
{
    return reject_new(reason_name(REASON_OVERSIZE), "its row is longer than %zu bytes",
                      batch->rows.limit);
}

bool decoder_add(struct decoder *decoder, struct partition *partition,
                 const struct message *message, struct batch *batch)
{
    const struct route *route = partition->route;
    struct frame frame = {.kind = FRAME_NONE};
    size_t schema = 0;
    size_t rows_before = batch->rows.length;

    if (batch->is_closed)
        return false;
    struct reject *reject = decode(decoder, route, message, &frame, &schema);
    if (!reject) {
        const struct shape *shape = route->shapes[schema];

        if (batch->shape && batch->shape != shape)
            return false;
        if (append_row(decoder, partition, message, &frame, schema, shape, &batch->rows)) {
            batch->shape = shape;
        } else {
            batch->rows.length = rows_before;
            if (rows_before > 0)
                return false;
            reject = refuse_row(batch);
        }
    }
    batch_add(batch, partition, message, reject, readable_event_id(decoder, route->table));
    return true;
}
