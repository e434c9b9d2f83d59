#include "common/avro/scalar.h"

#include "common/avro/decimal.h"
#include "common/avro/temporal.h"

bool scalar_is(const struct schema_node *node)
{
    return node->kind != SCHEMA_RECORD && node->kind != SCHEMA_ARRAY && node->kind != SCHEMA_MAP
           && node->kind != SCHEMA_UNION;
}

static bool set_time(struct reader *reader, int64_t value, int64_t unit_us, int64_t minimum_us,
                     int64_t maximum_us, struct cell *out)
{
    if (value < minimum_us / unit_us || value > maximum_us / unit_us)
        return reader_fail(reader, REASON_TIME_OUT_OF_RANGE);
    out->as.integer = value * unit_us;
    return true;
}

/* An int or a long, with what its logical type makes of it. */
static bool read_integer(struct reader *reader, const struct schema_node *node, struct cell *out)
{
    int64_t value;
    bool ok = node->kind == SCHEMA_INT ? reader_int(reader, &value) : reader_long(reader, &value);

    if (!ok)
        return false;
    out->kind = CELL_INTEGER;
    switch (node->logical) {
    case LOGICAL_DATE:
        return set_time(reader, value, 1, TEMPORAL_DAYS_MIN, TEMPORAL_DAYS_MAX, out);
    case LOGICAL_TIME_MILLIS:
        return set_time(reader, value, 1000, 0, MICROS_A_DAY, out);
    case LOGICAL_TIME_MICROS:
        return set_time(reader, value, 1, 0, MICROS_A_DAY, out);
    case LOGICAL_TIMESTAMP_MILLIS:
    case LOGICAL_LOCAL_TIMESTAMP_MILLIS:
        return set_time(reader, value, 1000, TEMPORAL_MICROS_MIN, TEMPORAL_MICROS_MAX, out);
    case LOGICAL_TIMESTAMP_MICROS:
    case LOGICAL_LOCAL_TIMESTAMP_MICROS:
        return set_time(reader, value, 1, TEMPORAL_MICROS_MIN, TEMPORAL_MICROS_MAX, out);
    default:
        out->as.integer = value;
        return true;
    }
}

static bool set_decimal(struct reader *reader, const struct schema_node *node, const uint8_t *bytes,
                        size_t length, struct cell *out)
{
    struct decimal decimal;

    if (length == 0)
        return reader_fail(reader, REASON_MALFORMED);
    decimal_shorten(&bytes, &length);
    if (!decimal_read(bytes, length, &decimal) || decimal.count > (size_t)node->precision)
        return reader_fail(reader, REASON_DECIMAL_OUT_OF_RANGE);
    out->kind = CELL_DECIMAL;
    out->length = (uint32_t)length;
    out->as.decimal.bytes = bytes;
    out->as.decimal.scale = node->scale;
    return true;
}

/* bytes, string or fixed, with what its logical type makes of it. */
static bool set_bytes(struct reader *reader, const struct schema_node *node, const uint8_t *bytes,
                      size_t length, struct cell *out)
{
    switch (node->logical) {
    case LOGICAL_DECIMAL:
        return set_decimal(reader, node, bytes, length, out);
    case LOGICAL_UUID:
        if (node->kind == SCHEMA_FIXED)
            memcpy(out->as.uuid, bytes, UUID_BYTES);
        else if (!uuid_parse((const char *)bytes, length, out->as.uuid))
            return reader_fail(reader, REASON_BAD_UUID);
        /* Only now: what is left of a faulty message may show its event_id. */
        out->kind = CELL_UUID;
        return true;
    default:
        out->kind = node->logical == LOGICAL_DURATION ? CELL_INTERVAL : CELL_BYTES;
        out->length = (uint32_t)length;
        out->as.bytes = bytes;
        return true;
    }
}

bool scalar_read(struct reader *reader, const struct schema_node *node, struct cell *out)
{
    const uint8_t *bytes;
    size_t length;

    switch (node->kind) {
    case SCHEMA_NULL:
        out->kind = CELL_NULL;
        return true;
    case SCHEMA_BOOLEAN:
        out->kind = CELL_INTEGER;
        return reader_boolean(reader, &out->as.integer);
    case SCHEMA_INT:
    case SCHEMA_LONG:
        return read_integer(reader, node, out);
    case SCHEMA_FLOAT:
        out->kind = CELL_REAL;
        return reader_float(reader, &out->as.real);
    case SCHEMA_DOUBLE:
        out->kind = CELL_REAL;
        return reader_double(reader, &out->as.real);
    case SCHEMA_STRING:
        return reader_string(reader, &bytes, &length)
               && set_bytes(reader, node, bytes, length, out);
    case SCHEMA_BYTES:
        return reader_bytes(reader, &bytes, &length) && set_bytes(reader, node, bytes, length, out);
    case SCHEMA_FIXED:
        length = node->fixed_bytes;
        return reader_fixed(reader, length, &bytes) && set_bytes(reader, node, bytes, length, out);
    case SCHEMA_ENUM:
        if (!reader_index(reader, node->symbol_count, REASON_ENUM_OUT_OF_RANGE, &length))
            return false;
        out->kind = CELL_BYTES;
        out->as.bytes = (const uint8_t *)node->symbols[length];
        out->length = (uint32_t)strlen(node->symbols[length]);
        return true;
    default:
        assert(false && "not a scalar");
        return false;
    }
}
