#include "admin/audit/value.h"

#include <jansson.h>
#include <string.h>

#include "common/rows/copy.h"

enum {
    LENGTH_BYTES = 4,
    JSONB_VERSION_BYTES = 1,
    NUMERIC_HEAD_BYTES = 8, /* Digits, weight, sign, scale; see common/rows/copy_numeric.h. */
    ARRAY_HEAD_BYTES = 12,  /* Dimensions, has-null, type of the items; */
    ARRAY_DIMENSION_BYTES = 8,
};

/* A double holds fewer whole numbers than an integer: that is compared without rounding. */
static bool is_same_number(const json_t *one, const json_t *other)
{
    if (json_is_integer(one) == json_is_integer(other))
        return json_is_integer(one) ? json_integer_value(one) == json_integer_value(other)
                                    : json_real_value(one) == json_real_value(other);
    double real = json_real_value(json_is_real(one) ? one : other);
    json_int_t integer = json_integer_value(json_is_real(one) ? other : one);
    return real >= -9223372036854775808.0 && real < 9223372036854775808.0
           && (json_int_t)real == integer && (double)(json_int_t)real == real;
}

static bool is_same_json(const json_t *one, const json_t *other);

static bool is_same_object(const json_t *one, const json_t *other)
{
    const char *name;
    json_t *item;

    if (json_object_size(one) != json_object_size(other))
        return false;
    json_object_foreach((json_t *)one, name, item)
    {
        if (!is_same_json(item, json_object_get(other, name)))
            return false;
    }
    return true;
}

static bool is_same_array(const json_t *one, const json_t *other)
{
    if (json_array_size(one) != json_array_size(other))
        return false;
    for (size_t i = 0; i < json_array_size(one); i++) {
        if (!is_same_json(json_array_get(one, i), json_array_get(other, i)))
            return false;
    }
    return true;
}

/* Unlike json_equal(): 1e16 and 10000000000000000 are the same number. */
static bool is_same_json(const json_t *one, const json_t *other)
{
    if (json_is_number(one) && json_is_number(other))
        return is_same_number(one, other);
    if (!one || !other || json_typeof(one) != json_typeof(other))
        return false;
    if (json_is_object(one))
        return is_same_object(one, other);
    if (json_is_array(one))
        return is_same_array(one, other);
    return json_equal(one, other);
}

/* A number of more than 64 bits is a double written out in full. */
static json_t *parse(const struct value *value)
{
    const char *text = (const char *)value->bytes + JSONB_VERSION_BYTES;
    size_t length = value->length - JSONB_VERSION_BYTES;
    json_t *json = json_loadb(text, length, JSON_DECODE_ANY, NULL);

    return json ? json : json_loadb(text, length, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
}

static bool is_same_jsonb(const struct value *one, const struct value *other)
{
    if (one->length < JSONB_VERSION_BYTES || other->length < JSONB_VERSION_BYTES)
        return false;
    json_t *first = parse(one);
    json_t *second = parse(other);
    bool is_same = first && second && is_same_json(first, second);

    json_decref(first);
    json_decref(second);
    return is_same;
}

/* A number of base-10,000 digits: PostgreSQL drops the zeros at both ends, and shows others. */
struct numeric {
    const uint8_t *digits;
    int count;
    int weight; /* Of the first digit. */
    int sign;
};

static int read_16(const uint8_t *at)
{
    return (int16_t)(at[0] << 8 | at[1]);
}

static bool read_numeric(const struct value *value, struct numeric *out)
{
    const uint8_t *bytes = value->bytes;

    if (value->length < NUMERIC_HEAD_BYTES)
        return false;
    *out = (struct numeric){bytes + NUMERIC_HEAD_BYTES, read_16(bytes), read_16(bytes + 2),
                            read_16(bytes + 4)};
    if (out->count < 0 || (size_t)out->count * 2 != value->length - NUMERIC_HEAD_BYTES)
        return false;
    for (; out->count > 0 && read_16(out->digits) == 0; out->count--, out->weight--)
        out->digits += 2;
    while (out->count > 0 && read_16(out->digits + 2 * ((size_t)out->count - 1)) == 0)
        out->count--;
    return true;
}

static bool is_same_numeric(const struct value *one, const struct value *other)
{
    struct numeric a;
    struct numeric b;

    if (!read_numeric(one, &a) || !read_numeric(other, &b) || a.count != b.count)
        return false;
    return a.count == 0
           || (a.weight == b.weight && a.sign == b.sign
               && memcmp(a.digits, b.digits, 2 * (size_t)a.count) == 0);
}

bool value_is(const struct value *value, const void *bytes, size_t length)
{
    if (!value->bytes || !bytes)
        return !value->bytes && !bytes;
    return value->length == length && memcmp(value->bytes, bytes, length) == 0;
}

bool value_bigint(const struct value *value, int64_t *out)
{
    const uint8_t *bytes = value->bytes;

    if (!bytes || value->length == 0 || value->length > sizeof(int64_t))
        return false;
    uint64_t number = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < value->length; i++)
        number = number << 8 | bytes[i];
    *out = (int64_t)number;
    return true;
}

