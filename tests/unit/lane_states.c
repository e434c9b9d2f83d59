#include "tests/support/check.h"

#include "consumers/lane/states.h"

static void no_state_has_two_ways_for_one_event(void **state)
{
    (void)state;
    for (size_t i = 0; i < lane_transition_count; i++) {
        for (size_t j = 0; j < i; j++)
            assert_false(lane_transitions[i].from == lane_transitions[j].from
                         && lane_transitions[i].event == lane_transitions[j].event);
    }
}

static void a_lost_connection_is_known_everywhere_and_leads_away(void **state)
{
    (void)state;
    for (enum lane_state from = LANE_AWAY; from <= LANE_FINISHING; from++)
        assert_int_equal(lane_transition_find(from, LANE_LOST)->to, LANE_AWAY);
}

static void the_group_may_take_back_at_any_time(void **state)
{
    (void)state;
    for (enum lane_state from = LANE_AWAY; from <= LANE_FINISHING; from++)
        assert_non_null(lane_transition_find(from, LANE_TAKEN_BACK));
}

/* Whatever the group takes back, nothing is written for it afterwards that was not under way. */
static void after_a_revocation_nothing_is_ready(void **state)
{
    (void)state;
    for (size_t i = 0; i < lane_transition_count; i++) {
        if (lane_transitions[i].event == LANE_TAKEN_BACK
            || lane_transitions[i].from == LANE_FINISHING)
            assert_true(lane_transitions[i].to == LANE_AWAY
                        || lane_transitions[i].to == LANE_UNCLAIMED
                        || lane_transitions[i].to == LANE_FINISHING);
    }
}

static void what_is_fenced_is_claimed_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < lane_transition_count; i++) {
        if (lane_transitions[i].event == LANE_FENCED)
            assert_int_equal(lane_transitions[i].to, LANE_UNCLAIMED);
    }
}

static void whatever_writes_can_be_refused_without_ending(void **state)
{
    (void)state;
    for (enum lane_state from = LANE_WRITING; from <= LANE_CONFIRMING; from++)
        assert_int_equal(lane_transition_find(from, LANE_REFUSED)->to, LANE_READY);
}

static void every_state_and_event_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < lane_transition_count; i++) {
        assert_non_null(lane_state_name(lane_transitions[i].from));
        assert_non_null(lane_event_name(lane_transitions[i].event));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_state_has_two_ways_for_one_event),
        cmocka_unit_test(a_lost_connection_is_known_everywhere_and_leads_away),
        cmocka_unit_test(the_group_may_take_back_at_any_time),
        cmocka_unit_test(after_a_revocation_nothing_is_ready),
        cmocka_unit_test(what_is_fenced_is_claimed_again),
        cmocka_unit_test(whatever_writes_can_be_refused_without_ending),
        cmocka_unit_test(every_state_and_event_has_a_name),
    };

    return cmocka_run_group_tests_name("lane_states", tests, NULL, NULL);
}
