/*
 * Frame and plan on foreign bytes: nothing is read beyond them, and a body that the plan
 * accepts is a value of the schema, whole: rendering it as JSON ends at the same byte. What it
 * refuses, a walk refuses for the same reason and at the same byte.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/folder.h"
#include "common/avro/frame.h"
#include "common/avro/plan.h"
#include "common/avro/render.h"
#include "common/avro/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct schema_folder folder;
static struct plan *plans[8];
static struct decoded decoded;

static void prepare(void)
{
    struct error err;

    if (folder.count)
        return;
    if (!schema_folder_load(TEST_SCHEMAS, &folder, &err))
        abort();
    decoded_init(&decoded, 1);
    for (size_t i = 0; i < folder.count; i++)
        plans[i] = plan_compile(folder.schemas[i], NULL, 0, &err);
}

/* Each value that a walk tells is JSON of its own. */
static bool check_json(void *context, const char *path, const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

    (void)context;
    if (!json || strlen(path) >= WALK_PATH_BYTES)
        abort();
    json_decref(json);
    return true;
}

static void check_walk(const struct schema *schema, const uint8_t *body, size_t length,
                       enum reason reason, size_t fault_offset)
{
    struct walk walk;
    bool is_whole = walk_body(schema->root, body, length, check_json, NULL, &walk);

    if (is_whole != (reason == REASON_NONE) || walk.reason != reason
        || (!is_whole && walk.offset != fault_offset))
        abort();
}

static void check_body(const struct schema *schema, const struct plan *plan, const uint8_t *body,
                       size_t length)
{
    struct reader reader = {.start = body, .at = body, .end = body + length};
    struct buffer text;

    if (!plan_run(plan, body, length, &decoded)) {
        check_walk(schema, body, length, decoded.reason, decoded.fault_offset);
        return;
    }
    check_walk(schema, body, length, REASON_NONE, 0);
    buffer_init(&text, 64 * 1024 * 1024);
    if (!render_value(&reader, schema->root, &text) || reader.at != reader.end)
        abort();
    json_t *json = json_loadb((char *)text.data, text.length, JSON_DECODE_ANY, NULL);
    if (!json)
        abort();
    json_decref(json);
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    struct frame frame = frame_read(data, size);
    /* Most mutations break the fingerprint: its last byte chooses the schema then. */
    if (frame.kind != FRAME_SINGLE_OBJECT)
        return 0;
    size_t choice = frame.fingerprint[FINGERPRINT_BYTES - 1] % folder.count;
    for (size_t i = 0; i < folder.count; i++) {
        if (memcmp(folder.schemas[i]->fingerprint, frame.fingerprint, FINGERPRINT_BYTES) == 0)
            choice = i;
    }
    check_body(folder.schemas[choice], plans[choice], frame.body, frame.body_length);
    return 0;
}
