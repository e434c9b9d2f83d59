#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "consumers/lane/rejects.h"
#include "tests/support/fake_part.h"
#include "tests/support/fake_request.h"

/* The rejects of the part as rows; the caller frees them. */
static struct buffer rejects_of(struct part_stage *stage)
{
    struct buffer out;

    buffer_init(&out, 4 * 1024 * 1024);
    rejects_copy(&stage->part, &out);
    return out;
}

static void assert_reject_field(struct part_stage *stage, size_t row, size_t field,
                                const void *bytes, size_t length)
{
    struct buffer rejects = rejects_of(stage);
    struct span found = fake_field((struct span){rejects.data, rejects.length}, row, field);

    assert_int_equal(found.length, length);
    if (bytes)
        assert_memory_equal(found.data, bytes, length);
    else
        assert_null(found.data);
    buffer_free(&rejects);
}

enum {
    STREAM,
    PARTITION,
    OFFSET,
    PUBLISHED,
    REASON,
    DETAIL,
    SQLSTATE,
    EVENT_ID,
    MESSAGE_KEY,
    VALUE,
    VALUE_BYTES,
    VALUE_SHA256,
    HEADERS
};

static void a_reject_keeps_all_that_is_known_of_its_message(void **state)
{
    struct part_stage *stage = *state;
    uint8_t sha256[SHA256_BYTES];

    hash_sha256("??", 2, sha256);
    assert_reject_field(stage, 0, STREAM, "\0\3", 2);
    assert_reject_field(stage, 0, PARTITION, "\0\0\0\0", 4);
    assert_reject_field(stage, 0, OFFSET, "\0\0\0\0\0\0\0\x0c", 8);
    assert_reject_field(stage, 0, REASON, "NOT_FRAMED", 10);
    assert_reject_field(stage, 0, SQLSTATE, NULL, 0);
    assert_reject_field(stage, 0, EVENT_ID, NULL, 0);
    assert_reject_field(stage, 0, MESSAGE_KEY, "k", 1);
    assert_reject_field(stage, 0, VALUE, "??", 2);
    assert_reject_field(stage, 0, VALUE_BYTES, "\0\0\0\2", 4);
    assert_reject_field(stage, 0, VALUE_SHA256, sha256, sizeof(sha256));
    assert_reject_field(stage, 0, HEADERS, "\1[]", 3);
}

static void only_the_rejects_of_the_part_are_copied(void **state)
{
    struct part_stage *stage = *state;

    part_set(&stage->part, &stage->batch, 3, 6);
    struct buffer rejects = rejects_of(stage);
    assert_int_equal(rejects.length, 0);
    buffer_free(&rejects);
}

static void what_postgresql_has_said_is_kept_with_its_id(void **state)
{
    struct part_stage *stage = *state;
    struct reject *reject = reject_new("REFUSED", "too long");

    memcpy(reject->sqlstate, "54000", 6);
    part_reject(&stage->part, part_row(&stage->part, 1), reject);
    assert_reject_field(stage, 0, DETAIL, "too long", 8);
    assert_reject_field(stage, 0, SQLSTATE, "54000", 5);
    assert_reject_field(stage, 0, EVENT_ID, stage->batch.entries[0].event_id, 16);
}

static void words_are_cut_where_they_are_no_text(void **state)
{
    struct part_stage *stage = *state;

    part_reject(&stage->part, part_row(&stage->part, 1), reject_new("REFUSED", "ab\xe4\xb8"));
    assert_reject_field(stage, 0, DETAIL, "ab", 2);
}

static void a_message_without_value_key_and_time_has_none_of_them(void **state)
{
    struct part_stage *stage = *state;
    struct message *message = &stage->batch.entries[2].message;

    message->value = NULL;
    message->value_length = 0;
    message->key = NULL;
    message->key_length = 0;
    message->published_us = -1;
    assert_reject_field(stage, 0, PUBLISHED, NULL, 0);
    assert_reject_field(stage, 0, MESSAGE_KEY, NULL, 0);
    assert_reject_field(stage, 0, VALUE, NULL, 0);
    assert_reject_field(stage, 0, VALUE_BYTES, "\0\0\0\0", 4);
    assert_reject_field(stage, 0, VALUE_SHA256, NULL, 0);
}

static void of_a_long_value_a_megabyte_is_kept(void **state)
{
    enum { KEPT = 1024 * 1024 };
    struct part_stage *stage = *state;
    struct message *message = &stage->batch.entries[2].message;
    char *value = memory_new(KEPT + 1, 1);

    message->value = value;
    message->value_length = KEPT + 1;
    assert_reject_field(stage, 0, VALUE, value, KEPT);
    assert_reject_field(stage, 0, VALUE_BYTES, "\0\x10\0\1", 4);
    free(value);
}

static jmp_buf out_of_memory;

/* The last words of a program without memory. */
static void jump(enum log_level level, const char *message)
{
    (void)level;
    assert_string_equal(message, "out of memory");
    longjmp(out_of_memory, 1);
}

static void without_room_for_a_reject_the_program_ends(void **state)
{
    struct part_stage *stage = *state;
    struct reject *reject = reject_new("REFUSED", "no");
    struct buffer whole;

    memcpy(reject->sqlstate, "54000", 6);
    part_reject(&stage->part, part_row(&stage->part, 4), reject);
    stage->batch.entries[5].message.published_us = -1;
    whole = rejects_of(stage);
    size_t length = whole.length;
    buffer_free(&whole);
    for (size_t limit = 0; limit < length; limit++) {
        struct buffer out;

        buffer_init(&out, limit);
        log_divert(jump);
        if (setjmp(out_of_memory) == 0) {
            rejects_copy(&stage->part, &out);
            fail_msg("%zu bytes are enough", limit);
        }
        buffer_free(&out);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, part_stage_open, part_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(a_reject_keeps_all_that_is_known_of_its_message),
        TEST(only_the_rejects_of_the_part_are_copied),
        TEST(what_postgresql_has_said_is_kept_with_its_id),
        TEST(words_are_cut_where_they_are_no_text),
        TEST(a_message_without_value_key_and_time_has_none_of_them),
        TEST(of_a_long_value_a_megabyte_is_kept),
        TEST(without_room_for_a_reject_the_program_ends),
    };

    return cmocka_run_group_tests_name("rejects", tests, NULL, NULL);
}
