#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "common/avro/fingerprint.h"
#include "common/avro/folder.h"
#include "common/avro/frame.h"
#include "common/base/text.h"

struct fingerprint_case {
    const char *name;
    const char *schema; /* JSON, or a path. */
    const char *fingerprint;
};

/* From Avro's own share/test/data/schema-tests.txt and from schemas/README.md. */
static struct fingerprint_case fingerprint_cases[] = {
    {"\"int\"", "\"int\"", "8f5c393f1ad57572"},
    {"{\"type\": \"int\"} is \"int\"", "{\"type\": \"int\"}", "8f5c393f1ad57572"},
    {"\"null\"", "\"null\"", "8a8f25cce724dd63"},
    {"the record of Avro's message test",
     "{\"name\":\"org.apache.avro.TestMessage\",\"type\":\"record\",\"fields\":[{\"name\":\"id\","
     "\"type\":\"long\"},{\"name\":\"name\",\"type\":\"string\"},{\"name\":\"tags\",\"type\":{"
     "\"type\":\"array\",\"items\":\"string\"}}]}",
     "a92de1f8a242f53d"},
    {"outreach", TEST_SCHEMAS "/outreach_event.avsc", "ada356986ed8255f"},
    {"agreement", TEST_SCHEMAS "/agreement_event.avsc", "998bd9ec1026f353"},
    {"training", TEST_SCHEMAS "/training_event.avsc", "67dfd4f16e227560"},
    {"outreach, second version", TEST_DATA "/schemas/outreach_event.v2.avsc", "67ee2c5dc0caf351"},
};

static struct schema *read_schema(const char *text, struct error *err)
{
    return text[0] == '/' ? schema_load(text, err) : schema_parse(text, strlen(text), err);
}

static void check_fingerprint(void **state)
{
    const struct fingerprint_case *row = *state;
    struct error err = {0};
    char text[2 * FINGERPRINT_BYTES + 1];
    struct schema *schema = read_schema(row->schema, &err);

    if (!schema)
        fail_msg("%s", err.message);
    hex_format(schema->fingerprint, FINGERPRINT_BYTES, text);
    assert_string_equal(text, row->fingerprint);
    schema_free(schema);
}

struct refusal {
    const char *name;
    const char *schema;
    const char *words;
};

#define RECORD(fields) "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"

static struct refusal refusals[] = {
    {"what is not JSON", "{", "not JSON"},
    {"an unknown type", "\"integer\"", "unknown type: \"integer\""},
    {"a type that holds itself", RECORD("{\"name\":\"x\",\"type\":[\"null\",\"R\"]}"),
     "recursive type"},
    {"a field given twice",
     RECORD("{\"name\":\"x\",\"type\":\"int\"},{\"name\":\"x\",\"type\":\"int\"}"),
     "field given twice: \"x\""},
    {"a field without a type", RECORD("{\"name\":\"x\"}"), "field \"x\": type missing"},
    {"a name that is none", RECORD("{\"name\":\"a-b\",\"type\":\"int\"}"), "valid name"},
    {"a symbol given twice", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"A\"]}",
     "symbol given twice"},
    {"a type defined twice",
     RECORD("{\"name\":\"x\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":1}},"
            "{\"name\":\"y\",\"type\":{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}}"),
     "defined twice"},
    {"a fixed of negative size", "{\"type\":\"fixed\",\"name\":\"F\",\"size\":-2}", "valid size"},
    {"an array of nothings", "{\"type\":\"array\",\"items\":\"null\"}", "without content"},
    {"an array of empty records",
     "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"E\",\"fields\":[]}}",
     "without content"},
    {"one type twice in a union", "[\"int\",\"int\"]", "twice in a union"},
    {"a union in a union", "[\"null\",[\"int\"]]", "union directly inside"},
    {"a pattern that is none", RECORD("{\"name\":\"x\",\"type\":\"string\",\"pattern\":\"(\"}"),
     "regular expression"},
};

static void check_refusal(void **state)
{
    const struct refusal *row = *state;
    struct error err = {0};
    struct schema *schema = read_schema(row->schema, &err);

    schema_free(schema);
    assert_null(schema);
    assert_int_equal(err.kind, ERROR_CONFIGURATION);
    if (!strstr(err.message, row->words))
        fail_msg("%s", err.message);
}

