#include "tests/simulation/postgres/copy.h"

#include <string.h>

#include "common/avro/temporal.h"
#include "common/rows/copy.h"

static int64_t number(const uint8_t *bytes, size_t length)
{
    uint64_t value = length && (bytes[0] & 0x80) ? UINT64_MAX : 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

int64_t copy_number(const struct copy_reader *reader, size_t place)
{
    const struct field *field = &reader->fields[place];

    return place < reader->field_count && field->length > 0 && field->length <= 8
               ? number(field->bytes, (size_t)field->length)
               : INT64_MIN;
}

/* COPY's timestamps count from 2000; -1 is NULL here. */
int64_t copy_time(const struct copy_reader *reader, size_t place)
{
    return reader->fields[place].length < 0 ? -1 : copy_number(reader, place) + MICROS_TO_2000;
}

bool copy_is(const struct copy_reader *reader, size_t place, const void *bytes, size_t length)
{
    const struct field *field = &reader->fields[place];

    if (!bytes)
        return field->length < 0;
    return field->length == (int32_t)length && memcmp(field->bytes, bytes, length) == 0;
}

/* False: the span has ended, or is no row. */
bool copy_next(struct copy_reader *reader, size_t field_count)
{
    if (reader->at == reader->end)
        return false;
    reader->field_count = 0;
    if (reader->end - reader->at < 2 || number(reader->at, 2) != (int64_t)field_count) {
        world_fail(reader->world, "COPY: a row that does not have %zu fields", field_count);
        return false;
    }
    reader->at += 2;
    while (reader->field_count < field_count) {
        struct field *field = &reader->fields[reader->field_count++];
        int64_t left = reader->end - reader->at - 4;

        field->length = left < 0 ? INT32_MAX : (int32_t)number(reader->at, 4);
        if (field->length > left || field->length < -1) {
            world_fail(reader->world, "COPY: a field that is cut off");
            return false;
        }
        reader->at += 4;
        field->bytes = reader->at;
        if (field->length > 0)
            reader->at += field->length;
    }
    return true;
}

struct copy_reader copy_open(struct world *world, struct span span)
{
    const uint8_t *data = span.data;

    return (struct copy_reader){
        .world = world, .at = data, .end = span.length ? data + span.length : data};
}
