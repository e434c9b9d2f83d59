#include "producers/input/rules.h"

#include <inttypes.h>
#include <string.h>

/* What a message quotes of a value: enough to find it. */
enum { QUOTED_BYTES = 60 };

/* Not empty, nothing up to U+0020, no U+007F, no |, not # first. Bytes will do: UTF-8. */
static bool is_identifier(const char *text, size_t length)
{
    if (length == 0 || text[0] == '#')
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte <= 0x20 || byte == 0x7f || byte == '|')
            return false;
    }
    return true;
}

bool rules_check_text(const struct schema_rule *rule, const char *text, size_t length,
                      const struct field_path *path, struct fault *fault)
{
    if (rule->is_identifier && !is_identifier(text, length))
        return fault_set(fault, path,
                         "\"%.*s\" is no identifier: not empty, no blanks, no |, no # at its start",
                         QUOTED_BYTES, text);
    if (!schema_rule_matches(rule, text))
        return fault_set(fault, path, "\"%.*s\" is not %s", QUOTED_BYTES, text,
                         rule->pattern_means ? rule->pattern_means : "of the form that is asked");
    if (rule->bytes_max && length > rule->bytes_max)
        return fault_set(fault, path, "has %zu bytes, at most %zu are taken", length,
                         rule->bytes_max);
    return true;
}

bool rules_check_number(const struct schema_rule *rule, int64_t number,
                        const struct field_path *path, struct fault *fault)
{
    if (rule->has_minimum && number < rule->minimum)
        return fault_set(fault, path, "%" PRId64 " is below %" PRId64, number, rule->minimum);
    return true;
}
