#include "common/avro/render_scalar.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/decimal.h"
#include "common/avro/temporal.h"

static bool append_escape(struct buffer *out, uint8_t byte)
{
    switch (byte) {
    case '"':
        return buffer_append_text(out, "\\\"");
    case '\\':
        return buffer_append_text(out, "\\\\");
    case '\n':
        return buffer_append_text(out, "\\n");
    case '\t':
        return buffer_append_text(out, "\\t");
    default:
        return buffer_append_format(out, "\\u%04x", byte);
    }
}

bool render_string(struct buffer *out, const uint8_t *text, size_t length)
{
    size_t plain = 0;

    if (!buffer_append_byte(out, '"'))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] >= 0x20 && text[i] != '"' && text[i] != '\\')
            continue;
        if (!buffer_append(out, text + plain, i - plain) || !append_escape(out, text[i]))
            return false;
        plain = i + 1;
    }
    return buffer_append(out, text + plain, length - plain) && buffer_append_byte(out, '"');
}

static bool append_quoted(struct buffer *out, const char *text, size_t length)
{
    return buffer_append_byte(out, '"') && buffer_append(out, text, length)
           && buffer_append_byte(out, '"');
}

/* RFC 4648 §4. */
static bool append_base64(struct buffer *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    if (!buffer_append_byte(out, '"'))
        return false;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t three = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0)
                         | (left > 2 ? bytes[i + 2] : 0);
        char four[4] = {digits[three >> 18], digits[three >> 12 & 63],
                        left > 1 ? digits[three >> 6 & 63] : '=',
                        left > 2 ? digits[three & 63] : '='};

        if (!buffer_append(out, four, sizeof(four)))
            return false;
    }
    return buffer_append_byte(out, '"');
}

static bool append_integer(struct buffer *out, const struct schema_node *node, int64_t value)
{
    char text[TEMPORAL_TEXT_BYTES];
    bool is_instant = node->logical == LOGICAL_TIMESTAMP_MILLIS
                      || node->logical == LOGICAL_TIMESTAMP_MICROS
                      || node->logical == LOGICAL_TIMESTAMP_NANOS;
    size_t length;

    switch (node->logical) {
    case LOGICAL_DATE:
        return append_quoted(out, text, temporal_date_text(value, text));
    case LOGICAL_TIME_MILLIS:
    case LOGICAL_TIME_MICROS:
        return append_quoted(out, text, temporal_time_text(value, text));
    case LOGICAL_TIMESTAMP_MILLIS:
    case LOGICAL_TIMESTAMP_MICROS:
    case LOGICAL_LOCAL_TIMESTAMP_MILLIS:
    case LOGICAL_LOCAL_TIMESTAMP_MICROS:
        return append_quoted(out, text, temporal_timestamp_text(value, is_instant, text));
    case LOGICAL_TIMESTAMP_NANOS:
    case LOGICAL_LOCAL_TIMESTAMP_NANOS: {
        int64_t micros = value / 1000 - (value % 1000 < 0);

        length = temporal_timestamp_text(micros, false, text);
        return buffer_append_format(out, "\"%.*s%03d%s\"", (int)length, text,
                                    (int)(value - micros * 1000), is_instant ? "Z" : "");
    }
    default:
        return buffer_append_format(out, "%" PRId64, value);
    }
}

static bool append_real(struct buffer *out, const struct schema_node *node, double value)
{
    if (isnan(value))
        return buffer_append_text(out, "\"NaN\"");
    if (isinf(value))
        return buffer_append_text(out, value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    /* As many digits as it takes to read the same number again, and no more: 0.1 stays 0.1. */
    bool is_float = node->kind == SCHEMA_FLOAT;
    int digits = is_float ? FLT_DIG : DBL_DIG;
    char text[32];

    do
        snprintf(text, sizeof(text), "%.*g", digits++, value);
    while (is_float ? strtof(text, NULL) != (float)value : strtod(text, NULL) != value);
    return buffer_append_text(out, text);
}

static bool append_decimal(struct buffer *out, const struct cell *cell)
{
    struct decimal decimal;
    char text[DECIMAL_TEXT_BYTES];

    return decimal_read(cell->as.decimal.bytes, cell->length, &decimal)
           && append_quoted(out, text, decimal_text(&decimal, cell->as.decimal.scale, text));
}

static bool append_interval(struct buffer *out, const uint8_t *bytes)
{
    uint32_t parts[3];

    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        parts[i] = bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 | (uint32_t)bytes[4 * i + 2] << 16
                   | (uint32_t)bytes[4 * i + 3] << 24;
    return buffer_append_format(
        out, "{\"months\": %" PRIu32 ", \"days\": %" PRIu32 ", \"millis\": %" PRIu32 "}", parts[0],
        parts[1], parts[2]);
}

bool render_scalar(struct buffer *out, const struct schema_node *node, const struct cell *cell)
{
    char uuid[UUID_TEXT_LENGTH + 1];

    switch (cell->kind) {
    case CELL_NULL:
        return buffer_append_text(out, "null");
    case CELL_INTEGER:
        if (node->kind == SCHEMA_BOOLEAN)
            return buffer_append_text(out, cell->as.integer ? "true" : "false");
        return append_integer(out, node, cell->as.integer);
    case CELL_REAL:
        return append_real(out, node, cell->as.real);
    case CELL_UUID:
        uuid_format(cell->as.uuid, uuid);
        return append_quoted(out, uuid, UUID_TEXT_LENGTH);
    case CELL_DECIMAL:
        return append_decimal(out, cell);
    case CELL_INTERVAL:
        return append_interval(out, cell->as.bytes);
    case CELL_BYTES:
        if (node->kind == SCHEMA_BYTES || node->kind == SCHEMA_FIXED)
            return append_base64(out, cell->as.bytes, cell->length);
        return render_string(out, cell->as.bytes, cell->length);
    default:
        assert(false && "not a scalar");
        return false;
    }
}
