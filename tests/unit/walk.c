#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "common/avro/walk.h"
#include "common/base/buffer.h"
#include "common/base/text.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define RECORD(name, fields) "{\"type\":\"record\",\"name\":\"" name "\",\"fields\":[" fields "]}"
#define FIELD(name, type) "{\"name\":\"" name "\",\"type\":" type "}"
#define OPTIONAL(type) "[\"null\"," type "]"
#define PLACE RECORD("P", FIELD("town", "\"string\"") "," FIELD("rank", "\"int\""))
#define ARRAY(items) "{\"type\":\"array\",\"items\":" items "}"
#define MAP(values) "{\"type\":\"map\",\"values\":" values "}"

/* What a walk tells, and behind a ! why it stopped, in which value and at which byte. */
struct walk_case {
    const char *name;
    const char *schema;
    const uint8_t *body;
    size_t length;
    const char *story;
};

static struct walk_case walk_cases[] = {
    {"values are told by their names",
     RECORD("R", FIELD("a", "\"int\"") "," FIELD("b", "\"string\"")), BYTES(2, 4, 'x', 'y'),
     "a=1 b=\"xy\" "},
    {"a record inside a record", RECORD("R", FIELD("at", PLACE)), BYTES(2, 'x', 4),
     "at.town=\"x\" at.rank=2 "},
    {"a record that may be absent", RECORD("R", FIELD("at", OPTIONAL(PLACE))), BYTES(2, 2, 'x', 4),
     "at.town=\"x\" at.rank=2 "},
    {"a record that is absent", RECORD("R", FIELD("at", OPTIONAL(PLACE))), BYTES(0), "at=null "},
    {"items by their number", RECORD("R", FIELD("at", ARRAY(PLACE))),
     BYTES(4, 2, 'x', 4, 2, 'y', 6, 0),
     "at[0].town=\"x\" at[0].rank=2 at[1].town=\"y\" at[1].rank=3 "},
    {"an empty array", RECORD("R", FIELD("at", ARRAY(PLACE))), BYTES(0), "at=[] "},
    {"values of a map by their keys", RECORD("R", FIELD("m", MAP("\"int\""))),
     BYTES(2, 4, 'u', 'r', 2, 0), "m[\"ur\"]=1 "},
    {"an empty map", RECORD("R", FIELD("m", MAP("\"int\""))), BYTES(0), "m={} "},
    {"a union of several types", RECORD("R", FIELD("u", "[\"null\",\"int\",\"string\"]")),
     BYTES(2, 2), "u{int}=1 "},
    {"a value that is no record", "\"int\"", BYTES(2), "=1 "},
    {"the body ends inside an item",
     RECORD("R", FIELD("a", "\"int\"") "," FIELD("at", ARRAY(PLACE))), BYTES(2, 4, 2, 'x', 4, 2),
     "a=1 at[0].town=\"x\" at[0].rank=2 !TRUNCATED at[1].town 6"},
    {"more items are announced than bytes are left", RECORD("R", FIELD("at", ARRAY("\"int\""))),
     BYTES(0x7e, 2), "!TRUNCATED at 1"},
    {"a branch that is none", RECORD("R", FIELD("at", OPTIONAL(PLACE))), BYTES(8),
     "!UNION_OUT_OF_RANGE at 1"},
    {"a key that is no text", RECORD("R", FIELD("m", MAP("\"int\""))), BYTES(2, 2, 0xff, 2, 0),
     "!INVALID_UTF8 m 3"},
    {"bytes behind the record", RECORD("R", FIELD("a", "\"int\"")), BYTES(2, 9, 9),
     "a=1 !TRAILING_BYTES  1"},
};

static bool add_to_story(void *context, const char *path, const char *json)
{
    return buffer_append_format(context, "%s=%s ", path, json);
}

static void check_story(void **state)
{
    const struct walk_case *row = *state;
    struct error err = {0};
    struct schema *schema = schema_parse(row->schema, strlen(row->schema), &err);
    struct buffer story;
    struct walk walk;

    if (!schema)
        fail_msg("%s", err.message);
    buffer_init(&story, 4096);
    if (!walk_body(schema->root, row->body, row->length, add_to_story, &story, &walk))
        assert_true(buffer_append_format(&story, "!%s %s %zu", reason_name(walk.reason), walk.path,
                                         walk.offset));
    assert_string_equal(buffer_text(&story), row->story);
    buffer_free(&story);
    schema_free(schema);
}

static void a_long_key_is_cut_and_still_text(void **state)
{
    static const char text[] = RECORD("R", FIELD("m", MAP("\"int\"")));
    enum { KEY_BYTES = 1200 };
    uint8_t body[3 + KEY_BYTES + 2] = {2, 0xe0, 0x12};
    struct error err = {0};
    struct schema *schema = schema_parse(text, strlen(text), &err);
    struct buffer story;
    struct walk walk;

    (void)state;
    for (size_t i = 0; i < KEY_BYTES; i += 3)
        memcpy(body + 3 + i, "\xe4\xb8\xad", 3);
    buffer_init(&story, 4096);
    assert_true(walk_body(schema->root, body, sizeof(body), add_to_story, &story, &walk));
    assert_true(story.length > 400 && story.length < WALK_PATH_BYTES + 8);
    assert_int_equal(text_check(story.data, story.length), TEXT_OK);
    buffer_free(&story);
    schema_free(schema);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(walk_cases) + 1];

    for (size_t i = 0; i < ARRAY_LENGTH(walk_cases); i++)
        tests[i] = test_row(walk_cases[i].name, check_story, &walk_cases[i]);
    tests[ARRAY_LENGTH(walk_cases)] =
        (struct CMUnitTest)cmocka_unit_test(a_long_key_is_cut_and_still_text);
    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
