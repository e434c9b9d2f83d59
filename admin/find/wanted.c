#include "admin/find/wanted.h"

#include <string.h>

#include "common/avro/frame.h"
#include "common/avro/plan.h"

enum { RECORD_BYTES_MAX = 256, LENGTH_BYTES_MAX = 2 };

/* The fields of the envelope that are shown; the bodies are read like any other table's. */
static const struct plan_column columns[] = {
    {.name = "event_id", .type_name = "uuid", .type = COLUMN_UUID},
    {.name = "source", .type_name = "text", .type = COLUMN_TEXT},
    {.name = "source_record_id", .type_name = "text", .type = COLUMN_TEXT},
    {.name = "action", .type_name = "text", .type = COLUMN_TEXT},
    {.name = "supersedes_event_id", .type_name = "uuid", .type = COLUMN_UUID},
};

/* Avro's string: the length as a zig-zag number of seven bits a byte, then the bytes. */
static bool append_string(struct buffer *out, const char *text)
{
    size_t length = strlen(text);
    size_t number = length << 1;

    buffer_init(out, RECORD_BYTES_MAX + LENGTH_BYTES_MAX);
    for (; number >= 0x80; number >>= 7) {
        if (!buffer_append_byte(out, (unsigned char)(number | 0x80)))
            return false;
    }
    return buffer_append_byte(out, (unsigned char)number) && buffer_append(out, text, length);
}

bool wanted_init(struct wanted *out, const char *record, const struct known_schemas *schemas,
                 struct error *err)
{
    uint8_t uuid[UUID_BYTES];
    size_t length = strlen(record);

    *out = (struct wanted){.record = record, .schemas = schemas};
    if (length == 0 || length > RECORD_BYTES_MAX || text_check(record, length) != TEXT_OK
        || !append_string(&out->record_bytes, record))
        return error_set(err, ERROR_USAGE,
                         "a record is named by 1 to %d bytes of UTF-8; try --help",
                         RECORD_BYTES_MAX);
    if (uuid_parse(record, length, uuid)) {
        uuid_format(uuid, out->event_id);
        return append_string(&out->id_bytes, out->event_id);
    }
    return true;
}

void wanted_clear(struct wanted *wanted)
{
    buffer_free(&wanted->record_bytes);
    buffer_free(&wanted->id_bytes);
}

static json_t *cell_json(const struct cell *cell)
{
    char text[UUID_TEXT_LENGTH + 1];

    if (cell->kind == CELL_UUID) {
        uuid_format(cell->as.uuid, text);
        return json_string(text);
    }
    return cell->kind == CELL_BYTES ? json_stringn((const char *)cell->as.bytes, cell->length)
                                    : json_null();
}

/* Also of a body that breaks off: the envelope comes first. Seldom called, so nothing is kept. */
static json_t *read_envelope(const struct known_schemas *schemas, const void *value, size_t length)
{
    struct frame frame = frame_read(value, length);
    size_t place = frame.kind == FRAME_SINGLE_OBJECT
                       ? known_schemas_find(schemas, frame.fingerprint)
                       : SIZE_MAX;
    json_t *json = json_object();
    struct decoded decoded = {0};
    struct error err;

    if (place == SIZE_MAX)
        return json;
    struct plan *plan =
        plan_compile(schemas->items[place].schema, columns, ARRAY_LENGTH(columns), &err);
    if (plan) {
        decoded_init(&decoded, ARRAY_LENGTH(columns));
        bool is_whole = plan_run(plan, frame.body, frame.body_length, &decoded);

        for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
            if (is_whole || decoded.cells[i].kind == CELL_BYTES
                || decoded.cells[i].kind == CELL_UUID)
                json_object_set_new(json, columns[i].name, cell_json(&decoded.cells[i]));
        }
    }
    decoded_clear(&decoded);
    plan_free(plan);
    return json;
}

static bool holds(const void *value, size_t length, const struct buffer *bytes)
{
    const unsigned char *at = value;
    const unsigned char *end = at + length;

    if (!value || bytes->length == 0)
        return false;
    while ((size_t)(end - at) >= bytes->length) {
        at = memchr(at, bytes->data[0], (size_t)(end - at) - bytes->length + 1);
        if (!at)
            return false;
        if (memcmp(at, bytes->data, bytes->length) == 0)
            return true;
        at++;
    }
    return false;
}

/* A field that could be read says for certain whether it is the one. */
static bool says(const json_t *envelope, const char *field, const char *wanted, bool *is_certain)
{
    const json_t *json = json_object_get(envelope, field);

    if (!json || !wanted[0])
        return false;
    *is_certain = true;
    return json_is_string(json) && strcmp(json_string_value(json), wanted) == 0;
}

json_t *wanted_match(const struct wanted *wanted, const void *value, size_t length,
                     const char *ce_id)
{
    bool has_id = wanted->event_id[0] && ce_id && strcmp(ce_id, wanted->event_id) == 0;
    bool is_certain = false;

    if (!has_id && !holds(value, length, &wanted->record_bytes)
        && !holds(value, length, &wanted->id_bytes))
        return NULL;
    json_t *json = read_envelope(wanted->schemas, value, length);
    bool is_it = says(json, "event_id", wanted->event_id, &is_certain);
    is_it |= says(json, "source_record_id", wanted->record, &is_certain);
    if (is_it || !is_certain) {
        if (ce_id && !json_object_get(json, "event_id"))
            json_object_set_new(json, "event_id", json_string(ce_id));
        return json;
    }
    json_decref(json);
    return NULL;
}
