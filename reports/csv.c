#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "reports/forms.h"
#include "reports/sections.h"

enum { SECTIONS_MAX = 8, SQL_BYTES_MAX = 64 * 1024 };

/* A file under its final name, and under the one that it has until it is complete. */
struct csv_file {
    char path[PATH_MAX];
    char temporary[PATH_MAX];
    bool is_begun;
};

static bool file_error(struct error *err, const char *what, const char *path)
{
    return error_set(err, ERROR_IO, "could not %s \"%s\": %s", what, path, strerror(errno));
}

static bool name_file(struct csv_file *file, const char *folder, const char *name,
                      struct error *err)
{
    int length = snprintf(file->temporary, sizeof(file->temporary), "%s/.%s.csv.%ld", folder, name,
                          (long)getpid());

    snprintf(file->path, sizeof(file->path), "%s/%s.csv", folder, name);
    if (length > 0 && (size_t)length < sizeof(file->temporary))
        return true;
    errno = ENAMETOOLONG;
    return file_error(err, "write", folder);
}

/* What COPY sends, up to its end. The connection is good for nothing more after a failure. */
static bool receive(PGconn *connection, FILE *out, const char *path, struct error *err)
{
    char *line;
    int length;

    while ((length = PQgetCopyData(connection, &line, 0)) > 0) {
        bool ok = fwrite(line, 1, (size_t)length, out) == (size_t)length;

        if (!ok)
            file_error(err, "write", path);
        PQfreemem(line);
        if (!ok)
            return false;
    }
    PGresult *result = PQgetResult(connection);
    bool ok = length == -1 && PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        result_error(connection, result, err);
    PQclear(result);
    while (ok && (result = PQgetResult(connection)) != NULL)
        PQclear(result);
    return ok;
}

static bool copy_out(PGconn *connection, const char *query, FILE *out, const char *path,
                     struct error *err)
{
    char sql[SQL_BYTES_MAX];

    snprintf(sql, sizeof(sql), "copy (%s) to stdout (format csv, header)", query);
    PGresult *result = PQexec(connection, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_OUT || result_error(connection, result, err);
    PQclear(result);
    return ok && receive(connection, out, path, err);
}

static bool write_file(PGconn *connection, const struct section *section, struct csv_file *file,
                       struct error *err)
{
    int number = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *out = number < 0 ? NULL : fdopen(number, "w");

    file->is_begun = number >= 0;
    if (!out) {
        file_error(err, "make", file->temporary);
        if (number >= 0)
            close(number);
        return false;
    }
    bool ok = copy_out(connection, section->sql, out, file->path, err);
    if (ok && (fflush(out) != 0 || fsync(number) != 0))
        ok = file_error(err, "write", file->path);
    if (fclose(out) != 0 && ok)
        ok = file_error(err, "write", file->path);
    return ok;
}

static bool make_folder(const char *path, struct error *err)
{
    struct stat found;

    if (mkdir(path, 0777) == 0)
        return true;
    if (errno != EEXIST)
        return file_error(err, "make the folder", path);
    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return true;
    errno = ENOTDIR;
    return file_error(err, "write into", path);
}

static bool rename_file(struct csv_file *file, struct error *err)
{
    if (rename(file->temporary, file->path) != 0)
        return file_error(err, "write", file->path);
    file->is_begun = false;
    return true;
}

bool csv_write(const struct session *session, const struct report_settings *settings,
               struct error *err)
{
    const struct section *const *sections = sections_of(settings);
    struct csv_file *files = memory_new(SECTIONS_MAX, sizeof(*files));
    size_t count = 0;

    bool ok = make_folder(settings->csv, err);
    for (; ok && sections[count]; count++) {
        assert(count < SECTIONS_MAX);
        ok = name_file(&files[count], settings->csv, sections[count]->name, err)
             && write_file(session->connection, sections[count], &files[count], err);
    }
    for (size_t i = 0; ok && i < count; i++)
        ok = rename_file(&files[i], err);
    for (size_t i = 0; i < count; i++) {
        if (files[i].is_begun)
            unlink(files[i].temporary);
    }
    free(files);
    return ok;
}