bool value_is_instant(const struct value *value, int64_t micros)
{
    int64_t stored;

    if (!value_bigint(value, &stored))
        return !value->bytes && micros < 0;
    return stored == micros - MICROS_TO_2000;
}

static bool is_same_item(const struct value *one, const struct value *other, enum column_type type)
{
    /* Mostly PostgreSQL spells as we do. */
    if (value_is(one, other->bytes, other->length))
        return true;
    if (!one->bytes || !other->bytes)
        return false;
    if (type == COLUMN_NUMERIC)
        return is_same_numeric(one, other);
    return type == COLUMN_JSONB && is_same_jsonb(one, other);
}

static uint32_t read_length(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool value_take(struct value *rest, struct value *item)
{
    if (rest->length < LENGTH_BYTES)
        return false;
    const uint8_t *at = rest->bytes;
    uint32_t length = read_length(at);
    size_t taken = length == UINT32_MAX ? 0 : length;

    if (taken > rest->length - LENGTH_BYTES)
        return false;
    item->bytes = length == UINT32_MAX ? NULL : at + LENGTH_BYTES;
    item->length = taken;
    *rest = (struct value){.bytes = at + LENGTH_BYTES + taken,
                           .length = rest->length - LENGTH_BYTES - taken};
    return true;
}

/* The heads are equal byte by byte, then item follows item. */
static bool is_same_array_of(const struct value *one, const struct value *other,
                             enum column_type type)
{
    size_t head = ARRAY_HEAD_BYTES;

    if (one->length >= head && read_length(one->bytes) > 0)
        head += ARRAY_DIMENSION_BYTES;
    if (one->length < head || other->length < head || memcmp(one->bytes, other->bytes, head) != 0)
        return false;
    struct value first = {(const char *)one->bytes + head, one->length - head};
    struct value second = {(const char *)other->bytes + head, other->length - head};
    while (first.length > 0 && second.length > 0) {
        struct value item;
        struct value other_item;

        if (!value_take(&first, &item) || !value_take(&second, &other_item)
            || !is_same_item(&item, &other_item, type))
            return false;
    }
    return first.length == 0 && second.length == 0;
}

bool value_says(const struct value *stored, const struct cell *cell, enum column_type type,
                const struct cell *items, struct buffer *scratch)
{
    struct value rest;
    struct value wanted;

    buffer_clear(scratch);
    if (!copy_cell(scratch, cell, type, items))
        return false;
    rest = (struct value){scratch->data, scratch->length};
    if (!value_take(&rest, &wanted))
        return false;
    if (cell->kind == CELL_ARRAY && stored->bytes)
        return is_same_array_of(&wanted, stored, type);
    return is_same_item(&wanted, stored, type);
}
