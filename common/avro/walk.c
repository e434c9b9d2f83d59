#include "common/avro/walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/avro/render.h"
#include "common/avro/render_scalar.h"
#include "common/base/text.h"

/* JSON text of one value: six bytes for one of the body's, which Kafka bounds. */
enum { JSON_MAX = 16 * 1024 * 1024 };

struct walker {
    struct reader reader;
    struct walk *walk;
    struct buffer json;
    walk_visit *visit;
    void *context;
};

static bool walk_value(struct walker *walker, const struct schema_node *node);

/* Goes a step down; the way back is the length that it had. It stays as it is on a fault. */
PRINTF_LIKE(2, 3)
static size_t step_down(struct walker *walker, const char *format, ...)
{
    char *path = walker->walk->path;
    size_t length = strlen(path);
    va_list arguments;

    va_start(arguments, format);
    int wanted = vsnprintf(path + length, WALK_PATH_BYTES - length, format, arguments);
    va_end(arguments);
    /* Cut, it is still text: the key of a map is in it as it came. */
    if (wanted >= (int)(WALK_PATH_BYTES - length)) {
        size_t end = WALK_PATH_BYTES - 1;

        while (end > length && text_check(path, end) != TEXT_OK)
            path[--end] = '\0';
    }
    return length;
}

static void step_up(struct walker *walker, size_t length)
{
    walker->walk->path[length] = '\0';
}

static bool tell(struct walker *walker, const char *json)
{
    return walker->visit(walker->context, walker->walk->path, json);
}

static bool walk_scalar(struct walker *walker, const struct schema_node *node)
{
    buffer_clear(&walker->json);
    if (!render_value(&walker->reader, node, &walker->json))
        return false;
    const char *json = buffer_text(&walker->json);
    return json && tell(walker, json);
}

static bool walk_record(struct walker *walker, const struct schema_node *node)
{
    for (size_t i = 0; i < node->field_count; i++) {
        size_t length =
            step_down(walker, "%s%s", walker->walk->path[0] ? "." : "", node->fields[i].name);

        if (!walk_value(walker, node->fields[i].type))
            return false;
        step_up(walker, length);
    }
    return true;
}

static bool walk_array(struct walker *walker, const struct schema_node *node)
{
    struct reader_blocks blocks = {0};
    size_t count = 0;

    for (; reader_next_item(&walker->reader, &blocks); count++) {
        size_t length = step_down(walker, "[%zu]", count);

        if (!walk_value(walker, node->items))
            return false;
        step_up(walker, length);
    }
    return walker->reader.reason == REASON_NONE && (count || tell(walker, "[]"));
}

/* The key as JSON text; it is foreign, and may be as long as the body. */
static const char *read_key(struct walker *walker)
{
    const uint8_t *key;
    size_t length;

    buffer_clear(&walker->json);
    if (!reader_string(&walker->reader, &key, &length)
        || !render_string(&walker->json, key, length))
        return NULL;
    return buffer_text(&walker->json);
}

static bool walk_map(struct walker *walker, const struct schema_node *node)
{
    struct reader_blocks blocks = {0};
    bool is_empty = true;

    while (reader_next_item(&walker->reader, &blocks)) {
        const char *key = read_key(walker);

        if (!key)
            return false;
        size_t length = step_down(walker, "[%s]", key);
        if (!walk_value(walker, node->items))
            return false;
        step_up(walker, length);
        is_empty = false;
    }
    return walker->reader.reason == REASON_NONE && (!is_empty || tell(walker, "{}"));
}

static bool walk_union(struct walker *walker, const struct schema_node *node)
{
    size_t null_branch;
    size_t index;

    if (!reader_index(&walker->reader, node->branch_count, REASON_UNION_OUT_OF_RANGE, &index))
        return false;
    const struct schema_node *branch = node->branches[index];
    if (schema_nullable(node, &null_branch) || node->branch_count == 1
        || branch->kind == SCHEMA_NULL)
        return walk_value(walker, branch);
    size_t length = step_down(walker, "{%s}", render_branch_name(branch));
    bool ok = walk_value(walker, branch);
    if (ok)
        step_up(walker, length);
    return ok;
}

static bool walk_value(struct walker *walker, const struct schema_node *node)
{
    switch (node->kind) {
    case SCHEMA_RECORD:
        return walk_record(walker, node);
    case SCHEMA_ARRAY:
        return walk_array(walker, node);
    case SCHEMA_MAP:
        return walk_map(walker, node);
    case SCHEMA_UNION:
        return walk_union(walker, node);
    default:
        return walk_scalar(walker, node);
    }
}

bool walk_body(const struct schema_node *root, const uint8_t *body, size_t length,
               walk_visit *visit, void *context, struct walk *out)
{
    struct walker walker = {
        .reader = {.start = body, .at = body, .end = body + length},
        .walk = out,
        .visit = visit,
        .context = context,
    };

    *out = (struct walk){.reason = REASON_NONE};
    buffer_init(&walker.json, JSON_MAX);
    bool ok = walk_value(&walker, root);
    if (ok && walker.reader.at != walker.reader.end)
        ok = reader_fail(&walker.reader, REASON_TRAILING_BYTES);
    out->reason = walker.reader.reason;
    out->offset = (size_t)(walker.reader.at - body);
    buffer_free(&walker.json);
    return ok;
}
