#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/options.h"

struct settings {
    char *name;
    int64_t rows;
    bool is_dry;
    int format;
    struct text_list properties;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct option_row rows[] = {
    {.name = "name",
     .letter = 'n',
     .type = OPTION_TEXT,
     .argument = "NAME",
     .initial = "nobody",
     .offset = offsetof(struct settings, name),
     .help = "a name"},
    {.name = "batch-rows",
     .type = OPTION_NUMBER,
     .argument = "N",
     .initial = "5",
     .offset = offsetof(struct settings, rows),
     .minimum = 1,
     .maximum = 100,
     .help = "rows"},
    {.name = "dry-run",
     .type = OPTION_SWITCH,
     .offset = offsetof(struct settings, is_dry),
     .help = "nothing happens"},
    {.name = "format",
     .type = OPTION_CHOICE,
     .argument = "FORMAT",
     .initial = "text",
     .offset = offsetof(struct settings, format),
     .choices = formats,
     .help = "a format"},
    {.name = "property",
     .letter = 'X',
     .type = OPTION_LIST,
     .argument = "NAME=VALUE",
     .offset = offsetof(struct settings, properties),
     .file_prefix = "kafka",
     .help = "a property"},
    {.name = NULL},
};

static const struct option_group groups[] = {{"Options", rows, 0}, {NULL, NULL, 0}};
static const struct program program = {
    .name = "tested", .usage = "[options]", .summary = "is tested.", .groups = groups};

static struct settings settings;
static struct error err;
static int first_operand;

static enum options_outcome read_words(int count, char **words)
{
    options_clear(&program, &settings);
    memset(&settings, 0, sizeof(settings));
    return options_read(&program, count, words, &settings, &first_operand, &err);
}

#define READ(...)                                                                                  \
    read_words((int)(sizeof((char *[]){"tested", __VA_ARGS__}) / sizeof(char *)),                  \
               (char *[]){"tested", __VA_ARGS__, NULL})

static int forget(void **state)
{
    (void)state;
    options_clear(&program, &settings);
    unsetenv("COOP_BATCH_ROWS");
    unsetenv("COOP_NAME");
    return 0;
}

static const char *write_file(const char *text)
{
    static char path[] = "/tmp/coop-options.XXXXXX";

    snprintf(path, sizeof(path), "/tmp/coop-options.XXXXXX");
    int descriptor = mkstemp(path);
    assert_int_equal(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    close(descriptor);
    return path;
}

static void what_is_not_given_has_its_default(void **state)
{
    (void)state;
    assert_int_equal(READ("--"), OPTIONS_RUN);
    assert_string_equal(settings.name, "nobody");
    assert_int_equal(settings.rows, 5);
    assert_false(settings.is_dry);
    assert_int_equal(settings.format, 0);
}

static void flags_come_before_environment_before_file_before_default(void **state)
{
    const char *path = write_file("# settings\nname = file\nbatch-rows = 7\nformat=json\n");

    (void)state;
    setenv("COOP_NAME", "environment", 1);
    setenv("COOP_BATCH_ROWS", "8", 1);
    assert_int_equal(READ("--config", (char *)path, "--name", "flag"), OPTIONS_RUN);
    assert_string_equal(settings.name, "flag");
    assert_int_equal(settings.rows, 8);
    assert_int_equal(settings.format, 1);
    unlink(path);
}

static void a_value_with_an_at_sign_is_read_from_its_file(void **state)
{
    char word[64];
    const char *path = write_file("secret words\n");

    (void)state;
    snprintf(word, sizeof(word), "@%s", path);
    assert_int_equal(READ("--name", word), OPTIONS_RUN);
    assert_string_equal(settings.name, "secret words");
    snprintf(word, sizeof(word), "sasl.password=@%s", path);
    assert_int_equal(READ("-X", word), OPTIONS_RUN);
    assert_string_equal(settings.properties.items[0], "sasl.password=secret words");
    unlink(path);
}

static void a_property_of_the_file_gives_way_to_a_flag(void **state)
{
    const char *path = write_file("kafka.linger.ms = 5\nkafka.acks = all\n");

    (void)state;
    assert_int_equal(READ("-X", "linger.ms=50", "--config", (char *)path), OPTIONS_RUN);
    assert_int_equal(settings.properties.count, 2);
    assert_string_equal(settings.properties.items[0], "linger.ms=50");
    assert_string_equal(settings.properties.items[1], "acks=all");
    unlink(path);
}

static void operands_may_stand_anywhere(void **state)
{
    (void)state;
    assert_int_equal(READ("a.jsonl", "--dry-run", "b.jsonl"), OPTIONS_RUN);
    assert_true(settings.is_dry);
    assert_int_equal(first_operand, 2);
}

struct refusal {
    const char *name;
    char *words[3];
    const char *message;
};

static struct refusal refusals[] = {
    {"an unknown option is named", {"--rows"}, "unknown option \"--rows\"; try --help"},
    {"an unknown letter is named", {"-q"}, "unknown option \"-q\"; try --help"},
    {"a missing value is named", {"--name"}, "option \"--name\" needs a value; try --help"},
    {"a switch takes no value",
     {"--dry-run=yes"},
     "option \"--dry-run=yes\" takes no value; try --help"},
    {"a number is whole",
     {"--batch-rows", "5x"},
     "option \"--batch-rows\": \"5x\" is not a whole number; try --help"},
    {"a number has a range",
     {"--batch-rows", "101"},
     "option \"--batch-rows\": 101 must be in range 1..100; try --help"},
    {"a choice is one of its words",
     {"--format", "xml"},
     "option \"--format\": \"xml\" is none of: text, json; try --help"},
};

static void check_refusal(void **state)
{
    const struct refusal *row = *state;
    char *words[] = {(char *)"tested", row->words[0], row->words[1], NULL};

    assert_int_equal(read_words(row->words[1] ? 3 : 2, words), OPTIONS_FAILED);
    assert_string_equal(err.message, row->message);
    assert_int_equal(error_exit_code(err.kind), 64);
}

static void a_wrong_line_of_the_file_is_named(void **state)
{
    const char *path = write_file("name = x\nnme = y\n");
    char message[128];

    (void)state;
    assert_int_equal(READ("--config", (char *)path), OPTIONS_FAILED);
    snprintf(message, sizeof(message), "%s:2: no setting is called \"nme\"", path);
    assert_string_equal(err.message, message);
    assert_int_equal(error_exit_code(err.kind), 78);
    unlink(path);
}

static void a_wrong_variable_is_named(void **state)
{
    (void)state;
    setenv("COOP_BATCH_ROWS", "many", 1);
    assert_int_equal(READ("--dry-run"), OPTIONS_FAILED);
    assert_string_equal(err.message, "environment variable COOP_BATCH_ROWS: \"many\" is not a "
                                     "whole number");
    assert_int_equal(error_exit_code(err.kind), 78);
}

int main(void)
{
    struct CMUnitTest tests[7 + ARRAY_LENGTH(refusals)] = {
        cmocka_unit_test_teardown(what_is_not_given_has_its_default, forget),
        cmocka_unit_test_teardown(flags_come_before_environment_before_file_before_default, forget),
        cmocka_unit_test_teardown(a_value_with_an_at_sign_is_read_from_its_file, forget),
        cmocka_unit_test_teardown(a_property_of_the_file_gives_way_to_a_flag, forget),
        cmocka_unit_test_teardown(operands_may_stand_anywhere, forget),
        cmocka_unit_test_teardown(a_wrong_line_of_the_file_is_named, forget),
        cmocka_unit_test_teardown(a_wrong_variable_is_named, forget),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        tests[7 + i] = test_row(refusals[i].name, check_refusal, &refusals[i]);
        tests[7 + i].teardown_func = forget;
    }
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
