#include "tests/support/check.h"

#include "consumers/monitor/histogram.h"

static const double bounds[] = {1, 2.5, 10};

static void a_value_counts_once_at_the_first_bound_that_is_not_below_it(void **state)
{
    static const struct {
        double value;
        size_t place;
    } cases[] = {
        {-1, 0}, {0, 0}, {1, 0}, {1.001, 1}, {2.5, 1}, {2.6, 2}, {10, 2}, {10.5, 3}, {1e300, 3},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct histogram histogram = {.bounds = bounds, .bound_count = ARRAY_LENGTH(bounds)};

        histogram_note(&histogram, cases[i].value);
        for (size_t place = 0; place <= ARRAY_LENGTH(bounds); place++)
            assert_int_equal(histogram.counts[place], place == cases[i].place);
        assert_true(histogram.sum == cases[i].value);
    }
}

static void without_bounds_everything_is_above_the_last(void **state)
{
    struct histogram histogram = {.bounds = bounds};

    (void)state;
    histogram_note(&histogram, -5);
    histogram_note(&histogram, 5);
    assert_int_equal(histogram.counts[0], 2);
    assert_true(histogram.sum == 0);
}

/* What a histogram has no bound for is not touched. */
static void two_histograms_add_up_place_by_place(void **state)
{
    struct histogram one = {
        .bounds = bounds, .bound_count = 3, .counts = {1, 2, 3, 4, 99}, .sum = 10.5};
    const struct histogram other = {
        .bounds = bounds, .bound_count = 3, .counts = {10, 20, 30, 40, 99}, .sum = 0.25};

    (void)state;
    histogram_add(&one, &other);
    assert_int_equal(one.counts[0], 11);
    assert_int_equal(one.counts[1], 22);
    assert_int_equal(one.counts[2], 33);
    assert_int_equal(one.counts[3], 44);
    assert_int_equal(one.counts[4], 99);
    assert_true(one.sum == 10.75);
    assert_int_equal(other.counts[0], 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_counts_once_at_the_first_bound_that_is_not_below_it),
        cmocka_unit_test(without_bounds_everything_is_above_the_last),
        cmocka_unit_test(two_histograms_add_up_place_by_place),
    };

    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
