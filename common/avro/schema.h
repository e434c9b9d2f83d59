#ifndef COOP_AVRO_SCHEMA_H
#define COOP_AVRO_SCHEMA_H

#include <jansson.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/hash.h"

/*
 * An Avro schema as a tree, with what avro-c drops: defaults, logical types and the rules
 * on values that our schemas carry as attributes (schemas/README.md).
 *
 * A schema may come from outside, so it is checked before anything trusts it: size, depth,
 * names, no recursion, no zero-size array items (Avro 1.11 specification, "Schema
 * Declaration"). A named type that is used again is the same node.
 */

enum {
    SCHEMA_BYTES_MAX = 1024 * 1024, /**< Of the text. */
    SCHEMA_NODES_MAX = 2048,
    SCHEMA_DEPTH_MAX = 32,
    SCHEMA_FIXED_MAX = 1024 * 1024, /**< Size of a fixed. */
};

enum schema_kind {
    SCHEMA_NULL,
    SCHEMA_BOOLEAN,
    SCHEMA_INT,
    SCHEMA_LONG,
    SCHEMA_FLOAT,
    SCHEMA_DOUBLE,
    SCHEMA_BYTES,
    SCHEMA_STRING,
    SCHEMA_RECORD,
    SCHEMA_ENUM,
    SCHEMA_ARRAY,
    SCHEMA_MAP,
    SCHEMA_UNION,
    SCHEMA_FIXED,
};

/** A logical type that does not fit its Avro type is ignored, as the specification says. */
enum schema_logical {
    LOGICAL_NONE,
    LOGICAL_DECIMAL, /**< bytes, fixed */
    LOGICAL_UUID,    /**< string, fixed of 16 */
    LOGICAL_DATE,    /**< int */
    LOGICAL_TIME_MILLIS,
    LOGICAL_TIME_MICROS,
    LOGICAL_TIMESTAMP_MILLIS,
    LOGICAL_TIMESTAMP_MICROS,
    LOGICAL_TIMESTAMP_NANOS,
    LOGICAL_LOCAL_TIMESTAMP_MILLIS,
    LOGICAL_LOCAL_TIMESTAMP_MICROS,
    LOGICAL_LOCAL_TIMESTAMP_NANOS,
    LOGICAL_DURATION, /**< fixed of 12 */
};

struct schema_node {
    enum schema_kind kind;
    enum schema_logical logical;
    int precision, scale;        /**< LOGICAL_DECIMAL. */
    char *name;                  /**< Full name of a record, an enum or a fixed; else NULL. */
    size_t fixed_bytes;          /**< SCHEMA_FIXED. */
    struct schema_field *fields; /**< SCHEMA_RECORD. */
    size_t field_count;
    char **symbols; /**< SCHEMA_ENUM. */
    size_t symbol_count;
    struct schema_node **branches; /**< SCHEMA_UNION. */
    size_t branch_count;
    struct schema_node *items; /**< SCHEMA_ARRAY: an item; SCHEMA_MAP: a value. */
};

/** What a value must keep to, beyond its type; see schemas/README.md. Zero: no rule. */
struct schema_rule {
    bool has_minimum;
    int64_t minimum;
    size_t bytes_max; /**< 0 for no limit. */
    bool is_identifier;
    bool has_pattern;
    regex_t pattern;
    char *pattern_means; /**< The pattern in words; NULL where not given. */
};

struct schema_field {
    char *name;
    struct schema_node *type;
    json_t *initial; /**< The default as JSON; NULL where the field is required. */
    const char *doc; /**< Borrowed from the schema's JSON; NULL where not given. */
    struct schema_rule rule;
};

enum { FINGERPRINT_BYTES = 8 };

struct schema {
    struct schema_node *root;
    char *text;                             /**< As published. */
    size_t text_length;                     /**< In bytes. */
    char *canonical;                        /**< Parsing canonical form, NUL-terminated. */
    uint8_t fingerprint[FINGERPRINT_BYTES]; /**< CRC-64-AVRO, little-endian as on the wire. */
    uint8_t sha256[SHA256_BYTES];           /**< Of the text: sees what the fingerprint does not. */
    json_t *json;
    struct schema_node **nodes; /**< Every node once; owns them. */
    size_t node_count;
};

/**
 * Reads a schema from its JSON text, which is copied.
 *
 * @return NULL with ERROR_CONFIGURATION saying what is wrong.
 */
struct schema *schema_parse(const char *text, size_t length, struct error *err);

/** Reads a schema file; the message names it. */
struct schema *schema_load(const char *path, struct error *err);

void schema_free(struct schema *schema);

/** Has the text the form that the rule asks for? True where it asks for none. */
bool schema_rule_matches(const struct schema_rule *rule, const char *text);

/** The field of that name of a record, or NULL. */
const struct schema_field *schema_field(const struct schema_node *record, const char *name);

/**
 * For ["null", T] and [T, "null"], the shape of a field that may be absent: T, and where
 * null stands in *null_branch. NULL for anything else.
 */
const struct schema_node *schema_nullable(const struct schema_node *node, size_t *null_branch);

#endif
