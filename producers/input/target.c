#include "producers/input/target.h"

#include <string.h>

#include "producers/input/event_id.h"
#include "producers/input/fill_scalar.h"

enum { RECORD_BYTES_MAX = 256 };

static const char target_record[] = "supersedes_source_record_id";
static const char target_id[] = "supersedes_event_id";

/* The record's name, "" where none is given; NULL with a fault. */
static const char *read_record(const json_t *event, struct fault *fault)
{
    const json_t *json = json_object_get(event, target_record);
    const char *text = json_string_value(json);

    if (!json || json_is_null(json))
        return "";
    if (!text)
        fault_set_field(fault, target_record, "is %s and must be a text", fill_type_name(json));
    else if (json_string_length(json) > RECORD_BYTES_MAX) {
        fault_set_field(fault, target_record, "has %zu bytes, at most %d are taken",
                        json_string_length(json), RECORD_BYTES_MAX);
        return NULL;
    } else if (strlen(text) != json_string_length(json)) {
        fault_set_field(fault, target_record, "holds the character U+0000, which no text may");
        return NULL;
    }
    return text;
}

static bool name_target(json_t *event, const char *type, const char *record, struct fault *fault)
{
    uint8_t uuid[UUID_BYTES];
    char text[UUID_TEXT_LENGTH + 1];
    const char *source = json_string_value(json_object_get(event, "source"));
    struct record_name name = {.type = type,
                               .action = ACTION_ASSERT,
                               .target = "",
                               .source = source ? source : "",
                               .source_record_id = record};

    if (!event_id_from_record(&name, uuid))
        return fault_set_field(fault, "", "too long for an event_id to be made of it");
    uuid_format(uuid, text);
    json_object_set_new(event, target_id, json_string(text));
    return true;
}

static bool read_action(const json_t *event, struct correction *out, struct fault *fault)
{
    const json_t *json = json_object_get(event, "action");
    const char *symbol = json ? json_string_value(json) : action_symbol(ACTION_ASSERT);

    if (!symbol)
        return fault_set_field(fault, "action", "is %s and must be a symbol", fill_type_name(json));
    if (!action_read(symbol, &out->action))
        return fault_set_field(fault, "action", "\"%.40s\" is none of ASSERT, CORRECT, RETRACT",
                               symbol);
    out->is_correction = out->action != ACTION_ASSERT;
    return true;
}

bool correction_read(json_t *event, const char *type, struct correction *out, struct fault *fault)
{
    *out = (struct correction){.action = ACTION_ASSERT};
    const char *record = read_record(event, fault);
    if (!record || !read_action(event, out, fault))
        return false;

    const json_t *given = json_object_get(event, target_id);
    bool has_id = given && !json_is_null(given);
    if (record[0] && !out->is_correction)
        return fault_set_field(fault, target_record, "an ASSERT has no target");
    if (record[0] && has_id)
        return fault_set_field(fault, target_record, "is given beside %s: one of them", target_id);
    if (out->is_correction && !record[0] && !has_id)
        return fault_set_field(fault, target_id, "is missing: what does this %s?",
                               out->action == ACTION_CORRECT ? "correct" : "retract");
    if (record[0] && !name_target(event, type, record, fault))
        return false;
    json_object_del(event, target_record);

    /* What is no UUID is found when the field is filled, with its path. */
    const char *target = json_string_value(json_object_get(event, target_id));
    uint8_t uuid[UUID_BYTES];
    if (target && uuid_parse(target, strlen(target), uuid))
        uuid_format(uuid, out->target);
    return true;
}
