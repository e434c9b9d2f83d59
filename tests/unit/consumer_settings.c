/* The options of coop-consumer: what it does where nothing is said, and what it refuses. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consumers/settings.h"

static struct consumer_settings settings;
static struct error err;

static enum options_outcome read_words(int count, char **words)
{
    int first_operand = 0;

    memset(&settings, 0, sizeof(settings));
    memset(&err, 0, sizeof(err));
    return options_read(&consumer_program, count, words, &settings, &first_operand, &err);
}

#define READ(...)                                                                                  \
    read_words((int)(sizeof((char *[]){"coop-consumer", __VA_ARGS__}) / sizeof(char *)),           \
               (char *[]){"coop-consumer", __VA_ARGS__, NULL})

static int forget_environment(void **state)
{
    static const char *const names[] = {
        "COOP_DATABASE",   "COOP_SCHEMAS", "COOP_GROUP",      "COOP_ROUTE",
        "COOP_UNTIL_END",  "COOP_LANES",   "COOP_BATCH_ROWS", "COOP_BATCH_BYTES",
        "COOP_BATCH_WAIT", "COOP_LISTEN",  "COOP_NO_FOLD",    "COOP_VALUE_BYTES_MAX",
        "COOP_BROKERS",    "COOP_CONFIG",  "COOP_LOG_LEVEL",  "COOP_LOG_FORMAT",
        "COOP_PROPERTY",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        unsetenv(names[i]);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    options_clear(&consumer_program, &settings);
    return 0;
}

static void where_nothing_is_said_the_defaults_hold(void **state)
{
    (void)state;
    assert_int_equal(READ("--no-fold"), OPTIONS_RUN);
    assert_string_equal(settings.database, "");
    assert_string_equal(settings.schemas, COOP_SCHEMAS_DIR);
    assert_string_equal(settings.group, "cooptrack");
    assert_int_equal(settings.routes.count, 0);
    assert_null(settings.listen);
    assert_int_equal(settings.lanes, 2);
    assert_int_equal(settings.batch_rows, 5000);
    assert_int_equal(settings.batch_bytes, 1048576);
    assert_int_equal(settings.batch_wait_ms, 100);
    assert_int_equal(settings.value_bytes_max, 65536);
    assert_false(settings.is_until_end);
    assert_true(settings.has_no_fold);
}

static void every_option_has_its_place(void **state)
{
    (void)state;
    assert_int_equal(READ("--database", "dbname=d", "--schemas", "s", "--group", "g", "--route",
                          "a=b.c", "--route", "d=e.f", "--until-end", "--lanes", "16",
                          "--batch-rows", "100000", "--batch-bytes", "1024", "--batch-wait", "1",
                          "--value-bytes-max", "1048576", "--listen", "none"),
                     OPTIONS_RUN);
    assert_string_equal(settings.database, "dbname=d");
    assert_string_equal(settings.schemas, "s");
    assert_string_equal(settings.group, "g");
    assert_int_equal(settings.routes.count, 2);
    assert_string_equal(settings.routes.items[1], "d=e.f");
    assert_true(settings.is_until_end);
    assert_int_equal(settings.lanes, LANES_MAX);
    assert_int_equal(settings.batch_rows, 100000);
    assert_int_equal(settings.batch_bytes, 1024);
    assert_int_equal(settings.batch_wait_ms, 1);
    assert_int_equal(settings.value_bytes_max, 1048576);
    assert_string_equal(settings.listen, "none");
    assert_false(settings.has_no_fold);
}

/* One below what is allowed, and one above. */
static void a_number_beyond_its_bounds_is_refused_by_name(void **state)
{
    static const struct {
        char *option;
        char *below;
        char *above;
    } bounds[] = {
        {"--lanes", "0", "17"},
        {"--batch-rows", "0", "100001"},
        {"--batch-bytes", "1023", "67108865"},
        {"--batch-wait", "0", "60001"},
        {"--value-bytes-max", "1023", "1048577"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bounds); i++) {
        char *const values[] = {bounds[i].below, bounds[i].above};

        for (size_t j = 0; j < ARRAY_LENGTH(values); j++) {
            assert_int_equal(READ(bounds[i].option, values[j]), OPTIONS_FAILED);
            assert_int_equal(err.kind, ERROR_USAGE);
            assert_non_null(strstr(err.message, bounds[i].option));
            options_clear(&consumer_program, &settings);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(where_nothing_is_said_the_defaults_hold, forget),
        cmocka_unit_test_teardown(every_option_has_its_place, forget),
        cmocka_unit_test_teardown(a_number_beyond_its_bounds_is_refused_by_name, forget),
    };

    return cmocka_run_group_tests_name("consumer_settings", tests, forget_environment, NULL);
}
