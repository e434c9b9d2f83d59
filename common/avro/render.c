#include "common/avro/render.h"

#include "common/avro/cell.h"
#include "common/avro/render_scalar.h"
#include "common/avro/scalar.h"

static bool append(struct buffer *out, const char *text)
{
    return !out || buffer_append_text(out, text);
}

static bool append_name(struct buffer *out, const char *name)
{
    return !out
           || (render_string(out, (const uint8_t *)name, strlen(name))
               && buffer_append_text(out, ": "));
}

static bool render_record(struct reader *reader, const struct schema_node *node, struct buffer *out)
{
    if (!append(out, "{"))
        return false;
    for (size_t i = 0; i < node->field_count; i++) {
        if ((i && !append(out, ", ")) || !append_name(out, node->fields[i].name)
            || !render_value(reader, node->fields[i].type, out))
            return false;
    }
    return append(out, "}");
}

static bool render_array(struct reader *reader, const struct schema_node *node, struct buffer *out)
{
    struct reader_blocks blocks = {0};
    bool is_first = true;

    if (!append(out, "["))
        return false;
    while (reader_next_item(reader, &blocks)) {
        if ((!is_first && !append(out, ", ")) || !render_value(reader, node->items, out))
            return false;
        is_first = false;
    }
    return reader->reason == REASON_NONE && append(out, "]");
}

static bool render_map(struct reader *reader, const struct schema_node *node, struct buffer *out)
{
    struct reader_blocks blocks = {0};
    bool is_first = true;

    if (!append(out, "{"))
        return false;
    while (reader_next_item(reader, &blocks)) {
        const uint8_t *key;
        size_t length;

        if (!reader_string(reader, &key, &length) || (!is_first && !append(out, ", "))
            || (out && (!render_string(out, key, length) || !buffer_append_text(out, ": ")))
            || !render_value(reader, node->items, out))
            return false;
        is_first = false;
    }
    return reader->reason == REASON_NONE && append(out, "}");
}

const char *render_branch_name(const struct schema_node *node)
{
    static const char *const names[] = {
        [SCHEMA_NULL] = "null",   [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_INT] = "int",
        [SCHEMA_LONG] = "long",   [SCHEMA_FLOAT] = "float",     [SCHEMA_DOUBLE] = "double",
        [SCHEMA_BYTES] = "bytes", [SCHEMA_STRING] = "string",   [SCHEMA_ARRAY] = "array",
        [SCHEMA_MAP] = "map",
    };

    return node->name ? node->name : names[node->kind];
}

static bool render_union(struct reader *reader, const struct schema_node *node, struct buffer *out)
{
    size_t null_branch;
    size_t index;

    if (!reader_index(reader, node->branch_count, REASON_UNION_OUT_OF_RANGE, &index))
        return false;
    const struct schema_node *branch = node->branches[index];
    if (branch->kind == SCHEMA_NULL)
        return append(out, "null");
    if (schema_nullable(node, &null_branch) || node->branch_count == 1)
        return render_value(reader, branch, out);
    return append(out, "{") && append_name(out, render_branch_name(branch))
           && render_value(reader, branch, out) && append(out, "}");
}

bool render_value(struct reader *reader, const struct schema_node *node, struct buffer *out)
{
    struct cell cell;

    switch (node->kind) {
    case SCHEMA_RECORD:
        return render_record(reader, node, out);
    case SCHEMA_ARRAY:
        return render_array(reader, node, out);
    case SCHEMA_MAP:
        return render_map(reader, node, out);
    case SCHEMA_UNION:
        return render_union(reader, node, out);
    default:
        return scalar_read(reader, node, &cell) && (!out || render_scalar(out, node, &cell));
    }
}
