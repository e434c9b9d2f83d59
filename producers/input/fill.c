#include "producers/input/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "producers/input/civil_time.h"
#include "producers/input/fill_scalar.h"

static const struct schema_rule no_rule;

static bool refuse(struct filler *filler, const json_t *json, const char *expected)
{
    if (json_is_null(json))
        return fault_set(filler->fault, &filler->path, "null is not allowed here, only %s",
                         expected);
    return fault_set(filler->fault, &filler->path, "is %s and must be %s", fill_type_name(json),
                     expected);
}

static bool fill_array(struct filler *filler, const struct schema_node *node,
                       const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    if (!json_is_array(json))
        return refuse(filler, json, "a list");
    for (size_t i = 0; i < json_array_size(json); i++) {
        avro_value_t item;
        size_t before = field_path_enter_item(&filler->path, i);

        if (avro_value_append(out, &item, NULL) != 0)
            return fill_refused(filler);
        if (!fill_value(filler, node->items, rule, json_array_get(json, i), &item))
            return false;
        field_path_leave(&filler->path, before);
    }
    return true;
}

static int compare_keys(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The keys in the order of their bytes, so that the same map is always the same bytes. */
static const char **sorted_keys(const json_t *json)
{
    const char **keys = memory_new(json_object_size(json) + 1, sizeof(*keys));
    size_t count = 0;

    for (void *at = json_object_iter((json_t *)json); at;
         at = json_object_iter_next((json_t *)json, at))
        keys[count++] = json_object_iter_key(at);
    qsort(keys, count, sizeof(*keys), compare_keys);
    return keys;
}

static bool fill_map(struct filler *filler, const struct schema_node *node,
                     const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    bool ok = true;

    if (!json_is_object(json))
        return refuse(filler, json, "an object");
    const char **keys = sorted_keys(json);
    for (size_t i = 0; ok && keys[i]; i++) {
        avro_value_t value;
        size_t before = field_path_enter(&filler->path, keys[i]);

        ok = avro_value_add(out, keys[i], &value, NULL, NULL) == 0
                 ? fill_value(filler, node->items, rule, json_object_get(json, keys[i]), &value)
                 : fill_refused(filler);
        if (ok)
            field_path_leave(&filler->path, before);
    }
    free(keys);
    return ok;
}

static bool fill_union(struct filler *filler, const struct schema_node *node,
                       const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    size_t null_branch;
    const struct schema_node *value = schema_nullable(node, &null_branch);
    avro_value_t branch;

    if (!value)
        return fault_set(filler->fault, &filler->path, "a union of types cannot be given as JSON");
    size_t index = json_is_null(json) ? null_branch : 1 - null_branch;
    if (avro_value_set_branch(out, (int)index, &branch) != 0)
        return fill_refused(filler);
    if (json_is_null(json))
        return avro_value_set_null(&branch) == 0 || fill_refused(filler);
    return fill_value(filler, value, rule, json, &branch);
}

bool fill_value(struct filler *filler, const struct schema_node *node,
                const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    switch (node->kind) {
    case SCHEMA_RECORD:
        return fill_record(filler, node, json, out);
    case SCHEMA_ARRAY:
        return fill_array(filler, node, rule, json, out);
    case SCHEMA_MAP:
        return fill_map(filler, node, rule, json, out);
    case SCHEMA_UNION:
        return fill_union(filler, node, rule, json, out);
    default:
        return fill_scalar(filler, node, rule ? rule : &no_rule, json, out);
    }
}

static bool check_known_fields(struct filler *filler, const struct schema_node *record,
                               const json_t *json)
{
    for (void *at = json_object_iter((json_t *)json); at;
         at = json_object_iter_next((json_t *)json, at)) {
        const char *name = json_object_iter_key(at);

        if (!schema_field(record, name)) {
            field_path_enter(&filler->path, name);
            return fault_set(filler->fault, &filler->path, "there is no such field");
        }
    }
    return true;
}

/*
 * `text` is a date or an instant that was given as a period: the precision to set beside
 * it. NULL for one given in full; a whole day says something only of an instant.
 */
static const char *implied_precision(const struct schema_node *type, const char *text)
{
    size_t null_branch;
    const struct schema_node *value = schema_nullable(type, &null_branch);
    enum schema_logical logical = (value ? value : type)->logical;
    enum period period;
    int64_t days;

    if (!text || (logical != LOGICAL_DATE && logical != LOGICAL_TIMESTAMP_MICROS)
        || civil_period_read(text, &days, &period))
        return NULL;
    if (logical == LOGICAL_DATE && period == PERIOD_DAY)
        return NULL;
    return period_symbol(period);
}

/* Is `name` the precision of field `of`: occurred_precision of occurred_at, x_ of x_date? */
static bool is_precision_of(const char *name, const char *of)
{
    const char *suffix = strrchr(of, '_');
    size_t stem = suffix ? (size_t)(suffix - of) : 0;

    return stem && strncmp(name, of, stem) == 0 && strcmp(name + stem, "_precision") == 0
           && (strcmp(suffix, "_at") == 0 || strcmp(suffix, "_date") == 0);
}

/* What a precision field gets from the field it goes with; NULL for nothing. */
static const char *precision_from_sibling(const struct schema_node *record, const char *name,
                                          const json_t *json)
{
    static const char ending[] = "_precision";
    size_t length = strlen(name);

    /* Asked of every field of every line. */
    if (length < sizeof(ending) || strcmp(name + length - (sizeof(ending) - 1), ending) != 0)
        return NULL;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct schema_field *field = &record->fields[i];

        if (is_precision_of(name, field->name))
            return implied_precision(field->type,
                                     json_string_value(json_object_get(json, field->name)));
    }
    return NULL;
}

