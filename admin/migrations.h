#ifndef COOP_ADMIN_MIGRATIONS_H
#define COOP_ADMIN_MIGRATIONS_H

#include <libpq-fe.h>

#include "admin/sql_folder.h"

/**
 * Compares the folder with what the database has taken in: *pending files are to be applied.
 *
 * @return false with ERROR_CONFIGURATION where the database is newer than the folder, a released
 *         file has changed, or nothing was ever applied.
 */
MUST_USE bool migrations_compare(PGconn *connection, const struct sql_folder *folder,
                                 size_t *pending, struct error *err);

#endif
