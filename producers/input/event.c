#include "producers/input/event.h"

#include <avro.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/base/memory.h"
#include "producers/input/civil_time.h"
#include "producers/input/event_id.h"
#include "producers/input/fill.h"
#include "producers/input/fill_scalar.h"
#include "producers/input/line_json.h"
#include "producers/input/retraction.h"
#include "producers/input/rules.h"
#include "producers/input/target.h"
#include "producers/input/times.h"

/* docs/contract.md §5: the consumer refuses a longer message as OVERSIZE. */
enum { MESSAGE_BYTES_MAX = 65536, KEY_BYTES_MAX = 4096 };

struct event_reader {
    const struct event_reader_settings *settings;
    struct schema *schema;
    avro_schema_t writer_schema;
    avro_value_iface_t *iface;
    avro_value_t record;
    bool has_record;
    struct default_encodings defaults;
};

/* Of avro-c: none of its functions fails for want of memory. A new size of 0 frees. */
static void *take_memory(void *context, void *memory, size_t old_size, size_t size)
{
    (void)context;
    (void)old_size;
    if (size)
        return memory_resize(memory, size, 1);
    free(memory);
    return NULL;
}

static bool prepare_encoder(struct event_reader *reader, struct error *err)
{
    if (avro_schema_from_json_length(reader->schema->text, reader->schema->text_length,
                                     &reader->writer_schema)
        != 0)
        return error_set(err, ERROR_CONFIGURATION, "schema \"%s\": %s",
                         reader->settings->type->schema_file, avro_strerror());
    reader->iface = avro_generic_class_from_schema(reader->writer_schema);
    reader->has_record =
        reader->iface && avro_generic_value_new(reader->iface, &reader->record) == 0;
    if (!reader->has_record)
        return error_set(err, ERROR_CONFIGURATION, "schema \"%s\": %s",
                         reader->settings->type->schema_file, avro_strerror());
    if (!default_encodings_init(&reader->defaults, reader->schema, reader->iface))
        return error_set(err, ERROR_CONFIGURATION,
                         "schema \"%s\": a default does not fit its field",
                         reader->settings->type->schema_file);
    return true;
}

/* It would be wrong in every line. */
static bool check_reason(const struct event_reader *reader, struct error *err)
{
    const char *reason = reader->settings->retraction_reason;
    const struct schema_field *field = schema_field(reader->schema->root, "reason");
    struct field_path path = {.length = 0};
    struct fault fault;

    if (!reason || !field)
        return true;
    size_t length = strlen(reason);
    if (length == 0)
        return error_set(err, ERROR_USAGE, "option \"--reason\" is empty; try --help");
    if (text_check(reason, length) != TEXT_OK)
        return error_set(err, ERROR_USAGE, "option \"--reason\" is not UTF-8; try --help");
    return rules_check_text(&field->rule, reason, length, &path, &fault)
           || error_set(err, ERROR_USAGE, "option \"--reason\" %s; try --help", fault.message);
}

static bool check_source(const struct event_reader *reader, struct error *err)
{
    const char *source = reader->settings->source;

    return !source || text_check(source, strlen(source)) == TEXT_OK
           || error_set(err, ERROR_USAGE, "option \"--source\" is not UTF-8; try --help");
}

struct event_reader *event_reader_new(const struct event_reader_settings *settings,
                                      struct error *err)
{
    struct event_reader *reader = memory_new(1, sizeof(*reader));
    char path[4096];

    avro_set_allocator(take_memory, NULL);
    reader->settings = settings;
    snprintf(path, sizeof(path), "%s/%s", settings->schemas, settings->type->schema_file);
    if (!civil_time_zone_is_known()) {
        error_set(err, ERROR_CONFIGURATION,
                  "the time zone Asia/Karachi is not known here: install the package tzdata");
        goto failed;
    }
    reader->schema = schema_load(path, err);
    if (reader->schema && reader->schema->root->kind != SCHEMA_RECORD)
        error_set(err, ERROR_CONFIGURATION, "schema \"%s\" is no record", path);
    else if (reader->schema && prepare_encoder(reader, err) && check_reason(reader, err)
             && check_source(reader, err))
        return reader;
failed:
    event_reader_free(reader);
    return NULL;
}

void event_reader_free(struct event_reader *reader)
{
    if (!reader)
        return;
    default_encodings_clear(&reader->defaults);
    if (reader->has_record)
        avro_value_decref(&reader->record);
    if (reader->iface)
        avro_value_iface_decref(reader->iface);
    if (reader->writer_schema)
        avro_schema_decref(reader->writer_schema);
    schema_free(reader->schema);
    free(reader);
}

const struct schema *event_reader_schema(const struct event_reader *reader)
{
    return reader->schema;
}

void event_init(struct event *event)
{
    *event = (struct event){0};
    buffer_init(&event->key, KEY_BYTES_MAX);
    buffer_init(&event->value, MESSAGE_BYTES_MAX + 1);
}

void event_clear(struct event *event)
{
    buffer_free(&event->key);
    buffer_free(&event->value);
}

/* The source of a line without one is a setting, and checked like a field. */
static void set_source(const struct event_reader *reader, json_t *json)
{
    if (!json_object_get(json, "source") && reader->settings->source)
        json_object_set_new(json, "source", json_string(reader->settings->source));
}

/* Of --retract: what it retracts has an id, and so it needs no record. */
static bool is_retraction(const struct event_reader *reader, const struct correction *correction)
{
    return reader->settings->retraction_reason && correction->action == ACTION_RETRACT;
}

/*
 * An id that the line has stands; else the record gives it, else the content does, once the
 * event is filled: until then its place is taken by an id of zeros.
 */
