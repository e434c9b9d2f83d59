#include "common/avro/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

static int is_schema_file(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 5 && strcmp(entry->d_name + length - 5, ".avsc") == 0;
}

/* Trees of the same canonical form have the same shape. */
static bool nodes_agree(const struct schema_node *one, const struct schema_node *other)
{
    if (one->logical != other->logical || one->precision != other->precision
        || one->scale != other->scale)
        return false;
    for (size_t i = 0; i < one->field_count; i++) {
        const json_t *initial = one->fields[i].initial;
        const json_t *other_initial = other->fields[i].initial;

        if ((initial == NULL) != (other_initial == NULL)
            || (initial && !json_equal(initial, other_initial))
            || !nodes_agree(one->fields[i].type, other->fields[i].type))
            return false;
    }
    for (size_t i = 0; i < one->branch_count; i++) {
        if (!nodes_agree(one->branches[i], other->branches[i]))
            return false;
    }
    return !one->items || nodes_agree(one->items, other->items);
}

bool schema_means_the_same(const struct schema *one, const struct schema *other)
{
    return strcmp(one->canonical, other->canonical) == 0 && nodes_agree(one->root, other->root);
}

static bool check_twins(const char *path, const struct schema_folder *folder, struct error *err)
{
    for (size_t i = 0; i < folder->count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct schema *one = folder->schemas[i];
            const struct schema *other = folder->schemas[j];

            assert(one && other);
            if (memcmp(one->fingerprint, other->fingerprint, FINGERPRINT_BYTES) == 0
                && !schema_means_the_same(one, other))
                return error_set(err, ERROR_CONFIGURATION,
                                 "\"%s\" and \"%s\" in \"%s\" have one fingerprint but different "
                                 "logical types or defaults: nobody can tell which one a message "
                                 "was written with; remove one",
                                 folder->names[j], folder->names[i], path);
        }
    }
    return true;
}

static bool add_file(const char *path, const char *name, struct schema_folder *folder,
                     struct error *err)
{
    char file[4096];

    if (snprintf(file, sizeof(file), "%s/%s", path, name) >= (int)sizeof(file))
        return error_set(err, ERROR_CONFIGURATION, "the path of \"%s\" is too long", name);
    struct schema *schema = schema_load(file, err);
    if (!schema)
        return false;
    folder->schemas[folder->count] = schema;
    folder->names[folder->count] = memory_copy_text(name);
    folder->count++;
    return true;
}

bool schema_folder_load(const char *path, struct schema_folder *out, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_schema_file, alphasort);
    bool ok = false;

    *out = (struct schema_folder){0};
    if (count < 0) {
        memory_check_errno();
        return error_set(err, ERROR_CONFIGURATION,
                         "could not read the schema folder \"%s\": %s; mend --schemas", path,
                         strerror(errno));
    }
    if (count == 0) {
        error_set(err, ERROR_CONFIGURATION, "no *.avsc in the schema folder \"%s\": mend --schemas",
                  path);
        goto done;
    }
    out->schemas = memory_new((size_t)count, sizeof(struct schema *));
    out->names = memory_new((size_t)count, sizeof(char *));
    for (int i = 0; i < count; i++) {
        if (!add_file(path, entries[i]->d_name, out, err))
            goto done;
    }
    ok = check_twins(path, out, err);
done:
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return ok;
}

void schema_folder_clear(struct schema_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        schema_free(folder->schemas[i]);
        free(folder->names[i]);
    }
    free(folder->schemas);
    free(folder->names);
    *folder = (struct schema_folder){0};
}
