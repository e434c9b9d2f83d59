#ifndef COOP_AVRO_SCHEMA_PARSE_H
#define COOP_AVRO_SCHEMA_PARSE_H

#include "common/avro/schema.h"

/* Builds the tree of a schema from its JSON; used by schema.c only. */

/** Fills root, nodes and node_count of `schema` from schema->json. */
MUST_USE bool schema_parse_tree(struct schema *schema, struct error *err);

/** Reads the attributes minimum, maxBytes, identifier, pattern, patternMeans of a field. */
MUST_USE bool schema_parse_rule(const json_t *field, struct schema_rule *rule, struct error *err);

/** Sets the node's logical type from its attributes, where it fits the Avro type. */
void schema_parse_logical(const json_t *json, struct schema_node *node);

#endif
