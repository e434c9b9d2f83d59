#ifndef COOP_ADMIN_STORED_H
#define COOP_ADMIN_STORED_H

#include "admin/find/wanted.h"

/**
 * Appends to `found` what the database says of it: an object for each stored event, with
 * what has become of it, each duplicate and each reject. An event's id is looked up by its
 * index; a record, and the duplicates and rejects of either, by reading those tables.
 */
MUST_USE bool stored_find(PGconn *connection, const struct wanted *wanted, json_t *found,
                          struct error *err);

#endif
