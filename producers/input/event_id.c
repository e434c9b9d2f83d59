#include "producers/input/event_id.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/memory.h"
#include "producers/input/fill.h"

enum { ENCODING_BYTES_MAX = 4 * 1024 * 1024 };

/* 8995e3c4-b016-5f7f-85b5-fcf0d5fd07ba, the UUIDv5 of urn:cooptrack:event-id as a URL. */
static const uint8_t namespace[UUID_BYTES] = {0x89, 0x95, 0xe3, 0xc4, 0xb0, 0x16, 0x5f, 0x7f,
                                              0x85, 0xb5, 0xfc, 0xf0, 0xd5, 0xfd, 0x07, 0xba};

static void set_version(uint8_t uuid[UUID_BYTES], unsigned version)
{
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | version << 4);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
}

bool event_id_from_record(const struct record_name *name, uint8_t out[UUID_BYTES])
{
    struct buffer text;
    uint8_t sha1[SHA1_BYTES];
    bool is_assert = name->action == ACTION_ASSERT;

    buffer_init(&text, ENCODING_BYTES_MAX);
    bool ok = buffer_append_format(&text, "%s|%s|%s|", name->type, action_symbol(name->action),
                                   name->target)
              && (is_assert || buffer_append_format(&text, "%" PRId64, name->recorded_us))
              && buffer_append_format(&text, "|%s|%s", name->source, name->source_record_id);
    if (ok) {
        hash_sha1(namespace, sizeof(namespace), text.data, text.length, sha1);
        memcpy(out, sha1, UUID_BYTES);
        set_version(out, 5);
    }
    buffer_free(&text);
    return ok;
}

/* The Avro encoding of one value, at the end of `out`. */
static bool append_encoding(avro_value_t *value, struct buffer *out)
{
    size_t size = 0;

    if (avro_value_sizeof(value, &size) != 0)
        return false;
    unsigned char *room = buffer_reserve(out, size + 1);
    if (!room)
        return false;
    avro_writer_t writer = avro_writer_memory((char *)room, (int64_t)size + 1);
    bool ok = avro_value_write(writer, value) == 0;
    if (ok)
        out->length += size;
    avro_writer_free(writer);
    return ok;
}

static bool encode_default(const struct schema_field *field, avro_value_t *value,
                           struct buffer *out)
{
    struct fault fault;
    struct filler filler = {.fault = &fault};

    return fill_value(&filler, field->type, &(struct schema_rule){0}, field->initial, value)
           && append_encoding(value, out);
}

bool default_encodings_init(struct default_encodings *out, const struct schema *schema,
                            avro_value_iface_t *iface)
{
    avro_value_t record;
    bool ok = true;

    *out = (struct default_encodings){.count = schema->root->field_count};
    out->fields = memory_new(out->count, sizeof(*out->fields));
    if (avro_generic_value_new(iface, &record) != 0)
        return false;
    for (size_t i = 0; ok && i < out->count; i++) {
        avro_value_t value;

        buffer_init(&out->fields[i], ENCODING_BYTES_MAX);
        if (schema->root->fields[i].initial)
            ok = avro_value_get_by_index(&record, i, &value, NULL) == 0
                 && encode_default(&schema->root->fields[i], &value, &out->fields[i]);
    }
    avro_value_decref(&record);
    return ok;
}

void default_encodings_clear(struct default_encodings *encodings)
{
    for (size_t i = 0; encodings->fields && i < encodings->count; i++)
        buffer_free(&encodings->fields[i]);
    free(encodings->fields);
    *encodings = (struct default_encodings){0};
}

/* name 00 ENCODING, unless the encoding is that of the default: new fields change no ids. */
static bool append_field(const char *name, avro_value_t *value, const struct buffer *initial,
                         struct buffer *out)
{
    size_t before = out->length;

    if (!buffer_append(out, name, strlen(name) + 1))
        return false;
    size_t start = out->length;
    if (!append_encoding(value, out))
        return false;
    size_t length = out->length - start;
    if (initial->length == length && memcmp(initial->data, out->data + start, length) == 0)
        out->length = before;
    return true;
}

static bool append_content(const struct schema *schema, const struct default_encodings *defaults,
                           bool is_assert, avro_value_t *record, struct buffer *out)
{
    static const char head[] = "content";
    const char *full_name = schema->root->name;

    if (!buffer_append(out, head, sizeof(head))
        || !buffer_append(out, full_name, strlen(full_name) + 1))
        return false;
    for (size_t i = 0; i < schema->root->field_count; i++) {
        const char *name = schema->root->fields[i].name;
        avro_value_t value;

        if (strcmp(name, "event_id") == 0 || (is_assert && strcmp(name, "recorded_at") == 0))
            continue;
        if (avro_value_get_by_index(record, i, &value, NULL) != 0
            || !append_field(name, &value, &defaults->fields[i], out))
            return false;
    }
    return true;
}

bool event_id_from_content(const struct schema *schema, const struct default_encodings *defaults,
                           bool is_assert, int64_t occurred_us, avro_value_t *record,
                           uint8_t out[UUID_BYTES])
{
    struct buffer content;
    uint8_t sha256[SHA256_BYTES];
    int64_t millis = occurred_us / 1000 - (occurred_us % 1000 < 0);

    buffer_init(&content, ENCODING_BYTES_MAX);
    bool ok = append_content(schema, defaults, is_assert, record, &content);
    if (ok) {
        hash_sha256(content.data, content.length, sha256);
        for (int i = 0; i < 6; i++)
            out[i] = (uint8_t)((uint64_t)millis >> (8 * (5 - i)));
        memcpy(out + 6, sha256, UUID_BYTES - 6);
        set_version(out, 8);
    }
    buffer_free(&content);
    return ok;
}
