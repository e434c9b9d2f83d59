#include "admin/rejects/show_value.h"

#include "common/avro/frame.h"
#include "common/avro/walk.h"
#include "common/base/text.h"

static const char *const explanations[] = {
    [REASON_NONE] = "it is whole",
    [REASON_NULL_VALUE] = "there is no value",
    [REASON_OVERSIZE] = "the value is too long",
    [REASON_NOT_FRAMED] = "neither C3 01 and a fingerprint nor 00 and an id",
    [REASON_UNKNOWN_SCHEMA] = "its schema is not known",
    [REASON_WRONG_TYPE] = "it does not go into the table",
    [REASON_TRUNCATED] = "the body ends inside this value, or announces more than is left",
    [REASON_ENUM_OUT_OF_RANGE] = "the schema has no symbol of that number",
    [REASON_UNION_OUT_OF_RANGE] = "the schema has no branch of that number",
    [REASON_INVALID_UTF8] = "the text is not well-formed UTF-8",
    [REASON_NUL_BYTE] = "the text holds U+0000",
    [REASON_BAD_UUID] = "not 8-4-4-4-12 hexadecimal digits",
    [REASON_TIME_OUT_OF_RANGE] = "outside the years 1 to 9999, or the hours of a day",
    [REASON_DECIMAL_OUT_OF_RANGE] = "more digits than the schema allows",
    [REASON_MALFORMED] = "no such number, length or block can be",
    [REASON_TRAILING_BYTES] = "bytes are left behind the last field",
    [REASON_BAD_KEY] = "the key is not that of the event's fields",
};
static_assert(ARRAY_LENGTH(explanations) == REASON_BAD_KEY + 1, "every reason needs its words");

static bool add_field(void *context, const char *path, const char *json)
{
    json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    /* A number may be beyond jansson's: it stands as its text then. */
    if (!value)
        value = json_string(json);
    return json_array_append_new(context, json_pack("{s:s, s:o}", "field", path, "value", value))
           == 0;
}

static json_t *decode_body(const struct schema *schema, const struct frame *frame, bool is_cut,
                           const uint8_t *value)
{
    json_t *fields = json_array();
    struct walk walk;
    bool is_whole =
        walk_body(schema->root, frame->body, frame->body_length, add_field, fields, &walk);

    if (is_whole)
        return json_pack("{s:o, s:n}", "fields", fields, "stopped");
    const char *why = is_cut && walk.reason == REASON_TRUNCATED ? "only its beginning was kept"
                                                                : explanations[walk.reason];
    return json_pack("{s:o, s:{s:s, s:s, s:s, s:I, s:I}}", "fields", fields, "stopped", "reason",
                     reason_name(walk.reason), "why", why, "field", walk.path, "body_offset",
                     (json_int_t)walk.offset, "value_offset",
                     (json_int_t)(frame->body - value) + (json_int_t)walk.offset);
}

static json_t *decode_single_object(const struct known_schemas *schemas, const struct frame *frame,
                                    bool is_cut, const uint8_t *value)
{
    char fingerprint[2 * FINGERPRINT_BYTES + 1];
    size_t place = known_schemas_find(schemas, frame->fingerprint);

    hex_format(frame->fingerprint, FINGERPRINT_BYTES, fingerprint);
    if (place == SIZE_MAX)
        return json_pack("{s:s, s:s, s:n, s:s}", "frame", "single object", "fingerprint",
                         fingerprint, "schema", "advice",
                         "no consumer has met a schema of this fingerprint: put its *.avsc into "
                         "the consumer's --schemas folder, start the consumer again, and replay");
    const struct known_schema *known = &schemas->items[place];
    const char *name = known->schema->root->name;
    json_t *decoded = decode_body(known->schema, frame, is_cut, value);
    json_t *whole =
        json_pack("{s:s, s:s, s:{s:i, s:s}}", "frame", "single object", "fingerprint", fingerprint,
                  "schema", "schema_id", known->id, "name", name ? name : "no record");
    json_object_update(whole, decoded);
    json_decref(decoded);
    return whole;
}

json_t *show_value_decode(const struct known_schemas *schemas, const void *value, size_t length,
                          bool is_cut)
{
    if (!value)
        return json_pack("{s:s, s:s}", "frame", "none", "why", explanations[REASON_NULL_VALUE]);
    struct frame frame = frame_read(value, length);
    switch (frame.kind) {
    case FRAME_NONE:
        break;
    case FRAME_REGISTRY:
        return json_pack("{s:s, s:I, s:s}", "frame", "registry", "registry_id",
                         (json_int_t)frame.registry_id, "advice",
                         "its schema is at a schema registry under this id: the consumer needs one "
                         "that has it");
    case FRAME_SINGLE_OBJECT:
        return decode_single_object(schemas, &frame, is_cut, value);
    }
    return json_pack("{s:s, s:s}", "frame", "none", "why", explanations[REASON_NOT_FRAMED]);
}