static bool fill_precision(struct filler *filler, const struct schema_field *field,
                           const char *implied, const json_t *given, avro_value_t *out)
{
    const char *text = json_string_value(given);

    if (text && strcmp(text, implied) != 0)
        return fault_set(filler->fault, &filler->path,
                         "\"%.40s\" contradicts the period that is given, which is a %s", text,
                         implied);
    if (given && !text)
        return refuse(filler, given, "a symbol");
    json_t *symbol = json_string(implied);
    bool ok = fill_value(filler, field->type, &field->rule, symbol, out);
    json_decref(symbol);
    return ok;
}

static bool fill_field(struct filler *filler, const struct schema_node *record,
                       const struct schema_field *field, const json_t *json, avro_value_t *out)
{
    const json_t *given = json_object_get(json, field->name);
    const char *implied = precision_from_sibling(record, field->name, json);
    bool is_top = strchr(filler->path.text, '.') == NULL && strchr(filler->path.text, '[') == NULL;

    if (filler->has_times && is_top && strcmp(field->name, "occurred_at") == 0)
        return avro_value_set_long(out, filler->occurred_us) == 0 || fill_refused(filler);
    if (filler->has_times && is_top && strcmp(field->name, "recorded_at") == 0)
        return avro_value_set_long(out, filler->recorded_us) == 0 || fill_refused(filler);
    if (implied)
        return fill_precision(filler, field, implied, given, out);
    if (!given)
        given = field->initial;
    if (!given)
        return fault_set(filler->fault, &filler->path, "is missing");
    return fill_value(filler, field->type, &field->rule, given, out);
}

/* The one rule on two fields of a record: a subdivision lies in the country beside it. */
static bool check_subdivision(struct filler *filler, const json_t *json)
{
    const char *country = json_string_value(json_object_get(json, "country"));
    const char *subdivision = json_string_value(json_object_get(json, "subdivision"));

    if (!country || !subdivision || strncmp(country, subdivision, strlen(country)) == 0)
        return true;
    field_path_enter(&filler->path, "subdivision");
    return fault_set(filler->fault, &filler->path, "\"%.20s\" is not a subdivision of \"%.20s\"",
                     subdivision, country);
}

bool fill_record(struct filler *filler, const struct schema_node *record, const json_t *json,
                 avro_value_t *out)
{
    if (!json_is_object(json))
        return refuse(filler, json, "an object");
    if (!check_known_fields(filler, record, json))
        return false;
    for (size_t i = 0; i < record->field_count; i++) {
        avro_value_t value;
        size_t before = field_path_enter(&filler->path, record->fields[i].name);

        if (avro_value_get_by_index(out, i, &value, NULL) != 0)
            return fill_refused(filler);
        if (!fill_field(filler, record, &record->fields[i], json, &value))
            return false;
        field_path_leave(&filler->path, before);
    }
    return check_subdivision(filler, json);
}
