#include "common/avro/schema_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

struct parser {
    struct schema *schema;
    bool is_complete[SCHEMA_NODES_MAX]; /* False while a named type is inside itself. */
    struct error *err;
};

static struct schema_node *parse_node(struct parser *parser, const json_t *json,
                                      const char *namespace, int depth);

static bool fail(struct parser *parser, const char *what, const char *name)
{
    return error_set(parser->err, ERROR_CONFIGURATION, "%s: \"%.200s\"", what, name ? name : "");
}

static struct schema_node *add_node(struct parser *parser, enum schema_kind kind)
{
    struct schema *schema = parser->schema;

    if (schema->node_count == SCHEMA_NODES_MAX) {
        error_set(parser->err, ERROR_CONFIGURATION, "a schema has at most %d types",
                  SCHEMA_NODES_MAX);
        return NULL;
    }
    if (!schema->nodes)
        schema->nodes = memory_new(SCHEMA_NODES_MAX, sizeof(struct schema_node *));
    struct schema_node *node = memory_new(1, sizeof(*node));
    node->kind = kind;
    schema->nodes[schema->node_count++] = node;
    return node;
}

/* Letters, digits and _, not a digit first; with dots between parts where `is_full`. */
static bool is_name(const char *name, bool is_full)
{
    bool at_start = true;

    for (const char *c = name; *c; c++) {
        bool is_letter = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || *c == '_';
        bool is_digit = *c >= '0' && *c <= '9';

        if (*c == '.' && is_full && !at_start) {
            at_start = true;
            continue;
        }
        if (!is_letter && (!is_digit || at_start))
            return false;
        at_start = false;
    }
    return !at_start;
}

static const char *text_member(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

static char *full_name(const char *name, const char *namespace)
{
    bool is_alone = strchr(name, '.') || !namespace || !namespace[0];
    size_t size = strlen(name) + (is_alone ? 0 : strlen(namespace)) + 2;
    char *full = memory_new(size, 1);

    if (is_alone)
        snprintf(full, size, "%s", name);
    else
        snprintf(full, size, "%s.%s", namespace, name);
    return full;
}

static struct schema_node *find_named(struct parser *parser, const char *name,
                                      const char *namespace)
{
    struct schema *schema = parser->schema;
    struct schema_node *found = NULL;
    char *full = full_name(name, namespace);

    for (size_t i = 0; i < schema->node_count && !found; i++) {
        struct schema_node *node = schema->nodes[i];

        if (!node->name || strcmp(node->name, full) != 0)
            continue;
        if (!parser->is_complete[i]) {
            fail(parser, "recursive type", full);
            break;
        }
        found = node;
    }
    free(full);
    return found;
}

static bool primitive_kind(const char *name, enum schema_kind *out)
{
    static const char *const names[] = {"null",  "boolean", "int",   "long",
                                        "float", "double",  "bytes", "string"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum schema_kind)i;
            return true;
        }
    }
    return false;
}

static struct schema_node *parse_name(struct parser *parser, const char *name,
                                      const char *namespace)
{
    enum schema_kind kind;

    if (primitive_kind(name, &kind))
        return add_node(parser, kind);
    parser->err->kind = ERROR_NONE;
    struct schema_node *node = find_named(parser, name, namespace);
    if (!node && parser->err->kind == ERROR_NONE)
        fail(parser, "unknown type", name);
    return node;
}

