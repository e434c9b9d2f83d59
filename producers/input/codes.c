#include "producers/input/codes.h"

#include <string.h>

#include "common/base/buffer.h"
#include "producers/input/fault.h"
#include "producers/input/target.h"

enum { NAMES_BYTES_MAX = 64 * 1024 };

struct walk {
    const char *wanted; /* NULL for every field. */
    FILE *out;
    struct field_path path;
    struct buffer names; /* Of all fields with symbols, for the complaint. */
    bool is_found;
};

static void print_symbols(struct walk *walk, const struct schema_node *type)
{
    const char *field = walk->path.text;
    enum action action;

    if (!buffer_append_format(&walk->names, "%s%s", walk->names.length ? ", " : "", field)
        || (walk->wanted && strcmp(walk->wanted, field) != 0))
        return;
    walk->is_found = true;
    for (size_t i = 0; i < type->symbol_count; i++) {
        if (strcmp(field, "action") == 0 && !action_read(type->symbols[i], &action))
            continue;
        if (walk->wanted)
            fprintf(walk->out, "%s\n", type->symbols[i]);
        else
            fprintf(walk->out, "%s %s\n", field, type->symbols[i]);
    }
}

/* A list's or a map's symbols go by the field's own name. */
static void walk_type(struct walk *walk, const struct schema_node *type)
{
    if (type->kind == SCHEMA_ENUM)
        print_symbols(walk, type);
    if (type->items)
        walk_type(walk, type->items);
    for (size_t i = 0; i < type->branch_count; i++)
        walk_type(walk, type->branches[i]);
    for (size_t i = 0; i < type->field_count; i++) {
        size_t before = field_path_enter(&walk->path, type->fields[i].name);

        walk_type(walk, type->fields[i].type);
        field_path_leave(&walk->path, before);
    }
}

bool codes_print(const struct schema *schema, const char *field, FILE *out, struct error *err)
{
    struct walk walk = {.wanted = field, .out = out};

    buffer_init(&walk.names, NAMES_BYTES_MAX);
    walk_type(&walk, schema->root);
    if (!walk.is_found)
        error_set(err, ERROR_USAGE, "no field \"%s\" takes symbols; these do: %.*s", field,
                  (int)walk.names.length, (const char *)walk.names.data);
    buffer_free(&walk.names);
    return walk.is_found;
}
