#ifndef COOP_PRODUCERS_CODES_H
#define COOP_PRODUCERS_CODES_H

#include <stdio.h>

#include "common/avro/schema.h"
#include "common/base/error.h"

/**
 * Prints the symbols that a line may give, one a line: of all fields, "FIELD SYMBOL", or of
 * the one that is named, such as recipient.org_type or parties.role, the symbols alone.
 *
 * @param field NULL for all.
 * @return false with ERROR_USAGE naming the fields there are.
 */
MUST_USE bool codes_print(const struct schema *schema, const char *field, FILE *out,
                          struct error *err);

#endif
