#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "consumers/monitor/tally.h"

static void a_value_counts_up_to_the_bound_that_it_equals(void **state)
{
    struct tally tally;

    (void)state;
    tally_init(&tally);
    tally_commit(&tally, 1, 5);
    tally_commit(&tally, 2, 6);
    tally_commit(&tally, 1000000, 100000);
    assert_int_equal(tally.batch_rows.counts[0], 1);
    assert_int_equal(tally.batch_rows.counts[1], 1);
    assert_int_equal(tally.batch_rows.counts[tally.batch_rows.bound_count], 1);
    assert_true(tally.batch_rows.sum == 1000003.0);
    assert_int_equal(tally.commit_seconds.counts[2], 1);
    assert_int_equal(tally.commit_seconds.counts[3], 1);
    assert_int_equal(tally.commit_seconds.counts[tally.commit_seconds.bound_count], 1);
}

static void lanes_add_up(void **state)
{
    struct tally one;
    struct tally other;

    (void)state;
    tally_init(&one);
    tally_init(&other);
    tally_commit(&one, 10, 1);
    tally_commit(&other, 10, 1);
    tally_retry(&one, "57P01");
    tally_retry(&other, "57P01");
    tally_retry(&other, "");
    tally_add(&one, &other);
    assert_int_equal(one.batch_rows.counts[1], 2);
    assert_int_equal(one.outage_count, 2);
    assert_string_equal(one.outages[0].sqlstate, "57P01");
    assert_int_equal(one.outages[0].retries, 2);
    assert_string_equal(one.outages[1].sqlstate, "none");
    assert_int_equal(one.outages[1].retries, 1);
}

static void more_sqlstates_than_places_lose_no_retry(void **state)
{
    struct tally tally;
    int64_t retries = 0;

    (void)state;
    tally_init(&tally);
    for (int i = 0; i < 2 * TALLY_SQLSTATES_MAX; i++) {
        char sqlstate[6];

        snprintf(sqlstate, sizeof(sqlstate), "%05d", i);
        tally_retry(&tally, sqlstate);
    }
    assert_int_equal(tally.outage_count, TALLY_SQLSTATES_MAX);
    for (size_t i = 0; i < tally.outage_count; i++)
        retries += tally.outages[i].retries;
    assert_int_equal(retries, 2 * TALLY_SQLSTATES_MAX);
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
