#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "consumers/monitor/counters.h"

static void a_value_counts_up_to_the_bound_that_it_equals(void **state)
{
    struct counters counters;

    (void)state;
    counters_init(&counters);
    counters_note_commit(&counters, 1, 5);
    counters_note_commit(&counters, 2, 6);
    counters_note_commit(&counters, 1000000, 100000);
    assert_int_equal(counters.batch_rows.counts[0], 1);
    assert_int_equal(counters.batch_rows.counts[1], 1);
    assert_int_equal(counters.batch_rows.counts[counters.batch_rows.bound_count], 1);
    assert_true(counters.batch_rows.sum == 1000003.0);
    assert_int_equal(counters.commit_seconds.counts[2], 1);
    assert_int_equal(counters.commit_seconds.counts[3], 1);
    assert_int_equal(counters.commit_seconds.counts[counters.commit_seconds.bound_count], 1);
}

static void lanes_add_up(void **state)
{
    struct counters one;
    struct counters other;

    (void)state;
    counters_init(&one);
    counters_init(&other);
    counters_note_commit(&one, 10, 1);
    counters_note_commit(&other, 10, 1);
    counters_note_retry(&one, "57P01");
    counters_note_retry(&other, "57P01");
    counters_note_retry(&other, "");
    counters_add(&one, &other);
    assert_int_equal(one.batch_rows.counts[1], 2);
    assert_int_equal(one.outage_count, 2);
    assert_string_equal(one.outages[0].sqlstate, "57P01");
    assert_int_equal(one.outages[0].retries, 2);
    assert_string_equal(one.outages[1].sqlstate, "none");
    assert_int_equal(one.outages[1].retries, 1);
}

static void more_sqlstates_than_places_lose_no_retry(void **state)
{
    struct counters counters;
    int64_t retries = 0;

    (void)state;
    counters_init(&counters);
    for (int i = 0; i < 2 * COUNTERS_SQLSTATES_MAX; i++) {
        char sqlstate[6];

        snprintf(sqlstate, sizeof(sqlstate), "%05d", i);
        counters_note_retry(&counters, sqlstate);
    }
    assert_int_equal(counters.outage_count, COUNTERS_SQLSTATES_MAX);
    for (size_t i = 0; i < counters.outage_count; i++)
        retries += counters.outages[i].retries;
    assert_int_equal(retries, 2 * COUNTERS_SQLSTATES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_counts_up_to_the_bound_that_it_equals),
        cmocka_unit_test(lanes_add_up),
        cmocka_unit_test(more_sqlstates_than_places_lose_no_retry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
