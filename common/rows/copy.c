#include "common/rows/copy.h"

#include <string.h>

#include "common/rows/copy_numeric.h"

const uint8_t copy_header[19] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n'};
const uint8_t copy_trailer[2] = {0xff, 0xff};

static void put(uint8_t *at, uint64_t value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        at[i] = (uint8_t)(value >> (8 * (length - 1 - i)));
}

/* A field of at most eight bytes, with its length before it. */
static bool append_number(struct buffer *out, uint64_t value, size_t length)
{
    uint8_t *at = buffer_reserve(out, 4 + length);

    if (!at)
        return false;
    put(at, length, 4);
    put(at + 4, value, length);
    out->length += 4 + length;
    return true;
}

static bool append_raw(struct buffer *out, uint64_t value, size_t length)
{
    uint8_t *at = buffer_reserve(out, length);

    if (!at)
        return false;
    put(at, value, length);
    out->length += length;
    return true;
}

bool copy_row(struct buffer *out, size_t field_count)
{
    return append_raw(out, field_count, 2);
}

bool copy_null(struct buffer *out)
{
    return append_raw(out, UINT32_MAX, 4);
}

bool copy_smallint(struct buffer *out, int16_t value)
{
    return append_number(out, (uint16_t)value, 2);
}

bool copy_integer(struct buffer *out, int32_t value)
{
    return append_number(out, (uint32_t)value, 4);
}

bool copy_bigint(struct buffer *out, int64_t value)
{
    return append_number(out, (uint64_t)value, 8);
}

bool copy_timestamptz(struct buffer *out, int64_t micros)
{
    return copy_bigint(out, micros - MICROS_TO_2000);
}

bool copy_bytes(struct buffer *out, const void *bytes, size_t length)
{
    if (!bytes)
        return copy_null(out);

    uint8_t *at = buffer_reserve(out, 4 + length);
    if (!at)
        return false;
    put(at, length, 4);
    memcpy(at + 4, bytes, length);
    out->length += 4 + length;
    return true;
}

bool copy_bytes_begin(struct buffer *out, size_t *mark)
{
    *mark = out->length;
    return append_raw(out, 0, 4);
}

void copy_bytes_end(struct buffer *out, size_t mark)
{
    put(out->data + mark, out->length - mark - 4, 4);
}

bool copy_jsonb(struct buffer *out, const void *text, size_t length)
{
    enum { JSONB_VERSION = 1 };

    return append_raw(out, length + 1, 4) && append_raw(out, JSONB_VERSION, 1)
           && buffer_append(out, text, length);
}

static bool append_real(struct buffer *out, double value, enum column_type type)
{
    uint64_t bits;

    if (type == COLUMN_REAL) {
        float narrow = (float)value;
        uint32_t narrow_bits;

        memcpy(&narrow_bits, &narrow, sizeof(narrow_bits));
        return append_number(out, narrow_bits, sizeof(narrow_bits));
    }
    memcpy(&bits, &value, sizeof(bits));
    return append_number(out, bits, sizeof(bits));
}

static uint32_t little_endian_32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Avro's months, days, milliseconds are unsigned; PostgreSQL's are microseconds, days, months. */
static bool append_interval(struct buffer *out, const uint8_t *parts)
{
    return append_raw(out, 16, 4)
           && append_raw(out, (uint64_t)little_endian_32(parts + 8) * 1000, 8)
           && append_raw(out, little_endian_32(parts + 4), 4)
           && append_raw(out, little_endian_32(parts), 4);
}

static bool append_integer(struct buffer *out, int64_t value, enum column_type type)
{
    switch (type) {
    case COLUMN_BOOLEAN:
        return append_number(out, (uint64_t)value, 1);
    case COLUMN_INTEGER:
        return copy_integer(out, (int32_t)value);
    case COLUMN_DATE:
        return copy_integer(out, (int32_t)(value - DAYS_TO_2000));
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        return copy_timestamptz(out, value);
    case COLUMN_NUMERIC:
        return copy_numeric_integer(out, value);
    default:
        return copy_bigint(out, value);
    }
}

/* pg_type.dat: what an array says of its items. */
static uint32_t type_oid(enum column_type type)
{
    static const uint32_t oids[] = {
        [COLUMN_BOOLEAN] = 16,       [COLUMN_INTEGER] = 23,    [COLUMN_BIGINT] = 20,
        [COLUMN_REAL] = 700,         [COLUMN_DOUBLE] = 701,    [COLUMN_NUMERIC] = 1700,
        [COLUMN_TEXT] = 25,          [COLUMN_BYTEA] = 17,      [COLUMN_UUID] = 2950,
        [COLUMN_DATE] = 1082,        [COLUMN_TIME] = 1083,     [COLUMN_TIMESTAMP] = 1114,
        [COLUMN_TIMESTAMPTZ] = 1184, [COLUMN_INTERVAL] = 1186, [COLUMN_JSONB] = 3802,
        [COLUMN_VARCHAR] = 1043,
    };

    return oids[type];
}

/* One dimension that begins at 1; none at all where there are no items. */
static bool append_array(struct buffer *out, const struct cell *cell, enum column_type type,
                         const struct cell *items)
{
    const struct cell *first = items + cell->as.first;
    uint32_t has_null = 0;
    size_t mark;

    for (uint32_t i = 0; i < cell->length; i++)
        has_null |= first[i].kind == CELL_NULL;
    if (!copy_bytes_begin(out, &mark) || !append_raw(out, cell->length > 0, 4)
        || !append_raw(out, has_null, 4) || !append_raw(out, type_oid(type), 4))
        return false;
    if (cell->length && (!append_raw(out, cell->length, 4) || !append_raw(out, 1, 4)))
        return false;
    for (uint32_t i = 0; i < cell->length; i++) {
        if (!copy_cell(out, &first[i], type, items))
            return false;
    }
    copy_bytes_end(out, mark);
    return true;
}

bool copy_cell(struct buffer *out, const struct cell *cell, enum column_type type,
               const struct cell *items)
{
    switch (cell->kind) {
    case CELL_BYTES:
        if (type == COLUMN_JSONB)
            return copy_jsonb(out, cell->as.bytes, cell->length);
        return copy_bytes(out, cell->as.bytes, cell->length);
    case CELL_INTEGER:
        return append_integer(out, cell->as.integer, type);
    case CELL_REAL:
        return append_real(out, cell->as.real, type);
    case CELL_UUID:
        return copy_bytes(out, cell->as.uuid, UUID_BYTES);
    case CELL_DECIMAL:
        return copy_numeric_decimal(out, cell);
    case CELL_INTERVAL:
        return append_interval(out, cell->as.bytes);
    case CELL_ARRAY:
        return append_array(out, cell, type, items);
    case CELL_NULL:
    case CELL_DEFAULT:
        break;
    }
    return copy_null(out);
}
