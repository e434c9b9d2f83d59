#ifndef COOP_ADMIN_SQL_FOLDER_H
#define COOP_ADMIN_SQL_FOLDER_H

#include "common/base/error.h"
#include "common/base/hash.h"

/* The files of folder sql, read whole: what a database is to become. */

struct sql_file {
    char *name; /**< Below the folder: migrations/0001_schemas.sql */
    char *text;
    uint8_t sha256[SHA256_BYTES];
};

struct sql_folder {
    struct sql_file roles;
    struct sql_file bookkeeping;
    struct sql_file *migrations; /**< In the order of their numbers. */
    size_t migration_count;
    struct sql_file *views; /**< In the order in which they need one another. */
    size_t view_count;
};

/** Reads everything; ERROR_NO_INPUT names the file that is missing. Clear *out in any case. */
MUST_USE bool sql_folder_read(const char *path, struct sql_folder *out, struct error *err);
void sql_folder_clear(struct sql_folder *folder);

#endif
