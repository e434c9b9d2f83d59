#include "admin/sql_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/memory.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024, PIECE_BYTES = 8192, PATH_BYTES = 4096 };

static bool read_file(const char *folder, const char *name, struct sql_file *out, struct error *err)
{
    char path[PATH_BYTES];
    struct buffer text;
    bool is_too_long = false;
    bool ok = false;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(err, ERROR_NO_INPUT, "could not open \"%s\": %s", path, strerror(errno));
    buffer_init(&text, FILE_BYTES_MAX + PIECE_BYTES);
    for (;;) {
        unsigned char *room = buffer_reserve(&text, PIECE_BYTES);
        size_t length = room ? fread(room, 1, PIECE_BYTES, file) : 0;

        text.length += length;
        is_too_long = room == NULL;
        if (length == 0)
            break;
    }
    if (is_too_long) {
        error_set(err, ERROR_NO_INPUT, "\"%s\" has more than %d bytes", path, FILE_BYTES_MAX);
        goto done;
    }
    if (ferror(file) || !buffer_text(&text)) {
        error_set(err, ERROR_NO_INPUT, "could not read \"%s\": %s", path, strerror(errno));
        goto done;
    }
    out->name = memory_copy_text(name);
    out->text = (char *)text.data;
    hash_sha256(text.data, text.length, out->sha256);
    ok = true;
done:
    if (!ok)
        buffer_free(&text);
    fclose(file);
    return ok;
}

static bool add_file(const char *folder, const char *name, struct sql_file **files, size_t *count,
                     struct error *err)
{
    *files = memory_resize(*files, *count + 1, sizeof(**files));
    struct sql_file *file = &(*files)[(*count)++];

    *file = (struct sql_file){0};
    return read_file(folder, name, file, err);
}

static int is_migration(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 9 && strspn(entry->d_name, "0123456789") == 4 && entry->d_name[4] == '_'
           && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

static bool read_migrations(const char *path, struct sql_folder *out, struct error *err)
{
    struct dirent **entries = NULL;
    char folder[PATH_BYTES];
    bool ok = true;

    snprintf(folder, sizeof(folder), "%s/migrations", path);
    int count = scandir(folder, &entries, is_migration, alphasort);
    if (count < 0) {
        memory_check_errno();
        return error_set(err, ERROR_NO_INPUT, "could not read the folder \"%s\": %s", folder,
                         strerror(errno));
    }
    for (int i = 0; ok && i < count; i++) {
        char name[PATH_BYTES];

        snprintf(name, sizeof(name), "migrations/%.200s", entries[i]->d_name);
        ok = add_file(path, name, &out->migrations, &out->migration_count, err);
    }
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (ok && count == 0)
        ok = error_set(err, ERROR_NO_INPUT, "no migration NNNN_name.sql in \"%s\"", folder);
    return ok;
}

/* A line of views.order is a file; # begins a comment. */
static bool read_views(const char *path, struct sql_folder *out, struct error *err)
{
    struct sql_file order = {0};
    char *rest = NULL;
    bool ok = read_file(path, "views.order", &order, err);

    for (char *line = ok ? strtok_r(order.text, "\r\n", &rest) : NULL; ok && line;
         line = strtok_r(NULL, "\r\n", &rest)) {
        if (line[0] != '#')
            ok = add_file(path, line, &out->views, &out->view_count, err);
    }
    free(order.name);
    free(order.text);
    return ok;
}

bool sql_folder_read(const char *path, struct sql_folder *out, struct error *err)
{
    *out = (struct sql_folder){0};
    return read_file(path, "roles.sql", &out->roles, err)
           && read_file(path, "bookkeeping.sql", &out->bookkeeping, err)
           && read_migrations(path, out, err) && read_views(path, out, err);
}

static void clear_file(struct sql_file *file)
{
    free(file->name);
    free(file->text);
}

void sql_folder_clear(struct sql_folder *folder)
{
    clear_file(&folder->roles);
    clear_file(&folder->bookkeeping);
    for (size_t i = 0; i < folder->migration_count; i++)
        clear_file(&folder->migrations[i]);
    for (size_t i = 0; i < folder->view_count; i++)
        clear_file(&folder->views[i]);
    free(folder->migrations);
    free(folder->views);
    *folder = (struct sql_folder){0};
}
