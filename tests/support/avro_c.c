/*
 * avro_c < LINES: what avro-c makes of values and bytes. A line is a schema, a value (or - for
 * none) and a body in hex, tab-separated; the answer is the value encoded and the body decoded
 * and encoded again, both in hex. avro-c cannot read JSON, so the value is spelled for this
 * tool: a union as [branch, value], bytes as hex, floats as text. It knows no logical types.
 */
#include <avro.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

enum { BODY_BYTES = 64 * 1024 };

static int fill(avro_value_t *value, const json_t *json);

/* The number of bytes; what is too much is left out and will not decode. */
static size_t from_hex(const char *hex, uint8_t out[BODY_BYTES])
{
    size_t length = 0;

    for (; length < BODY_BYTES && hex[2 * length]; length++) {
        const char two[3] = {hex[2 * length], hex[2 * length + 1]};

        out[length] = (uint8_t)strtoul(two, NULL, 16);
    }
    return length;
}

static int fill_bytes(avro_value_t *value, const json_t *json)
{
    static uint8_t bytes[BODY_BYTES];
    size_t length = from_hex(json_string_value(json), bytes);

    return avro_value_get_type(value) == AVRO_FIXED ? avro_value_set_fixed(value, bytes, length)
                                                    : avro_value_set_bytes(value, bytes, length);
}

static int fill_record(avro_value_t *value, const json_t *json)
{
    size_t count = 0;
    const char *name = NULL;
    avro_value_t inner;
    int code = avro_value_get_size(value, &count);

    for (size_t i = 0; !code && i < count; i++) {
        code = avro_value_get_by_index(value, i, &inner, &name);
        if (!code)
            code = fill(&inner, json_object_get(json, name));
    }
    return code;
}

static int fill_items(avro_value_t *value, json_t *json)
{
    const char *key;
    json_t *item;
    avro_value_t inner;
    int code = 0;

    if (json_is_object(json)) {
        json_object_foreach(json, key, item)
        {
            code |= avro_value_add(value, key, &inner, NULL, NULL) || fill(&inner, item);
        }
        return code;
    }
    for (size_t i = 0; i < json_array_size(json); i++)
        code |= avro_value_append(value, &inner, NULL) || fill(&inner, json_array_get(json, i));
    return code;
}

static int fill(avro_value_t *value, const json_t *json)
{
    const char *text = json_string_value(json);
    avro_value_t inner;
    int symbol;

    switch (avro_value_get_type(value)) {
    case AVRO_NULL:
        return avro_value_set_null(value);
    case AVRO_BOOLEAN:
        return avro_value_set_boolean(value, json_is_true(json));
    case AVRO_INT32:
        return avro_value_set_int(value, (int32_t)json_integer_value(json));
    case AVRO_INT64:
        return avro_value_set_long(value, json_integer_value(json));
    case AVRO_FLOAT:
        return avro_value_set_float(value, strtof(text, NULL));
    case AVRO_DOUBLE:
        return avro_value_set_double(value, strtod(text, NULL));
    case AVRO_STRING:
        return avro_value_set_string_len(value, text, json_string_length(json) + 1);
    case AVRO_BYTES:
    case AVRO_FIXED:
        return fill_bytes(value, json);
    case AVRO_ENUM:
        symbol = avro_schema_enum_get_by_name(avro_value_get_schema(value), text);
        return symbol < 0 ? -1 : avro_value_set_enum(value, symbol);
    case AVRO_UNION:
        return avro_value_set_branch(value, (int)json_integer_value(json_array_get(json, 0)),
                                     &inner)
               || fill(&inner, json_array_get(json, 1));
    case AVRO_RECORD:
        return fill_record(value, json);
    default:
        return fill_items(value, (json_t *)(uintptr_t)json);
    }
}

static int print(avro_value_t *value)
{
    static char body[BODY_BYTES];
    static char hex[2 * BODY_BYTES + 1];
    avro_writer_t writer = avro_writer_memory(body, sizeof(body));
    int code = avro_value_write(writer, value);

    hex_format(body, (size_t)avro_writer_tell(writer), hex);
    fputs(hex, stdout);
    avro_writer_free(writer);
    return code;
}

static int encode(avro_value_t *value, const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    int code = json ? fill(value, json) || print(value) : -1;

    json_decref(json);
    return code;
}

static int decode(avro_value_t *value, const char *hex)
{
    static uint8_t body[BODY_BYTES];
    size_t length = from_hex(hex, body);
    avro_reader_t reader = avro_reader_memory((char *)body, (int64_t)length);
    int code = avro_value_read(reader, value);
    avro_reader_free(reader);
    return code || print(value);
}

static int answer(char *line)
{
    char *rest = NULL;
    const char *schema_text = strtok_r(line, "\t\n", &rest);
    const char *json = strtok_r(NULL, "\t\n", &rest);
    const char *hex = strtok_r(NULL, "\t\n", &rest);
    avro_schema_t schema;
    avro_value_t value;

    if (!json || avro_schema_from_json_length(schema_text, strlen(schema_text), &schema))
        return -1;
    avro_value_iface_t *iface = avro_generic_class_from_schema(schema);
    avro_generic_value_new(iface, &value);
    int code = strcmp(json, "-") != 0 && encode(&value, json);
    putchar('\t');
    code |= decode(&value, hex ? hex : "");
    putchar('\n');
    avro_value_decref(&value);
    avro_value_iface_decref(iface);
    avro_schema_decref(schema);
    return code;
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;

    for (int number = 1; getline(&line, &size, stdin) != -1; number++) {
        if (answer(line)) {
            fflush(stdout);
            fprintf(stderr, "avro_c: line %d: %s\n", number, avro_strerror());
            return 1;
        }
    }
    free(line);
    return 0;
}
