#ifndef COOP_PRODUCERS_RULES_H
#define COOP_PRODUCERS_RULES_H

#include "common/avro/schema.h"
#include "producers/input/fault.h"

/* The rules on one value that stand in the schema as attributes (schemas/README.md). */

MUST_USE bool rules_check_text(const struct schema_rule *rule, const char *text, size_t length,
                               const struct field_path *path, struct fault *fault);

MUST_USE bool rules_check_number(const struct schema_rule *rule, int64_t number,
                                 const struct field_path *path, struct fault *fault);

#endif
