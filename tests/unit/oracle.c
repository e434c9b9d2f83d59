/*
 * avro-c as the oracle: what it encodes, the plan decodes to the same values; what the plan
 * accepts of damaged bytes, avro-c accepts, too. The schemas are the project's own.
 */
#include "tests/support/check.h"

#include <avro.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/plan.h"
#include "common/avro/reader.h"
#include "common/avro/render.h"

enum { ROUNDS = 300, MUTATIONS = 20, BODY_BYTES = 64 * 1024 };

static uint64_t seed = 20220620;

static uint64_t next_random(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static void fill(const struct schema_node *node, avro_value_t *value);

static void fill_string(const struct schema_node *node, avro_value_t *value)
{
    static const char *const texts[] = {"", "Z-Park", "中关村科技园", "زیڈ پارک",
                                        "a \"quote\"\n\\"};
    char uuid[UUID_TEXT_LENGTH + 1];
    uint8_t bytes[UUID_BYTES];

    if (node->logical != LOGICAL_UUID) {
        avro_value_set_string(value, texts[next_random(ARRAY_LENGTH(texts))]);
        return;
    }
    for (size_t i = 0; i < UUID_BYTES; i++)
        bytes[i] = (uint8_t)next_random(256);
    uuid_format(bytes, uuid);
    avro_value_set_string(value, uuid);
}

static void fill_items(const struct schema_node *node, avro_value_t *value)
{
    for (uint64_t i = next_random(4); i > 0; i--) {
        avro_value_t item;
        char key[32];

        snprintf(key, sizeof(key), "k%" PRIu64, i);
        if (node->kind == SCHEMA_ARRAY)
            avro_value_append(value, &item, NULL);
        else
            avro_value_add(value, key, &item, NULL, NULL);
        fill(node->items, &item);
    }
}

static void fill(const struct schema_node *node, avro_value_t *value)
{
    avro_value_t inner;
    uint8_t amount[2];
    size_t index;

    switch (node->kind) {
    case SCHEMA_RECORD:
        for (size_t i = 0; i < node->field_count; i++) {
            avro_value_get_by_index(value, i, &inner, NULL);
            fill(node->fields[i].type, &inner);
        }
        break;
    case SCHEMA_UNION:
        index = next_random(node->branch_count);
        avro_value_set_branch(value, (int)index, &inner);
        fill(node->branches[index], &inner);
        break;
    case SCHEMA_ARRAY:
    case SCHEMA_MAP:
        fill_items(node, value);
        break;
    case SCHEMA_STRING:
        fill_string(node, value);
        break;
    case SCHEMA_ENUM:
        avro_value_set_enum(value, (int)next_random(node->symbol_count));
        break;
    case SCHEMA_INT:
        avro_value_set_int(value, (int32_t)next_random(40000) - 20000);
        break;
    case SCHEMA_LONG:
        avro_value_set_long(value,
                            (int64_t)next_random(UINT64_C(4000000000000000)) - 1000000000000000);
        break;
    case SCHEMA_BYTES:
        amount[0] = (uint8_t)next_random(256);
        amount[1] = (uint8_t)next_random(256);
        avro_value_set_bytes(value, amount, 1 + next_random(2));
        break;
    case SCHEMA_NULL:
        avro_value_set_null(value);
        break;
    default:
        fail_msg("a type that the schemas do not use");
    }
}

/* The JSON that render_value() gives must say what avro-c's value says. */
static void compare(const struct schema_node *node, avro_value_t *value, const json_t *json)
{
    avro_value_t inner;
    size_t size = 0;
    size_t null_branch;
    int index = 0;
    const char *text = NULL;

    switch (node->kind) {
    case SCHEMA_RECORD:
        assert_int_equal(json_object_size(json), node->field_count);
        for (size_t i = 0; i < node->field_count; i++) {
            avro_value_get_by_index(value, i, &inner, NULL);
            compare(node->fields[i].type, &inner, json_object_get(json, node->fields[i].name));
        }
        break;
    case SCHEMA_UNION:
        avro_value_get_discriminant(value, &index);
        avro_value_get_current_branch(value, &inner);
        assert_non_null(schema_nullable(node, &null_branch));
        compare(node->branches[index], &inner, json);
        break;
    case SCHEMA_ARRAY:
        avro_value_get_size(value, &size);
        assert_int_equal(json_array_size(json), size);
        for (size_t i = 0; i < size; i++) {
            avro_value_get_by_index(value, i, &inner, NULL);
            compare(node->items, &inner, json_array_get(json, i));
        }
        break;
    case SCHEMA_MAP:
        avro_value_get_size(value, &size);
        assert_int_equal(json_object_size(json), size);
        for (size_t i = 0; i < size; i++) {
            avro_value_get_by_index(value, i, &inner, &text);
            compare(node->items, &inner, json_object_get(json, text));
        }
        break;
    case SCHEMA_STRING:
        avro_value_get_string(value, &text, &size);
        assert_string_equal(json_string_value(json), text);
        break;
    case SCHEMA_ENUM:
        avro_value_get_enum(value, &index);
        assert_string_equal(json_string_value(json), node->symbols[index]);
        break;
    case SCHEMA_INT:
        avro_value_get_int(value, &index);
        if (node->logical == LOGICAL_NONE)
            assert_int_equal(json_integer_value(json), index);
        else
            assert_int_equal(json_string_length(json), 10);
        break;
    case SCHEMA_NULL:
        assert_true(json_is_null(json));
        break;
    default:
        assert_true(json_is_string(json));
        break;
    }
}

struct oracle {
    struct schema *schema;
    avro_schema_t writer_schema;
    avro_value_iface_t *iface;
    struct plan *plan; /* Into no column: it checks everything. */
    char body[BODY_BYTES];
    size_t length;
};

static void encode(struct oracle *oracle, avro_value_t *value)
{
    avro_writer_t writer = avro_writer_memory(oracle->body, sizeof(oracle->body));

    assert_int_equal(avro_value_write(writer, value), 0);
    oracle->length = (size_t)avro_writer_tell(writer);
    avro_writer_free(writer);
}

static void the_plan_reads_what_avro_c_wrote(struct oracle *oracle, avro_value_t *value)
{
    struct reader reader = {.start = (uint8_t *)oracle->body,
                            .at = (uint8_t *)oracle->body,
                            .end = (uint8_t *)oracle->body + oracle->length};
    struct buffer text;

    buffer_init(&text, 1024 * 1024);
    assert_true(render_value(&reader, oracle->schema->root, &text));
    assert_ptr_equal(reader.at, reader.end);
    json_t *json = json_loadb((char *)text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    compare(oracle->schema->root, value, json);
    json_decref(json);
    buffer_free(&text);
}

/* avro-c 1.11 leaks what it read before a fault, so it is asked only about what we accept. */
static void what_the_plan_accepts_avro_c_accepts(struct oracle *oracle, struct decoded *decoded)
{
    uint8_t damaged[BODY_BYTES];
    size_t length = oracle->length;
    avro_value_t value;

    memcpy(damaged, oracle->body, length);
    for (uint64_t flips = 1 + next_random(3); flips > 0; flips--)
        damaged[next_random(length)] = (uint8_t)next_random(256);
    if (next_random(4) == 0)
        length = next_random(length);
    if (!plan_run(oracle->plan, damaged, length, decoded)) {
        assert_int_not_equal(decoded->reason, REASON_NONE);
        return;
    }
    avro_reader_t reader = avro_reader_memory((char *)damaged, (int64_t)length);
    avro_generic_value_new(oracle->iface, &value);
    assert_int_equal(avro_value_read(reader, &value), 0);
    avro_value_decref(&value);
    avro_reader_free(reader);
}

static void check_schema(void **state)
{
    static struct oracle oracle;
    struct error err = {0};
    struct decoded decoded;
    avro_value_t value;
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", TEST_SCHEMAS, (const char *)*state);
    oracle.schema = schema_load(path, &err);
    assert_non_null(oracle.schema);
    oracle.plan = plan_compile(oracle.schema, NULL, 0, &err);
    assert_non_null(oracle.plan);
    assert_int_equal(avro_schema_from_json_length(oracle.schema->text, oracle.schema->text_length,
                                                  &oracle.writer_schema),
                     0);
    oracle.iface = avro_generic_class_from_schema(oracle.writer_schema);
    avro_generic_value_new(oracle.iface, &value);
    decoded_init(&decoded, 0);
    print_message("seed %" PRIu64 "\n", seed);
    for (int round = 0; round < ROUNDS; round++) {
        avro_value_reset(&value);
        fill(oracle.schema->root, &value);
        encode(&oracle, &value);
        the_plan_reads_what_avro_c_wrote(&oracle, &value);
        for (int i = 0; i < MUTATIONS; i++)
            what_the_plan_accepts_avro_c_accepts(&oracle, &decoded);
    }
    decoded_clear(&decoded);
    avro_value_decref(&value);
    avro_value_iface_decref(oracle.iface);
    avro_schema_decref(oracle.writer_schema);
    plan_free(oracle.plan);
    schema_free(oracle.schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_row("outreach events", check_schema, (void *)(uintptr_t) "outreach_event.avsc"),
        test_row("agreement events", check_schema, (void *)(uintptr_t) "agreement_event.avsc"),
        test_row("training events", check_schema, (void *)(uintptr_t) "training_event.avsc"),
    };

    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