static struct schema_node *parse_union(struct parser *parser, const json_t *json,
                                       const char *namespace, int depth)
{
    size_t count = json_array_size(json);
    struct schema_node *node = add_node(parser, SCHEMA_UNION);

    if (!node)
        return NULL;
    node->branches = memory_new(count, sizeof(struct schema_node *));
    for (size_t i = 0; i < count; i++) {
        struct schema_node *branch = parse_node(parser, json_array_get(json, i), namespace, depth);

        if (!branch)
            return NULL;
        if (branch->kind == SCHEMA_UNION) {
            fail(parser, "union directly inside a union", "");
            return NULL;
        }
        for (size_t j = 0; j < i; j++) {
            struct schema_node *other = node->branches[j];

            if (other->kind == branch->kind && (!branch->name || other == branch)) {
                fail(parser, "one type twice in a union", branch->name);
                return NULL;
            }
        }
        node->branches[node->branch_count++] = branch;
    }
    if (count == 0) {
        fail(parser, "union without a branch", "");
        return NULL;
    }
    return node;
}

static bool parse_field(struct parser *parser, const json_t *json, const char *namespace, int depth,
                        struct schema_node *record)
{
    struct schema_field *field = &record->fields[record->field_count];
    const char *name = text_member(json, "name");

    if (!name || !is_name(name, false))
        return fail(parser, "field without a valid name in record", record->name);
    if (schema_field(record, name))
        return fail(parser, "field given twice", name);
    *field = (struct schema_field){.name = memory_copy_text(name),
                                   .initial = json_object_get(json, "default"),
                                   .doc = text_member(json, "doc")};
    record->field_count++;
    if (!schema_parse_rule(json, &field->rule, parser->err))
        return error_context(parser->err, "field \"%s\"", name);
    field->type = parse_node(parser, json_object_get(json, "type"), namespace, depth);
    return field->type || error_context(parser->err, "field \"%s\"", name);
}

static bool parse_record(struct parser *parser, const json_t *json, const char *namespace,
                         int depth, struct schema_node *node)
{
    const json_t *fields = json_object_get(json, "fields");

    if (!json_is_array(fields))
        return fail(parser, "record without fields", node->name);
    node->fields = memory_new(json_array_size(fields), sizeof(*node->fields));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        if (!parse_field(parser, json_array_get(fields, i), namespace, depth, node))
            return false;
    }
    return true;
}

static bool parse_enum(struct parser *parser, const json_t *json, struct schema_node *node)
{
    const json_t *symbols = json_object_get(json, "symbols");

    if (!json_is_array(symbols) || json_array_size(symbols) == 0)
        return fail(parser, "enum without symbols", node->name);
    node->symbols = memory_new(json_array_size(symbols), sizeof(char *));
    for (size_t i = 0; i < json_array_size(symbols); i++) {
        const char *symbol = json_string_value(json_array_get(symbols, i));

        if (!symbol || !is_name(symbol, false))
            return fail(parser, "symbol that is not a name in enum", node->name);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(node->symbols[j], symbol) == 0)
                return fail(parser, "symbol given twice", symbol);
        }
        node->symbols[i] = memory_copy_text(symbol);
        node->symbol_count++;
    }
    return true;
}

static bool parse_fixed(struct parser *parser, const json_t *json, struct schema_node *node)
{
    const json_t *size = json_object_get(json, "size");

    if (!json_is_integer(size) || json_integer_value(size) < 0
        || json_integer_value(size) > SCHEMA_FIXED_MAX)
        return fail(parser, "fixed without a valid size", node->name);
    node->fixed_bytes = (size_t)json_integer_value(size);
    return true;
}

static struct schema_node *parse_named(struct parser *parser, const json_t *json,
                                       enum schema_kind kind, const char *outer_namespace,
                                       int depth)
{
    const char *name = text_member(json, "name");
    const char *own_namespace = text_member(json, "namespace");
    const char *namespace = own_namespace ? own_namespace : outer_namespace;
    enum schema_kind primitive;
    struct schema_node *node = add_node(parser, kind);

    if (!node)
        return NULL;
    size_t index = parser->schema->node_count - 1;
    if (!name || !is_name(name, true) || primitive_kind(name, &primitive)
        || (namespace && namespace[0] && !is_name(namespace, true))) {
        fail(parser, "type without a valid name", name);
        return NULL;
    }
    parser->err->kind = ERROR_NONE;
    if (find_named(parser, name, namespace) || parser->err->kind != ERROR_NONE) {
        fail(parser, "type defined twice", name);
        return NULL;
    }
    node->name = full_name(name, namespace);

    char inner[512];
    const char *dot = strrchr(node->name, '.');
    snprintf(inner, sizeof(inner), "%.*s", dot ? (int)(dot - node->name) : 0, node->name);
    bool ok = kind == SCHEMA_RECORD ? parse_record(parser, json, inner, depth, node)
              : kind == SCHEMA_ENUM ? parse_enum(parser, json, node)
                                    : parse_fixed(parser, json, node);
    parser->is_complete[index] = true;
    return ok ? node : NULL;
}

