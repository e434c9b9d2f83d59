#include "tests/support/check.h"

#include "consumers/postgres/lane_state.h"

static void no_state_has_two_ways_for_one_event(void **state)
{
    (void)state;
    for (unsigned i = 0; i < lane_transition_count; i++) {
        for (unsigned j = 0; j < i; j++)
            assert_false(lane_transitions[i].from == lane_transitions[j].from
                         && lane_transitions[i].event == lane_transitions[j].event);
    }
}

static void an_outage_closes_every_connection_and_no_closed_one(void **state)
{
    (void)state;
    for (enum lane_state from = LANE_STATE_CONNECTING; from <= LANE_STATE_KEEPING; from++) {
        const struct lane_transition *found = lane_transition_find(from, LANE_EVENT_OUTAGE);

        assert_non_null(found);
        assert_int_equal(found->to, LANE_STATE_CLOSED);
    }
    assert_null(lane_transition_find(LANE_STATE_CLOSED, LANE_EVENT_OUTAGE));
}

static void whatever_writes_can_be_refused_without_ending(void **state)
{
    (void)state;
    for (enum lane_state from = LANE_STATE_WRITING; from <= LANE_STATE_KEEPING; from++)
        assert_int_equal(lane_transition_find(from, LANE_EVENT_REFUSED)->to, LANE_STATE_IDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_state_has_two_ways_for_one_event),
        cmocka_unit_test(an_outage_closes_every_connection_and_no_closed_one),
        cmocka_unit_test(whatever_writes_can_be_refused_without_ending),
    };

    return cmocka_run_group_tests_name("lane_state", tests, NULL, NULL);
}
