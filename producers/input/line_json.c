#include "producers/input/line_json.h"

#include <string.h>

/* From the opening quote to behind the closing one; escapes are passed over. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\')
            at++;
    }
    return at < end ? at + 1 : end;
}

static void enter_key(struct field_path *path, const char *key, const char *key_end)
{
    char name[128];
    size_t length = (size_t)(key_end - key);

    if (length >= sizeof(name))
        length = sizeof(name) - 1;
    memcpy(name, key, length);
    name[length] = '\0';
    field_path_enter(path, name);
}

/*
 * jansson says where it met the second key; its path takes a walk through the text before:
 * the path of the key that ends at `position`. The line is well-formed up to there, so a
 * string is a key exactly when it stands in an object, first or after a comma.
 */
static void find_path(const char *line, size_t position, struct field_path *path)
{
    enum { DEPTH_MAX = 64 };
    struct {
        size_t length; /* Of the path before this container's keys. */
        size_t item;
        bool is_object;
    } stack[DEPTH_MAX];
    size_t depth = 0;
    bool expects_key = false;
    const char *end = line + position;

    for (const char *at = line; at < end;) {
        if (*at == '{' || *at == '[') {
            if (depth && !stack[depth - 1].is_object)
                field_path_enter_item(path, stack[depth - 1].item);
            if (depth == DEPTH_MAX)
                return;
            stack[depth].length = path->length;
            stack[depth].item = 0;
            stack[depth++].is_object = *at == '{';
            expects_key = *at == '{';
        } else if ((*at == '}' || *at == ']') && depth) {
            depth--;
            field_path_leave(path, stack[depth].length);
        } else if (*at == ',' && depth) {
            stack[depth - 1].item++;
            field_path_leave(path, stack[depth - 1].length);
            expects_key = stack[depth - 1].is_object;
        } else if (*at == '"') {
            const char *behind = skip_string(at, end);

            if (expects_key)
                enter_key(path, at + 1, behind - 1);
            expects_key = false;
            at = behind;
            continue;
        }
        at++;
    }
}

json_t *line_json_read(const char *line, size_t length, struct fault *fault)
{
    json_error_t error;
    json_t *json = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

    if (!json && json_error_code(&error) == json_error_duplicate_key) {
        struct field_path path = {.length = 0};

        find_path(line, (size_t)error.position, &path);
        fault_set(fault, &path, "is given twice");
        return NULL;
    }
    if (!json && length && line[0] != '{' && line[0] != '[') {
        fault_set_field(fault, "", "a line is one JSON object, in { and }");
        return NULL;
    }
    if (!json) {
        fault_set_field(fault, "", "not JSON: %s", error.text);
        return NULL;
    }
    if (!json_is_object(json)) {
        fault_set_field(fault, "", "a line is one JSON object, in { and }");
        json_decref(json);
        return NULL;
    }
    return json;
}
