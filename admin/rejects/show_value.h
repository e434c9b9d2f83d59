#ifndef COOP_ADMIN_REJECTS_SHOW_VALUE_H
#define COOP_ADMIN_REJECTS_SHOW_VALUE_H

#include <jansson.h>

#include "admin/known_schemas.h"

/**
 * What a refused value says, as far as it can be read: frame, writer schema, each field, and
 * where it stopped and why, as one JSON object. `value` is NULL for a null one; `is_cut` where
 * not all of it was kept. The caller owns the result; NULL without memory.
 */
json_t *show_value_decode(const struct known_schemas *schemas, const void *value, size_t length,
                          bool is_cut);

#endif
