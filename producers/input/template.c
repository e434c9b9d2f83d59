#include "producers/input/template.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

/* Of the envelope: made by the producer, implied by occurred_at, or a correction's only. */
static bool is_left_out(const char *field)
{
    static const char *const names[] = {"event_id", "occurred_precision", "supersedes_event_id",
                                        "reason"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(field, names[i]) == 0)
            return true;
    }
    return false;
}

/* What stands behind "Example: ", or the first of "Examples: one, two". NULL without one. */
static char *example_text(const struct schema_field *field)
{
    static const char single[] = "Example: ";
    static const char several[] = "Examples: ";
    const char *doc = field->doc ? field->doc : "";
    const char *at = strstr(doc, single);
    const char *list = strstr(doc, several);

    if (!at && !list)
        return NULL;
    char *text =
        at ? memory_copy_text(at + strlen(single))
           : memory_copy_part(list + strlen(several), strcspn(list + strlen(several), ","));
    /* "0714 (electronics and automation)": the code, and what it means. */
    char *remark = strstr(text, " (");
    if (remark && !schema_rule_matches(&field->rule, text))
        *remark = '\0';
    return text;
}

/* Numbers and nested values are JSON; dates, amounts and symbols are texts. */
static json_t *parse_example(const struct schema_node *type, const char *text)
{
    bool is_json = type->logical == LOGICAL_NONE && type->kind != SCHEMA_STRING
                   && type->kind != SCHEMA_ENUM && type->kind != SCHEMA_BYTES;

    return is_json ? json_loads(text, JSON_DECODE_ANY, NULL) : json_string(text);
}

static json_t *fill_record(const struct schema_node *record, bool is_envelope);

/* NULL where there is nothing to show. */
static json_t *fill_field(const struct schema_field *field)
{
    size_t null_branch;
    const struct schema_node *value = schema_nullable(field->type, &null_branch);
    const struct schema_node *type = value ? value : field->type;
    char *text = example_text(field);
    json_t *json = text ? parse_example(type, text) : NULL;

    /* A record's example may be one in words. */
    if (!json && type->kind == SCHEMA_RECORD)
        json = fill_record(type, false);
    else if (!json && type->kind == SCHEMA_ARRAY && type->items->kind == SCHEMA_RECORD)
        json = json_pack("[o]", fill_record(type->items, false));
    free(text);
    return json;
}

static json_t *fill_record(const struct schema_node *record, bool is_envelope)
{
    json_t *json = json_object();

    for (size_t i = 0; i < record->field_count; i++) {
        const struct schema_field *field = &record->fields[i];
        json_t *value = is_envelope && is_left_out(field->name) ? NULL : fill_field(field);

        if (value)
            json_object_set_new(json, field->name, value);
    }
    return json;
}

json_t *template_new(const struct schema *schema)
{
    return fill_record(schema->root, true);
}
