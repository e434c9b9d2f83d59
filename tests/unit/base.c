#include "tests/support/check.h"

#include <string.h>

#include "common/base/buffer.h"
#include "common/base/error.h"
#include "common/base/hash.h"
#include "common/base/text.h"

struct text_case {
    const char *name;
    const char *text;
    size_t length;
    enum text_fault fault;
};

#define TEXT(literal) literal, sizeof(literal) - 1

static struct text_case text_cases[] = {
    {"nothing is text", TEXT(""), TEXT_OK},
    {"ASCII is text", TEXT("Special Technology Zones Authority"), TEXT_OK},
    {"Urdu is text", TEXT("خصوصی ٹیکنالوجی زونز اتھارٹی"), TEXT_OK},
    {"Chinese after eight bytes is text", TEXT("12345678中关村"), TEXT_OK},
    {"U+10FFFF is the last character", TEXT("\xf4\x8f\xbf\xbf"), TEXT_OK},
    {"a NUL is found at the start", TEXT("\0abc"), TEXT_NUL_BYTE},
    {"a NUL is found inside a word of eight", TEXT("1234567\0"), TEXT_NUL_BYTE},
    {"a NUL is found after a word of eight", TEXT("12345678\0"), TEXT_NUL_BYTE},
    {"the first fault counts: NUL", TEXT("a\0\xff"), TEXT_NUL_BYTE},
    {"the first fault counts: UTF-8", TEXT("a\xff\0"), TEXT_INVALID_UTF8},
    {"FF is never UTF-8", TEXT("\xff"), TEXT_INVALID_UTF8},
    {"a lonely continuation byte", TEXT("a\x80"), TEXT_INVALID_UTF8},
    {"an over-long slash", TEXT("\xc0\xaf"), TEXT_INVALID_UTF8},
    {"an over-long three-byte form", TEXT("\xe0\x80\xaf"), TEXT_INVALID_UTF8},
    {"an over-long four-byte form", TEXT("\xf0\x80\x80\xaf"), TEXT_INVALID_UTF8},
    {"a surrogate", TEXT("\xed\xa0\x80"), TEXT_INVALID_UTF8},
    {"above U+10FFFF", TEXT("\xf4\x90\x80\x80"), TEXT_INVALID_UTF8},
    {"a lead byte above F4", TEXT("\xf5\x80\x80\x80"), TEXT_INVALID_UTF8},
    {"a character cut off at the end", TEXT("abc\xe4\xb8"), TEXT_INVALID_UTF8},
    {"a third byte that is none", TEXT("\xe4\xb8z"), TEXT_INVALID_UTF8},
};

static void check_text(void **state)
{
    const struct text_case *row = *state;

    assert_int_equal(text_check(row->text, row->length), row->fault);
}

static void a_buffer_never_passes_its_limit(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 300);
    for (int i = 0; i < 300; i++)
        assert_true(buffer_append_byte(&buffer, 'x'));
    assert_false(buffer_append_byte(&buffer, 'y'));
    assert_false(buffer_append(&buffer, "zz", 2));
    assert_int_equal(buffer.length, 300);
    assert_int_equal(buffer.data[299], 'x');
    buffer_free(&buffer);
}

static void formatted_text_grows_the_buffer(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 1000);
    assert_true(buffer_append_format(&buffer, "%s/%d", "coop.outreach.v1", 3));
    assert_string_equal(buffer_text(&buffer), "coop.outreach.v1/3");
    assert_false(buffer_append_format(&buffer, "%2000d", 1));
    assert_string_equal(buffer_text(&buffer), "coop.outreach.v1/3");
    buffer_free(&buffer);
}

static void a_uuid_is_36_characters_in_either_case(void **state)
{
    uint8_t uuid[UUID_BYTES];
    char text[UUID_TEXT_LENGTH + 1];

    (void)state;
    assert_true(uuid_parse("018180EA-8b00-8D1E-9c51-3F8E4BD3A0C2", 36, uuid));
    uuid_format(uuid, text);
    assert_string_equal(text, "018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2");
    assert_false(uuid_parse("018180ea-8b00-8d1e-9c51-3f8e4bd3a0c", 35, uuid));
    assert_false(uuid_parse("018180ea-8b00-8d1e-9c51-3f8e4bd3a0cg", 36, uuid));
    assert_false(uuid_parse("018180ea08b0008d1e09c5103f8e4bd3a0c2", 36, uuid));
}

static void hex_is_two_digits_a_byte_in_either_case(void **state)
{
    static const uint8_t expected[] = {0x00, 0xfe, 0xa9};
    uint8_t bytes[3];
    char text[7];

    (void)state;
    assert_true(hex_parse("00fEa9", 6, bytes));
    assert_memory_equal(bytes, expected, sizeof(expected));
    hex_format(bytes, sizeof(bytes), text);
    assert_string_equal(text, "00fea9");
    assert_true(hex_parse("", 0, bytes));
    assert_false(hex_parse("00f", 3, bytes));
    assert_false(hex_parse("0g", 2, bytes));
}

static void hashes_are_those_of_the_standards(void **state)
{
    uint8_t sha1[SHA1_BYTES];
    uint8_t sha256[SHA256_BYTES];
    char text[2 * SHA256_BYTES + 1];

    (void)state;
    hash_sha1("a", 1, "bc", 2, sha1);
    hex_format(sha1, sizeof(sha1), text);
    assert_string_equal(text, "a9993e364706816aba3e25717850c26c9cd0d89d");
    hash_sha256("abc", 3, sha256);
    hex_format(sha256, sizeof(sha256), text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void an_error_gains_context_on_its_way_up(void **state)
{
    struct error err;

    (void)state;
    assert_false(error_set(&err, ERROR_CONFIGURATION, "no field \"%s\"", "stage"));
    assert_false(error_context(&err, "schema \"%s\"", "outreach_event.avsc"));
    assert_string_equal(err.message, "schema \"outreach_event.avsc\": no field \"stage\"");
    assert_int_equal(error_exit_code(err.kind), 78);
}

static void an_error_keeps_its_sqlstate_until_the_next(void **state)
{
    struct error err = {.sqlstate = "40P01"};

    (void)state;
    assert_false(error_context(&err, "nothing is changed"));
    assert_string_equal(err.sqlstate, "40P01");
    assert_false(error_set(&err, ERROR_IO, "the disk is full"));
    assert_string_equal(err.sqlstate, "");
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(text_cases) + 7] = {
        cmocka_unit_test(a_buffer_never_passes_its_limit),
        cmocka_unit_test(formatted_text_grows_the_buffer),
        cmocka_unit_test(a_uuid_is_36_characters_in_either_case),
        cmocka_unit_test(hex_is_two_digits_a_byte_in_either_case),
        cmocka_unit_test(hashes_are_those_of_the_standards),
        cmocka_unit_test(an_error_gains_context_on_its_way_up),
        cmocka_unit_test(an_error_keeps_its_sqlstate_until_the_next),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(text_cases); i++)
        tests[7 + i] = test_row(text_cases[i].name, check_text, &text_cases[i]);
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
