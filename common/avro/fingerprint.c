#include "common/avro/fingerprint.h"

#include <string.h>

static const char *const primitive_names[] = {
    [SCHEMA_NULL] = "null",   [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_INT] = "int",
    [SCHEMA_LONG] = "long",   [SCHEMA_FLOAT] = "float",     [SCHEMA_DOUBLE] = "double",
    [SCHEMA_BYTES] = "bytes", [SCHEMA_STRING] = "string",
};

/* The named types already spelled out; a schema has at most a few dozen nodes. */
struct writer {
    struct buffer *out;
    const struct schema_node *seen[SCHEMA_NODES_MAX];
    size_t seen_count;
};

static bool is_seen(const struct writer *writer, const struct schema_node *node)
{
    for (size_t i = 0; i < writer->seen_count; i++) {
        if (writer->seen[i] == node)
            return true;
    }
    return false;
}

static bool write_node(struct writer *writer, const struct schema_node *node);

static bool write_fields(struct writer *writer, const struct schema_node *record)
{
    if (!buffer_append_text(writer->out, ",\"fields\":["))
        return false;
    for (size_t i = 0; i < record->field_count; i++) {
        if (!buffer_append_format(writer->out, "%s{\"name\":\"%s\",\"type\":", i ? "," : "",
                                  record->fields[i].name)
            || !write_node(writer, record->fields[i].type) || !buffer_append_byte(writer->out, '}'))
            return false;
    }
    return buffer_append_byte(writer->out, ']');
}

static bool write_symbols(struct writer *writer, const struct schema_node *node)
{
    if (!buffer_append_text(writer->out, ",\"symbols\":["))
        return false;
    for (size_t i = 0; i < node->symbol_count; i++) {
        if (!buffer_append_format(writer->out, "%s\"%s\"", i ? "," : "", node->symbols[i]))
            return false;
    }
    return buffer_append_byte(writer->out, ']');
}

static bool write_named(struct writer *writer, const struct schema_node *node, const char *type)
{
    if (is_seen(writer, node))
        return buffer_append_format(writer->out, "\"%s\"", node->name);
    writer->seen[writer->seen_count++] = node;
    if (!buffer_append_format(writer->out, "{\"name\":\"%s\",\"type\":\"%s\"", node->name, type))
        return false;

    bool ok = true;
    if (node->kind == SCHEMA_RECORD)
        ok = write_fields(writer, node);
    else if (node->kind == SCHEMA_ENUM)
        ok = write_symbols(writer, node);
    else
        ok = buffer_append_format(writer->out, ",\"size\":%zu", node->fixed_bytes);
    return ok && buffer_append_byte(writer->out, '}');
}

static bool write_union(struct writer *writer, const struct schema_node *node)
{
    if (!buffer_append_byte(writer->out, '['))
        return false;
    for (size_t i = 0; i < node->branch_count; i++) {
        if ((i && !buffer_append_byte(writer->out, ',')) || !write_node(writer, node->branches[i]))
            return false;
    }
    return buffer_append_byte(writer->out, ']');
}

static bool write_node(struct writer *writer, const struct schema_node *node)
{
    switch (node->kind) {
    case SCHEMA_RECORD:
        return write_named(writer, node, "record");
    case SCHEMA_ENUM:
        return write_named(writer, node, "enum");
    case SCHEMA_FIXED:
        return write_named(writer, node, "fixed");
    case SCHEMA_UNION:
        return write_union(writer, node);
    case SCHEMA_ARRAY:
        return buffer_append_text(writer->out, "{\"type\":\"array\",\"items\":")
               && write_node(writer, node->items) && buffer_append_byte(writer->out, '}');
    case SCHEMA_MAP:
        return buffer_append_text(writer->out, "{\"type\":\"map\",\"values\":")
               && write_node(writer, node->items) && buffer_append_byte(writer->out, '}');
    default:
        return buffer_append_format(writer->out, "\"%s\"", primitive_names[node->kind]);
    }
}

bool fingerprint_canonical_form(const struct schema_node *root, struct buffer *out)
{
    struct writer writer = {.out = out};

    return write_node(&writer, root);
}

void fingerprint_crc64(const void *data, size_t length, uint8_t out[FINGERPRINT_BYTES])
{
    /* Avro 1.11 specification, "Schema Fingerprints": the polynomial, and the value of nothing. */
    const uint64_t empty = 0xc15d213aa4d7a795U;
    const unsigned char *bytes = data;
    uint64_t crc = empty;

    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (empty & (0 - (crc & 1)));
    }
    for (size_t i = 0; i < FINGERPRINT_BYTES; i++)
        out[i] = (uint8_t)(crc >> (8 * i));
}
