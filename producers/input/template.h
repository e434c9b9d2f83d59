#ifndef COOP_PRODUCERS_TEMPLATE_H
#define COOP_PRODUCERS_TEMPLATE_H

#include <jansson.h>

#include "common/avro/schema.h"

/**
 * An event to begin with, as a line gives it: every field whose doc has an example
 * ("Example: …"), records and lists of records filled in turn. Ids and what only a correction
 * needs are left out, for they are not to be copied. The caller owns it.
 */
json_t *template_new(const struct schema *schema);

#endif
