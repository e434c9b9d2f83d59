#include "producers/input/fill_scalar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "producers/input/amount.h"
#include "producers/input/civil_time.h"
#include "producers/input/rules.h"

const char *fill_type_name(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a number";
    case JSON_REAL:
        return "a number with a fraction or an exponent";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        break;
    }
    return "null";
}

static bool refuse_type(struct filler *filler, const json_t *json, const char *expected)
{
    if (json_is_null(json))
        return fault_set(filler->fault, &filler->path, "null is not allowed here, only %s",
                         expected);
    return fault_set(filler->fault, &filler->path, "is %s and must be %s", fill_type_name(json),
                     expected);
}

bool fill_refused(struct filler *filler)
{
    return fault_set(filler->fault, &filler->path, "cannot be encoded: %s", avro_strerror());
}

/* Texts come from jansson: they are well-formed UTF-8 and may hold U+0000. */
static const char *read_text(struct filler *filler, const json_t *json, const char *expected)
{
    const char *text = json_string_value(json);

    if (!text) {
        refuse_type(filler, json, expected);
        return NULL;
    }
    if (strlen(text) != json_string_length(json)) {
        fault_set(filler->fault, &filler->path, "holds the character U+0000, which no text may");
        return NULL;
    }
    return text;
}

static bool stored(struct filler *filler, int code)
{
    return code == 0 || fill_refused(filler);
}

static bool fill_number(struct filler *filler, const struct schema_node *node,
                        const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    int64_t number = json_integer_value(json);

    if (!json_is_integer(json))
        return refuse_type(filler, json, "a whole number");
    if (node->kind == SCHEMA_INT && (number < INT32_MIN || number > INT32_MAX))
        return fault_set(filler->fault, &filler->path, "%" PRId64 " is beyond 32 bits", number);
    if (!rules_check_number(rule, number, &filler->path, filler->fault))
        return false;
    return stored(filler, node->kind == SCHEMA_INT ? avro_value_set_int(out, (int32_t)number)
                                                   : avro_value_set_long(out, number));
}

static bool fill_date(struct filler *filler, const json_t *json, avro_value_t *out)
{
    int64_t days;
    enum period period;
    const char *text = read_text(filler, json, "a date such as 2022-09-30");

    if (!text)
        return false;
    const char *reason = civil_period_read(text, &days, &period);
    if (reason)
        return fault_set(filler->fault, &filler->path, "\"%.60s\" %s", text, reason);
    return stored(filler, avro_value_set_int(out, (int32_t)days));
}

static bool fill_instant(struct filler *filler, const json_t *json, avro_value_t *out)
{
    int64_t micros;
    const char *text = read_text(filler, json, "a time such as 2022-06-20T10:00:00+05:00");

    if (!text)
        return false;
    const char *reason = civil_instant_read(text, &micros);
    if (reason)
        return fault_set(filler->fault, &filler->path, "\"%.60s\" %s", text, reason);
    return stored(filler, avro_value_set_long(out, micros));
}

static bool fill_amount(struct filler *filler, const struct schema_node *node, const json_t *json,
                        avro_value_t *out)
{
    static const char expected[] = "an amount: a text such as \"1.50\", or a whole number";
    uint8_t bytes[AMOUNT_BYTES];
    char number[32];
    size_t length;
    const char *text = number;

    if (json_is_integer(json))
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    else if (json_is_real(json))
        return fault_set(filler->fault, &filler->path,
                         "a number with a fraction is not money: write it as text, \"1.50\"");
    else
        text = read_text(filler, json, expected);
    if (!text)
        return false;
    const char *reason = amount_read(text, node->precision, node->scale, bytes, &length);
    if (reason)
        return fault_set(filler->fault, &filler->path,
                         "\"%.60s\" %s (at most %d digits, %d of them decimals)", text, reason,
                         node->precision, node->scale);
    return stored(filler, avro_value_set_bytes(out, bytes + AMOUNT_BYTES - length, length));
}

static bool fill_uuid(struct filler *filler, const json_t *json, avro_value_t *out)
{
    uint8_t uuid[UUID_BYTES];
    char small[UUID_TEXT_LENGTH + 1];
    const char *text = read_text(filler, json, "a UUID");

    if (!text)
        return false;
    if (!uuid_parse(text, strlen(text), uuid))
        return fault_set(filler->fault, &filler->path, "\"%.60s\" is not a UUID", text);
    uuid_format(uuid, small);
    return stored(filler, avro_value_set_string(out, small));
}

static bool fill_text(struct filler *filler, const struct schema_rule *rule, const json_t *json,
                      avro_value_t *out)
{
    const char *text = read_text(filler, json, "a text");

    if (!text)
        return false;
    size_t length = json_string_length(json);
    return rules_check_text(rule, text, length, &filler->path, filler->fault)
           && stored(filler, avro_value_set_string_len(out, text, length + 1));
}

static bool fill_symbol(struct filler *filler, const struct schema_node *node, const json_t *json,
                        avro_value_t *out)
{
    char symbols[400] = "";
    size_t length = 0;
    const char *text = read_text(filler, json, "a symbol");

    if (!text)
        return false;
    for (size_t i = 0; i < node->symbol_count; i++) {
        if (strcmp(node->symbols[i], text) == 0)
            return stored(filler, avro_value_set_enum(out, (int)i));
        int written = snprintf(symbols + length, sizeof(symbols) - length, "%s%s", i ? ", " : "",
                               node->symbols[i]);
        if (written > 0 && length + (size_t)written < sizeof(symbols))
            length += (size_t)written;
    }
    return fault_set(filler->fault, &filler->path, "\"%.60s\" is none of %s", text, symbols);
}

bool fill_scalar(struct filler *filler, const struct schema_node *node,
                 const struct schema_rule *rule, const json_t *json, avro_value_t *out)
{
    switch (node->logical) {
    case LOGICAL_DATE:
        return fill_date(filler, json, out);
    case LOGICAL_TIMESTAMP_MICROS:
        return fill_instant(filler, json, out);
    case LOGICAL_DECIMAL:
        return fill_amount(filler, node, json, out);
    case LOGICAL_UUID:
        return fill_uuid(filler, json, out);
    default:
        break;
    }
    switch (node->kind) {
    case SCHEMA_INT:
    case SCHEMA_LONG:
        return fill_number(filler, node, rule, json, out);
    case SCHEMA_STRING:
        return fill_text(filler, rule, json, out);
    case SCHEMA_ENUM:
        return fill_symbol(filler, node, json, out);
    case SCHEMA_BOOLEAN:
        if (!json_is_boolean(json))
            return refuse_type(filler, json, "true or false");
        return stored(filler, avro_value_set_boolean(out, json_is_true(json)));
    case SCHEMA_DOUBLE:
        if (!json_is_number(json))
            return refuse_type(filler, json, "a number");
        return stored(filler, avro_value_set_double(out, json_number_value(json)));
    default:
        return fault_set(filler->fault, &filler->path, "its type cannot be given as JSON yet");
    }
}