static void types_nested_too_deep_are_refused(void **state)
{
    char text[2048] = "";
    struct error err = {0};

    (void)state;
    for (int i = 0; i < 40; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "{\"type\":\"map\",\"values\":");
    struct schema *schema = schema_parse(text, strlen(text), &err);
    assert_null(schema);
}

static void a_fingerprint_is_blind_to_scale_and_default_but_we_are_not(void **state)
{
    static const char one[] =
        RECORD("{\"name\":\"x\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\","
               "\"precision\":9,\"scale\":2}}");
    static const char other[] =
        RECORD("{\"name\":\"x\",\"type\":{\"type\":\"bytes\",\"logicalType\":\"decimal\","
               "\"precision\":9,\"scale\":3}}");
    struct error err = {0};
    struct schema *a = read_schema(one, &err);
    struct schema *b = read_schema(other, &err);

    (void)state;
    assert_memory_equal(a->fingerprint, b->fingerprint, FINGERPRINT_BYTES);
    assert_false(schema_means_the_same(a, b));
    assert_true(schema_means_the_same(a, a));
    schema_free(a);
    schema_free(b);
}

static void the_envelope_is_the_same_in_all_types(void **state)
{
    enum { ENVELOPE_FIELDS = 13 };
    static const char *const files[] = {"outreach_event.avsc", "agreement_event.avsc",
                                        "training_event.avsc"};
    json_t *first[ENVELOPE_FIELDS] = {NULL};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char path[512];
        struct error err = {0};

        snprintf(path, sizeof(path), "%s/%s", TEST_SCHEMAS, files[i]);
        struct schema *schema = schema_load(path, &err);
        assert_non_null(schema);
        json_t *fields = json_object_get(schema->json, "fields");
        for (size_t j = 0; j < ENVELOPE_FIELDS; j++) {
            json_t *field = json_array_get(fields, j);

            if (i == 0)
                first[j] = json_incref(field);
            assert_true(json_equal(first[j], field));
        }
        schema_free(schema);
    }
    for (size_t j = 0; j < ENVELOPE_FIELDS; j++)
        json_decref(first[j]);
}

static void a_frame_is_told_by_its_first_bytes(void **state)
{
    static const uint8_t single[] = {0xc3, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 42};
    static const uint8_t registry[] = {0x00, 0x00, 0x01, 0x02, 0x03};

    (void)state;
    struct frame frame = frame_read(single, sizeof(single));
    assert_int_equal(frame.kind, FRAME_SINGLE_OBJECT);
    assert_int_equal(frame.body_length, 1);
    assert_int_equal(frame.body[0], 42);
    assert_int_equal(frame_read(single, 9).kind, FRAME_NONE);
    frame = frame_read(registry, sizeof(registry));
    assert_int_equal(frame.kind, FRAME_REGISTRY);
    assert_int_equal(frame.registry_id, 0x010203);
    assert_int_equal(frame.body_length, 0);
    assert_int_equal(frame_read(registry, 4).kind, FRAME_NONE);
    assert_int_equal(frame_read("", 0).kind, FRAME_NONE);
    assert_int_equal(frame_read("{\"a\": \"JSON is no frame\"}", 23).kind, FRAME_NONE);
}

int main(void)
{
    enum { OTHERS = 4 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(fingerprint_cases) + ARRAY_LENGTH(refusals)] = {
        cmocka_unit_test(types_nested_too_deep_are_refused),
        cmocka_unit_test(a_fingerprint_is_blind_to_scale_and_default_but_we_are_not),
        cmocka_unit_test(the_envelope_is_the_same_in_all_types),
        cmocka_unit_test(a_frame_is_told_by_its_first_bytes),
    };
    size_t count = OTHERS;

    for (size_t i = 0; i < ARRAY_LENGTH(fingerprint_cases); i++)
        tests[count++] =
            test_row(fingerprint_cases[i].name, check_fingerprint, &fingerprint_cases[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
        tests[count++] = test_row(refusals[i].name, check_refusal, &refusals[i]);
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