/* An array of items that take no bytes: five bytes could announce a hundred million of them. */
static bool takes_no_bytes(const struct schema_node *node)
{
    if (node->kind == SCHEMA_RECORD) {
        for (size_t i = 0; i < node->field_count; i++) {
            if (!takes_no_bytes(node->fields[i].type))
                return false;
        }
        return true;
    }
    return node->kind == SCHEMA_NULL || (node->kind == SCHEMA_FIXED && node->fixed_bytes == 0);
}

static struct schema_node *parse_container(struct parser *parser, const json_t *json,
                                           enum schema_kind kind, const char *namespace, int depth)
{
    const json_t *items = json_object_get(json, kind == SCHEMA_ARRAY ? "items" : "values");
    struct schema_node *node = add_node(parser, kind);

    if (!node)
        return NULL;
    node->items = parse_node(parser, items, namespace, depth);
    if (!node->items)
        return NULL;
    if (kind == SCHEMA_ARRAY && takes_no_bytes(node->items)) {
        fail(parser, "array of items without content", "");
        return NULL;
    }
    return node;
}

static struct schema_node *parse_object(struct parser *parser, const json_t *json,
                                        const char *namespace, int depth)
{
    static const struct {
        const char *type;
        enum schema_kind kind;
    } named[] = {{"record", SCHEMA_RECORD}, {"enum", SCHEMA_ENUM}, {"fixed", SCHEMA_FIXED}};
    const json_t *type = json_object_get(json, "type");
    const char *word = json_string_value(type);
    struct schema_node *node = NULL;

    for (size_t i = 0; word && i < ARRAY_LENGTH(named); i++) {
        if (strcmp(word, named[i].type) == 0) {
            node = parse_named(parser, json, named[i].kind, namespace, depth);
            goto done;
        }
    }
    if (word && strcmp(word, "array") == 0)
        return parse_container(parser, json, SCHEMA_ARRAY, namespace, depth);
    if (word && strcmp(word, "map") == 0)
        return parse_container(parser, json, SCHEMA_MAP, namespace, depth);
    node = parse_node(parser, type, namespace, depth);
    /* A name that was used before must not take this place's logical type. */
    if (node && node->name)
        return node;
done:
    if (node)
        schema_parse_logical(json, node);
    return node;
}

static struct schema_node *parse_node(struct parser *parser, const json_t *json,
                                      const char *namespace, int depth)
{
    if (depth > SCHEMA_DEPTH_MAX) {
        error_set(parser->err, ERROR_CONFIGURATION, "types nested more than %d deep",
                  SCHEMA_DEPTH_MAX);
        return NULL;
    }
    if (json_is_string(json))
        return parse_name(parser, json_string_value(json), namespace);
    if (json_is_array(json))
        return parse_union(parser, json, namespace, depth + 1);
    if (json_is_object(json))
        return parse_object(parser, json, namespace, depth + 1);
    fail(parser, "type missing, or not a name, a list or an object", "");
    return NULL;
}

bool schema_parse_tree(struct schema *schema, struct error *err)
{
    struct parser parser = {.schema = schema, .err = err};

    schema->root = parse_node(&parser, schema->json, NULL, 0);
    return schema->root != NULL;
}
