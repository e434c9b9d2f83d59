#include "tests/support/check.h"

#include <string.h>

#include "consumers/lane/decode.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_request.h"
#include "tests/support/fake_routes.h"

/* From a message to a row or a reject, with real schemas and plans. */
struct stage {
    struct routes routes;
    struct partitions partitions;
    struct decoder decoder;
    struct batch batch;
};

static int open_stage(void **state)
{
    static struct stage stage;

    diary_open();
    fake_values_clear();
    stage = (struct stage){0};
    fake_routes_init(&stage.routes);
    partitions_init(&stage.partitions, &stage.routes);
    decoder_init(&stage.decoder, &stage.routes, 100);
    batch_init(&stage.batch, 4, 10000);
    *state = &stage;
    return 0;
}

static int close_stage(void **state)
{
    struct stage *stage = *state;

    batch_free(&stage->batch);
    decoder_clear(&stage->decoder);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    return 0;
}

static bool add(struct stage *stage, const struct message *message)
{
    struct partition *partition =
        partitions_get(&stage->partitions, message->topic, message->partition);

    partition->stream_id = 3;
    return decoder_add(&stage->decoder, partition, message, &stage->batch);
}

static struct message message_of_schema(struct stage *stage, enum fake_schema schema,
                                        const char *note)
{
    struct message message = fake_message(&stage->routes, FAKE_A, 1, 7);
    struct fake_value value = fake_value(&stage->routes, schema, 7, 2, note);

    message.value = value.data;
    message.value_length = value.length;
    return message;
}

static struct span rows_of(const struct stage *stage)
{
    return (struct span){stage->batch.rows.data, stage->batch.rows.length};
}

static void assert_field(struct stage *stage, size_t field, const void *bytes, size_t length)
{
    struct span found = fake_field(rows_of(stage), 0, field);

    assert_int_equal(found.length, length);
    assert_memory_equal(found.data, bytes, length);
}

static void a_message_becomes_a_row_of_its_fields_and_its_origin(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    assert_true(add(stage, &message));
    assert_int_equal(fake_count_rows(rows_of(stage)), 1);
    assert_null(stage->batch.entries[0].reject);
    assert_field(stage, 0, "\0\0\0\0\0\0\x40\0\x80\0\0\0\0\0\0\x07", 16); /* event_id */
    assert_field(stage, 1, "\0\0\0\2", 4);                                /* n */
    assert_field(stage, 2, "k", 1);                                       /* entity_key */
    assert_field(stage, 3, "\0\3", 2);                                    /* stream_id */
    assert_field(stage, 4, "\0\0\0\1", 4);                                /* kafka_partition */
    assert_field(stage, 5, "\0\0\0\0\0\0\0\7", 8);                        /* kafka_offset */
    assert_field(stage, 7, "\0\0\0\x64", 4);                              /* schema_id 100 */
    assert_int_equal(fake_field(rows_of(stage), 0, 8).length, 38);        /* the body */
}

static void its_time_counts_from_the_year_2000(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    message.published_us = INT64_C(946684800000001);
    assert_true(add(stage, &message));
    assert_field(stage, 6, "\0\0\0\0\0\0\0\1", 8);
}

static void a_message_without_a_time_has_none_in_its_row(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    message.published_us = -1;
    assert_true(add(stage, &message));
    assert_null(fake_field(rows_of(stage), 0, 6).data);
}

static void its_id_is_kept_beside_the_row(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    assert_true(add(stage, &message));
    assert_true(stage->batch.entries[0].has_event_id);
    assert_int_equal(stage->batch.entries[0].event_id[15], 7);
}

static void a_table_without_an_origin_has_no_column_for_it(void **state)
{
    struct stage *stage = *state;
    struct message message = fake_message(&stage->routes, FAKE_B, 0, 7);

    message.key = NULL;
    assert_true(add(stage, &message));
    assert_null(stage->batch.entries[0].reject);
    assert_false(stage->batch.entries[0].has_event_id);
    assert_field(stage, 0, "\0\0\0\1", 4);
    assert_field(stage, 1, "\0\3", 2);
}

static void rows_of_another_shape_do_not_go_into_the_batch(void **state)
{
    struct stage *stage = *state;
    struct message first = message_of_schema(stage, FAKE_R, NULL);
    struct message second = message_of_schema(stage, FAKE_R_NOTE, "x");

    assert_true(add(stage, &first));
    size_t length = stage->batch.rows.length;
    assert_false(add(stage, &second));
    assert_int_equal(stage->batch.count, 1);
    assert_int_equal(stage->batch.rows.length, length);
    batch_clear(&stage->batch);
    assert_true(add(stage, &second));
    assert_field(stage, 2, "x", 1);
}

static void rejects_go_into_a_batch_of_any_shape(void **state)
{
    struct stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 1);
    struct message first = message_of_schema(stage, FAKE_R_NOTE, NULL);

    assert_true(add(stage, &bad));
    assert_null(stage->batch.shape);
    assert_true(add(stage, &first));
    assert_true(add(stage, &bad));
    assert_int_equal(fake_count_rows(rows_of(stage)), 1);
    assert_int_equal(stage->batch.entries[2].row_end, stage->batch.entries[1].row_end);
}

static void a_closed_batch_takes_nothing(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    batch_close(&stage->batch, 0);
    assert_false(add(stage, &message));
    assert_int_equal(stage->batch.count, 0);
}

static void where_a_row_does_not_fit_the_next_batch_takes_it(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    stage->batch.rows.limit = 200;
    assert_true(add(stage, &message));
    size_t length = stage->batch.rows.length;
    assert_false(add(stage, &message));
    assert_int_equal(stage->batch.count, 1);
    assert_int_equal(stage->batch.rows.length, length);
}

