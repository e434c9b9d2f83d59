/* Which values of COOP_TRACEPARENT become a header. */
#include "tests/support/check.h"

#include <stdlib.h>

#include "producers/publish/trace_context.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static struct trace_case {
    const char *name;
    const char *text;
    bool is_valid;
} cases[] = {
    {"the example of the specification", "00-" TRACE "-" PARENT "-01", true},
    {"not sampled", "00-" TRACE "-" PARENT "-00", true},
    {"a later version", "01-" TRACE "-" PARENT "-01", true},
    {"a later version with more fields", "cc-" TRACE "-" PARENT "-01-what.the-future", true},
    {"a later version with more digits", "cc-" TRACE "-" PARENT "-01aa", false},
    {"a later version with a line end", "cc-" TRACE "-" PARENT "-01-\n", false},
    {"version 00 with more fields", "00-" TRACE "-" PARENT "-01-more", false},
    {"version ff", "ff-" TRACE "-" PARENT "-01", false},
    {"no trace", "00-00000000000000000000000000000000-" PARENT "-01", false},
    {"no parent", "00-" TRACE "-0000000000000000-01", false},
    {"capitals", "00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01", false},
    {"flags cut off", "00-" TRACE "-" PARENT "-0", false},
    {"cut off behind the trace", "00-" TRACE, false},
    {"cut off behind a dash", "00-", false},
    {"a digit too many", "00-" TRACE "0-" PARENT "-01", false},
    {"empty", "", false},
    {"words", "hello", false},
};

static void check_trace(void **state)
{
    const struct trace_case *row = *state;

    assert_int_equal(trace_context_is_valid(row->text), row->is_valid);
    setenv("COOP_TRACEPARENT", row->text, 1);
    if (row->is_valid)
        assert_string_equal(trace_context_from_environment(), row->text);
    else
        assert_null(trace_context_from_environment());
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(cases)];

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        tests[i] = test_row(cases[i].name, check_trace, &cases[i]);
    return cmocka_run_group_tests_name("trace_context", tests, NULL, NULL);
}