static bool set_event_id(const struct event_reader *reader, json_t *json,
                         const struct correction *correction, int64_t recorded_us,
                         bool *is_from_content, struct fault *fault)
{
    const char *record = json_string_value(json_object_get(json, "source_record_id"));
    uint8_t uuid[UUID_BYTES] = {0};
    char text[UUID_TEXT_LENGTH + 1];

    *is_from_content = false;
    if (json_object_get(json, "event_id"))
        return true;
    if (record && record[0]) {
        struct record_name name = {
            .type = reader->settings->type->word,
            .action = correction->action,
            .target = correction->target,
            .recorded_us = recorded_us,
            .source = json_string_value(json_object_get(json, "source")),
            .source_record_id = record,
        };

        if (!name.source)
            name.source = "";
        if (!event_id_from_record(&name, uuid))
            return fault_set_field(fault, "", "too long for an event_id to be made of it");
    } else if (reader->settings->allows_unnamed || is_retraction(reader, correction)) {
        *is_from_content = true;
    } else {
        return fault_set_field(fault, "event_id",
                               "the line has neither an event_id nor a source_record_id: a row "
                               "changed at the source would come back as a second fact; name it, "
                               "or use --allow-unnamed");
    }
    uuid_format(uuid, text);
    json_object_set_new(json, "event_id", json_string(text));
    return true;
}

/* The id as it stands in the record, now that it is filled. */
static bool finish_event_id(struct event_reader *reader, const struct correction *correction,
                            bool is_from_content, struct event *out, struct fault *fault)
{
    avro_value_t value;
    uint8_t uuid[UUID_BYTES];
    const char *text = NULL;
    size_t length;

    if (avro_value_get_by_name(&reader->record, "event_id", &value, NULL) != 0)
        return fault_set_field(fault, "event_id", "the schema has no such field");
    if (is_from_content) {
        if (!event_id_from_content(reader->schema, &reader->defaults, !correction->is_correction,
                                   out->occurred_us, &reader->record, uuid))
            return fault_set_field(fault, "", "too long for an event_id to be made of it");
        uuid_format(uuid, out->id);
        if (avro_value_set_string(&value, out->id) != 0)
            return fault_set_field(fault, "event_id", "cannot be encoded: %s", avro_strerror());
    } else {
        avro_value_get_string(&value, &text, &length);
        snprintf(out->id, sizeof(out->id), "%s", text);
    }
    if (correction->is_correction && strcmp(out->id, correction->target) == 0)
        return fault_set_field(fault, "supersedes_event_id", "an event cannot correct itself");
    return true;
}

static bool encode(struct event_reader *reader, struct event *out, struct fault *fault)
{
    size_t size = 0;
    uint8_t head[FRAME_SINGLE_OBJECT_BYTES];

    if (avro_value_sizeof(&reader->record, &size) != 0)
        return fault_set_field(fault, "", "cannot be encoded: %s", avro_strerror());
    if (size + sizeof(head) > MESSAGE_BYTES_MAX)
        return fault_set_field(fault, "", "the message would have %zu bytes, at most %d are taken",
                               size + sizeof(head), MESSAGE_BYTES_MAX);
    frame_write_head(reader->schema->fingerprint, head);
    buffer_clear(&out->value);
    /* avro-c wants a byte to spare. */
    unsigned char *room = buffer_reserve(&out->value, sizeof(head) + size + 1);
    assert(room && "the limit leaves it");
    memcpy(room, head, sizeof(head));
    avro_writer_t writer = avro_writer_memory((char *)room + sizeof(head), (int64_t)size + 1);
    bool ok = avro_value_write(writer, &reader->record) == 0;
    avro_writer_free(writer);
    out->value.length = sizeof(head) + size;
    return ok || fault_set_field(fault, "", "cannot be encoded: %s", avro_strerror());
}

static bool read_object(struct event_reader *reader, json_t *json, struct event *out,
                        struct fault *fault)
{
    struct filler filler = {.fault = fault, .has_times = true};
    struct correction correction;
    bool is_from_content;

    set_source(reader, json);
    if (!correction_read(json, reader->settings->type->word, &correction, fault)
        || !times_read(json, correction.is_correction, &filler.occurred_us, &filler.recorded_us,
                       fault)
        || !set_event_id(reader, json, &correction, filler.recorded_us, &is_from_content, fault))
        return false;
    out->action = correction.action;
    out->occurred_us = filler.occurred_us;
    out->recorded_us = filler.recorded_us;
    if (avro_value_reset(&reader->record) != 0)
        return fault_set_field(fault, "", "cannot be encoded: %s", avro_strerror());
    if (!fill_record(&filler, reader->schema->root, json, &reader->record)
        || !finish_event_id(reader, &correction, is_from_content, out, fault)
        || !encode(reader, out, fault))
        return false;
    snprintf(out->source, sizeof(out->source), "%s",
             json_string_value(json_object_get(json, "source")));
    buffer_clear(&out->key);
    return reader->settings->type->append_key(json, &out->key)
           || fault_set_field(fault, "", "its key would have more than %d bytes", KEY_BYTES_MAX);
}

bool event_read(struct event_reader *reader, const char *line, size_t length, struct event *out,
                struct fault *fault)
{
    json_t *json = line_json_read(line, length, fault);
    const char *reason = reader->settings->retraction_reason;
    bool ok = json && read_object(reader, json, out, fault);

    out->retracts_correction = ok && reason && out->action == ACTION_CORRECT;
    if (ok && reason)
        ok = retraction_make(json, out, reason, fault) && read_object(reader, json, out, fault);
    json_decref(json);
    return ok;
}