/* Wherever in the row it is cut off. */
static void a_row_longer_than_any_batch_is_a_reject(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);

    for (size_t limit = 0; limit < 123; limit++) {
        batch_free(&stage->batch);
        batch_init(&stage->batch, 4, limit);
        assert_true(add(stage, &message));
        assert_non_null(stage->batch.entries[0].reject);
        assert_string_equal(stage->batch.entries[0].reject->reason, "OVERSIZE");
        assert_int_equal(stage->batch.rows.length, 0);
        assert_null(stage->batch.shape);
    }
}

/* A message that is no row: its reason, and the words that tell an operator more. */
struct reject_case {
    const char *name;
    size_t topic;
    const void *value;
    size_t length;
    enum fake_schema schema; /* Where value is NULL and length is not 0: so much of that schema. */
    const void *key;
    size_t key_length;
    const char *reason;
    const char *detail;
};

#define TEXT(text) text, sizeof(text) - 1
#define KEY "k", 1

static struct reject_case reject_cases[] = {
    {"no value", FAKE_A, NULL, 0, FAKE_R, KEY, "NULL_VALUE", "the message has no value"},
    {"a long value", FAKE_A, NULL, 101, FAKE_R, KEY, "OVERSIZE",
     "101 bytes, at most 100 are taken"},
    {"no frame", FAKE_A, TEXT("??"), FAKE_R, KEY, "NOT_FRAMED",
     "neither C3 01 and a fingerprint nor 00 and an id"},
    {"an empty value", FAKE_A, TEXT(""), FAKE_R, KEY, "NOT_FRAMED",
     "neither C3 01 and a fingerprint nor 00 and an id"},
    {"a registry's frame", FAKE_A, TEXT("\0\0\0\1\2x"), FAKE_R, KEY, "UNKNOWN_SCHEMA",
     "registry id 258, and no registry is configured"},
    {"an unknown fingerprint", FAKE_A, TEXT("\xc3\x01\1\2\3\4\5\6\7\x08"), FAKE_R, KEY,
     "UNKNOWN_SCHEMA", "no schema of fingerprint 0102030405060708 in the schema folder"},
    {"a schema that is no record", FAKE_A, NULL, 48, FAKE_STRING, KEY, "WRONG_TYPE",
     "a value that is no record does not go into table event.a: it is no record"},
    {"a record of another table", FAKE_B, NULL, 49, FAKE_R_NOTE, KEY, "WRONG_TYPE",
     "R does not go into table event.b"},
    {"a body cut off in a field", FAKE_A, NULL, 20, FAKE_R, KEY, "TRUNCATED",
     "field \"event_id\", at byte 1 of the body"},
    {"bytes after the body", FAKE_A, NULL, 50, FAKE_R, KEY, "TRAILING_BYTES",
     "at byte 38 of the body"},
    {"no key", FAKE_A, NULL, 48, FAKE_R, NULL, 0, "BAD_KEY", "the message has no key"},
    {"a key of FF", FAKE_A, NULL, 48, FAKE_R, TEXT("\xff"), "BAD_KEY", "the key is not UTF-8"},
    {"a key with NUL", FAKE_A, NULL, 48, FAKE_R, TEXT("a\0b"), "BAD_KEY", "the key holds U+0000"},
};

static void check_reject(void **state)
{
    const struct reject_case *row = *state;
    struct stage *stage;
    void *opened;

    open_stage(&opened);
    stage = opened;
    struct message message = fake_message(&stage->routes, row->topic, 0, 1);
    struct fake_value value = fake_value(&stage->routes, row->schema, 1, 1, NULL);

    message.value = row->value || row->length == 0 ? row->value : value.data;
    message.value_length = row->length;
    message.key = row->key;
    message.key_length = row->key_length;
    assert_true(add(stage, &message));
    const struct reject *reject = stage->batch.entries[0].reject;
    assert_non_null(reject);
    assert_string_equal(reject->reason, row->reason);
    assert_string_equal(reject->detail, row->detail);
    assert_string_equal(reject->sqlstate, "");
    assert_int_equal(stage->batch.rows.length, 0);
    close_stage(&opened);
}

static void of_a_message_refused_after_its_id_the_id_is_known(void **state)
{
    struct stage *stage = *state;
    struct message message = message_of_schema(stage, FAKE_R, NULL);
    struct message unread = fake_bad_message(&stage->routes, FAKE_A, 0, 1);

    message.key = NULL;
    assert_true(add(stage, &message));
    assert_string_equal(stage->batch.entries[0].reject->reason, "BAD_KEY");
    assert_true(stage->batch.entries[0].has_event_id);
    assert_true(add(stage, &unread));
    assert_false(stage->batch.entries[1].has_event_id);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
    enum { OTHERS = 11, REJECTS = ARRAY_LENGTH(reject_cases) };
    struct CMUnitTest tests[OTHERS + REJECTS] = {
        TEST(a_message_becomes_a_row_of_its_fields_and_its_origin),
        TEST(its_time_counts_from_the_year_2000),
        TEST(a_message_without_a_time_has_none_in_its_row),
        TEST(its_id_is_kept_beside_the_row),
        TEST(a_table_without_an_origin_has_no_column_for_it),
        TEST(rows_of_another_shape_do_not_go_into_the_batch),
        TEST(rejects_go_into_a_batch_of_any_shape),
        TEST(a_closed_batch_takes_nothing),
        TEST(where_a_row_does_not_fit_the_next_batch_takes_it),
        TEST(a_row_longer_than_any_batch_is_a_reject),
        TEST(of_a_message_refused_after_its_id_the_id_is_known),
    };

    for (size_t i = 0; i < REJECTS; i++)
        tests[OTHERS + i] = test_row(reject_cases[i].name, check_reject, &reject_cases[i]);
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
