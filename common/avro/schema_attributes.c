#include "common/avro/schema_parse.h"

#include <errno.h>
#include <string.h>

#include "common/base/memory.h"

bool schema_parse_rule(const json_t *field, struct schema_rule *rule, struct error *err)
{
    const json_t *minimum = json_object_get(field, "minimum");
    const json_t *bytes_max = json_object_get(field, "maxBytes");
    const char *pattern = json_string_value(json_object_get(field, "pattern"));
    const char *means = json_string_value(json_object_get(field, "patternMeans"));

    rule->is_identifier = json_is_true(json_object_get(field, "identifier"));
    rule->has_minimum = json_is_integer(minimum);
    rule->minimum = json_integer_value(minimum);
    if (json_is_integer(bytes_max) && json_integer_value(bytes_max) > 0)
        rule->bytes_max = (size_t)json_integer_value(bytes_max);
    if (pattern) {
        int code = regcomp(&rule->pattern, pattern, REG_EXTENDED | REG_NOSUB);

        if (code == REG_ESPACE)
            memory_exhausted();
        if (code != 0)
            return error_set(err, ERROR_CONFIGURATION,
                             "pattern \"%s\" is not a POSIX extended regular expression", pattern);
        rule->has_pattern = true;
        if (means)
            rule->pattern_means = memory_copy_text(means);
    }
    return true;
}

bool schema_rule_matches(const struct schema_rule *rule, const char *text)
{
    if (!rule->has_pattern)
        return true;
    errno = 0;
    int code = regexec(&rule->pattern, text, 0, NULL, 0);
    /* glibc calls a want of memory "no match", too; only errno tells. */
    if (code == REG_ESPACE)
        memory_exhausted();
    if (code != 0)
        memory_check_errno();
    return code == 0;
}

static bool set_decimal(const json_t *json, struct schema_node *node)
{
    enum { PRECISION_MAX = 1000 }; /* PostgreSQL's largest numeric(p, s) */
    json_int_t precision = json_integer_value(json_object_get(json, "precision"));
    json_int_t scale = json_integer_value(json_object_get(json, "scale"));

    if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision)
        return false;
    node->precision = (int)precision;
    node->scale = (int)scale;
    return true;
}

void schema_parse_logical(const json_t *json, struct schema_node *node)
{
    static const struct {
        const char *name;
        enum schema_kind kind;
        enum schema_logical logical;
        size_t fixed_bytes;
    } known[] = {
        {"decimal", SCHEMA_BYTES, LOGICAL_DECIMAL, 0},
        {"decimal", SCHEMA_FIXED, LOGICAL_DECIMAL, 0},
        {"uuid", SCHEMA_STRING, LOGICAL_UUID, 0},
        {"uuid", SCHEMA_FIXED, LOGICAL_UUID, 16},
        {"date", SCHEMA_INT, LOGICAL_DATE, 0},
        {"time-millis", SCHEMA_INT, LOGICAL_TIME_MILLIS, 0},
        {"time-micros", SCHEMA_LONG, LOGICAL_TIME_MICROS, 0},
        {"timestamp-millis", SCHEMA_LONG, LOGICAL_TIMESTAMP_MILLIS, 0},
        {"timestamp-micros", SCHEMA_LONG, LOGICAL_TIMESTAMP_MICROS, 0},
        {"timestamp-nanos", SCHEMA_LONG, LOGICAL_TIMESTAMP_NANOS, 0},
        {"local-timestamp-millis", SCHEMA_LONG, LOGICAL_LOCAL_TIMESTAMP_MILLIS, 0},
        {"local-timestamp-micros", SCHEMA_LONG, LOGICAL_LOCAL_TIMESTAMP_MICROS, 0},
        {"local-timestamp-nanos", SCHEMA_LONG, LOGICAL_LOCAL_TIMESTAMP_NANOS, 0},
        {"duration", SCHEMA_FIXED, LOGICAL_DURATION, 12},
    };
    const char *name = json_string_value(json_object_get(json, "logicalType"));

    for (size_t i = 0; name && i < ARRAY_LENGTH(known); i++) {
        if (known[i].kind != node->kind || strcmp(known[i].name, name) != 0)
            continue;
        if (known[i].fixed_bytes && known[i].fixed_bytes != node->fixed_bytes)
            continue;
        if (known[i].logical == LOGICAL_DECIMAL && !set_decimal(json, node))
            continue;
        node->logical = known[i].logical;
    }
}
