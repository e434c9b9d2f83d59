#include "tests/support/check.h"

#include "common/avro/reader.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

struct number_case {
    const char *name;
    const uint8_t *bytes;
    size_t length;
    int64_t number;
    enum reason reason;
};

static struct number_case number_cases[] = {
    {"zero", BYTES(0x00), 0, REASON_NONE},
    {"minus one", BYTES(0x01), -1, REASON_NONE},
    {"63 is the last of one byte", BYTES(0x7e), 63, REASON_NONE},
    {"64 takes two bytes", BYTES(0x80, 0x01), 64, REASON_NONE},
    {"the greatest number", BYTES(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
     INT64_MAX, REASON_NONE},
    {"the least number", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
     INT64_MIN, REASON_NONE},
    {"a tenth byte of two bits", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02),
     0, REASON_MALFORMED},
    {"eleven bytes", BYTES(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x00), 0,
     REASON_MALFORMED},
    {"a number that does not end", BYTES(0x80, 0x80), 0, REASON_TRUNCATED},
};

static struct reader reader_of(const uint8_t *bytes, size_t length)
{
    return (struct reader){.start = bytes, .at = bytes, .end = bytes + length};
}

static void check_number(void **state)
{
    const struct number_case *row = *state;
    struct reader reader = reader_of(row->bytes, row->length);
    int64_t number = 0;

    assert_int_equal(reader_long(&reader, &number), row->reason == REASON_NONE);
    assert_int_equal(reader.reason, row->reason);
    assert_true(number == row->number);
    if (row->reason == REASON_NONE)
        assert_ptr_equal(reader.at, reader.end);
}

static void an_int_has_32_bits(void **state)
{
    static const uint8_t greatest[] = {0xfe, 0xff, 0xff, 0xff, 0x0f};
    static const uint8_t one_more[] = {0x80, 0x80, 0x80, 0x80, 0x10};
    int64_t number;
    struct reader reader = reader_of(greatest, sizeof(greatest));

    (void)state;
    assert_true(reader_int(&reader, &number));
    assert_int_equal(number, INT32_MAX);
    reader = reader_of(one_more, sizeof(one_more));
    assert_false(reader_int(&reader, &number));
    assert_int_equal(reader.reason, REASON_MALFORMED);
}

static void a_length_is_compared_with_what_is_left(void **state)
{
    static const uint8_t whole[] = {0x04, 'a', 'b'};
    static const uint8_t negative[] = {0x03, 'a', 'b'};
    const uint8_t *bytes;
    size_t length;
    struct reader reader = reader_of(whole, sizeof(whole));

    (void)state;
    assert_true(reader_bytes(&reader, &bytes, &length));
    assert_int_equal(length, 2);
    reader = reader_of(whole, 2);
    assert_false(reader_bytes(&reader, &bytes, &length));
    assert_int_equal(reader.reason, REASON_TRUNCATED);
    reader = reader_of(negative, sizeof(negative));
    assert_false(reader_bytes(&reader, &bytes, &length));
    assert_int_equal(reader.reason, REASON_MALFORMED);
}

static void a_boolean_is_0_or_1(void **state)
{
    static const uint8_t seven[] = {7};
    int64_t value;
    struct reader reader = reader_of(seven, sizeof(seven));

    (void)state;
    assert_false(reader_boolean(&reader, &value));
    assert_int_equal(reader.reason, REASON_MALFORMED);
}

struct block_case {
    const char *name;
    const uint8_t *bytes;
    size_t length;
    int items;
    enum reason reason;
};

/* Each item is one int, taken as it is. */
static struct block_case block_cases[] = {
    {"an empty array is one zero", BYTES(0x00), 0, REASON_NONE},
    {"one block of two", BYTES(0x04, 2, 4, 0x00), 2, REASON_NONE},
    {"two blocks", BYTES(0x02, 2, 0x04, 4, 6, 0x00), 3, REASON_NONE},
    {"a block with its size", BYTES(0x03, 0x04, 2, 4, 0x00), 2, REASON_NONE},
    {"a size that is too small", BYTES(0x03, 0x02, 2, 4, 0x00), 2, REASON_MALFORMED},
    {"a size beyond the end", BYTES(0x03, 0x7e, 2, 4, 0x00), 0, REASON_TRUNCATED},
    {"a negative size", BYTES(0x03, 0x01, 2, 4, 0x00), 0, REASON_MALFORMED},
    {"more items than bytes", BYTES(0x7e, 2, 4), 0, REASON_TRUNCATED},
    {"the least number of items",
     BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00), 0, REASON_MALFORMED},
    {"no end", BYTES(0x02, 2), 1, REASON_TRUNCATED},
};

static void check_blocks(void **state)
{
    const struct block_case *row = *state;
    struct reader reader = reader_of(row->bytes, row->length);
    struct reader_blocks blocks = {0};
    int items = 0;
    int64_t item;

    while (reader_next_item(&reader, &blocks)) {
        assert_true(reader_int(&reader, &item));
        items++;
    }
    assert_int_equal(reader.reason, row->reason);
    assert_int_equal(items, row->items);
}

int main(void)
{
    enum { OTHERS = 3 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(number_cases) + ARRAY_LENGTH(block_cases)] = {
        cmocka_unit_test(an_int_has_32_bits),
        cmocka_unit_test(a_length_is_compared_with_what_is_left),
        cmocka_unit_test(a_boolean_is_0_or_1),
    };
    size_t count = OTHERS;

    for (size_t i = 0; i < ARRAY_LENGTH(number_cases); i++)
        tests[count++] = test_row(number_cases[i].name, check_number, &number_cases[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(block_cases); i++)
        tests[count++] = test_row(block_cases[i].name, check_blocks, &block_cases[i]);
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
