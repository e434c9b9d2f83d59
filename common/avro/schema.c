#include "common/avro/schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/fingerprint.h"
#include "common/avro/schema_parse.h"
#include "common/base/buffer.h"
#include "common/base/memory.h"

static bool set_canonical_form(struct schema *schema, struct error *err)
{
    struct buffer canonical;

    buffer_init(&canonical, SCHEMA_BYTES_MAX);
    if (!fingerprint_canonical_form(schema->root, &canonical) || !buffer_text(&canonical)) {
        buffer_free(&canonical);
        return error_set(err, ERROR_CONFIGURATION, "the canonical form of the schema is too long");
    }
    schema->canonical = (char *)canonical.data;
    fingerprint_crc64(canonical.data, canonical.length, schema->fingerprint);
    return true;
}

struct schema *schema_parse(const char *text, size_t length, struct error *err)
{
    json_error_t json_error;
    struct schema *schema;

    if (length > SCHEMA_BYTES_MAX) {
        error_set(err, ERROR_CONFIGURATION, "a schema has at most %d bytes", SCHEMA_BYTES_MAX);
        return NULL;
    }
    schema = memory_new(1, sizeof(*schema));
    schema->text = memory_copy_part(text, length);
    schema->text_length = length;
    hash_sha256(text, length, schema->sha256);

    schema->json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &json_error);
    if (!schema->json) {
        error_set(err, ERROR_CONFIGURATION, "line %d: not JSON: %s", json_error.line,
                  json_error.text);
        goto failed;
    }
    if (!schema_parse_tree(schema, err) || !set_canonical_form(schema, err))
        goto failed;
    return schema;

failed:
    schema_free(schema);
    return NULL;
}

struct schema *schema_load(const char *path, struct error *err)
{
    struct schema *schema = NULL;
    char *text = NULL;
    FILE *file = fopen(path, "r");

    if (!file) {
        error_set(err, ERROR_CONFIGURATION, "could not open schema \"%s\": %s; mend --schemas",
                  path, strerror(errno));
        return NULL;
    }
    text = memory_new(SCHEMA_BYTES_MAX + 1, 1);
    size_t length = fread(text, 1, SCHEMA_BYTES_MAX + 1, file);
    if (ferror(file)) {
        error_set(err, ERROR_CONFIGURATION, "could not read schema \"%s\": %s", path,
                  strerror(errno));
        goto done;
    }
    schema = schema_parse(text, length, err);
    if (!schema)
        error_context(err, "schema \"%s\"", path);
done:
    free(text);
    fclose(file);
    return schema;
}

static void free_field(struct schema_field *field)
{
    free(field->name);
    if (field->rule.has_pattern)
        regfree(&field->rule.pattern);
    free(field->rule.pattern_means);
}

static void free_node(struct schema_node *node)
{
    for (size_t i = 0; i < node->field_count; i++)
        free_field(&node->fields[i]);
    for (size_t i = 0; i < node->symbol_count; i++)
        free(node->symbols[i]);
    free(node->fields);
    free(node->symbols);
    free(node->branches);
    free(node->name);
    free(node);
}

void schema_free(struct schema *schema)
{
    if (!schema)
        return;
    for (size_t i = 0; i < schema->node_count; i++)
        free_node(schema->nodes[i]);
    free(schema->nodes);
    json_decref(schema->json);
    free(schema->canonical);
    free(schema->text);
    free(schema);
}

const struct schema_field *schema_field(const struct schema_node *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    }
    return NULL;
}

const struct schema_node *schema_nullable(const struct schema_node *node, size_t *null_branch)
{
    if (node->kind != SCHEMA_UNION || node->branch_count != 2)
        return NULL;
    for (size_t i = 0; i < 2; i++) {
        if (node->branches[i]->kind == SCHEMA_NULL && node->branches[1 - i]->kind != SCHEMA_NULL) {
            *null_branch = i;
            return node->branches[1 - i];
        }
    }
    return NULL;
}
