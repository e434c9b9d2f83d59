#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/fake_diary.h"
#include "tests/support/fake_steps.h"

/* What PostgreSQL may refuse a request for, */
static const struct {
    const char *sqlstate;
    const char *schema;
    const char *constraint;
} refusals[] = {
    {"57P01", "", ""},                    /* an outage */
    {"55P03", "", ""},                    /* lock timeout */
    {"CT001", "", ""},                    /* claimed by another */
    {"23514", "event", "BAD_CODE"},       /* a row, for a rule */
    {"22P02", "", ""},                    /* a row, for its data */
    {"23505", "event", "a_position_key"}, /* a position stored twice */
    {"23505", "ingest", "reject_pkey"},   /* the same, of a reject */
    {"42501", "", ""},                    /* what only an operator mends */
};

enum { REFUSALS = ARRAY_LENGTH(refusals) };

/*
 * and, for each step that may be under way, what comes of it: the lane's state, whether it still
 * keeps what it has read, and where partitions 0 of sim.a and sim.b stand. (F)ree, (C)laiming,
 * chec(K)ing, (R)eading, (H)eld. Where seven messages of sim.a were read, they are on their way.
 */
static const struct row {
    enum lane_state step;
    const char *outcomes[REFUSALS];
} rows[] = {
    {LANE_CLAIMING,
     {"away nothing CC", "ending holder nothing CC", "ready nothing HH", "ready nothing HH",
      "ready nothing HH", "ready nothing HH", "ready nothing HH", "ready nothing HH"}},
    {LANE_ENDING_HOLDER,
     {"away nothing CC", "away nothing CC", "ready nothing HH", "ready nothing HH",
      "ready nothing HH", "ready nothing HH", "ready nothing HH", "ready nothing HH"}},
    {LANE_WRITING,
     {"away all RR", "away all RR", "unclaimed nothing CC", "preparing all RR", "preparing all RR",
      "ready nothing HR", "ready nothing HR", "ready nothing HR"}},
    {LANE_PREPARING,
     {"away all RR", "away all RR", "ready nothing HR", "ready nothing HR", "ready nothing HR",
      "ready nothing HR", "ready nothing HR", "ready nothing HR"}},
    {LANE_SORTING,
     {"away all RR", "away all RR", "ready nothing HR", "sorting all RR", "sorting all RR",
      "ready nothing HR", "ready nothing HR", "ready nothing HR"}},
    {LANE_KEEPING,
     {"away all RR", "away all RR", "unclaimed nothing CC", "sorting all RR", "sorting all RR",
      "ready nothing HR", "ready nothing HR", "ready nothing HR"}},
    {LANE_SKIPPING,
     {"away nothing RR", "away nothing RR", "unclaimed nothing CC", "ready nothing HH",
      "ready nothing HH", "ready nothing HH", "ready nothing HH", "ready nothing HH"}},
    {LANE_CONFIRMING,
     {"away nothing RR", "away nothing RR", "unclaimed nothing CC", "ready nothing HH",
      "ready nothing HH", "ready nothing HH", "ready nothing HH", "ready nothing HH"}},
    {LANE_FINISHING,
     {"away nothing FF", "away nothing FF", "unclaimed nothing FF", "unclaimed nothing FF",
      "unclaimed nothing FF", "unclaimed nothing FF", "unclaimed nothing FF",
      "unclaimed nothing FF"}},
};

static enum lane_state lane_state_now;

/* "lane 0: writing -> away: ..." */
static void keep_state(const char *message)
{
    for (enum lane_state i = LANE_AWAY; i <= LANE_FINISHING; i++) {
        char words[40];

        snprintf(words, sizeof(words), " -> %s: ", lane_state_name(i));
        if (strstr(message, words))
            lane_state_now = i;
    }
}

static char letter(struct lane_stage *stage, size_t topic)
{
    return "FCKRH"[lane_stage_partition(stage, topic, 0)->state];
}

static void check_step(void **state)
{
    const struct row *row = *state;

    for (size_t i = 0; i < REFUSALS; i++) {
        char outcome[80];
        void *opened;

        lane_stage_open(&opened);
        struct lane_stage *stage = opened;
        diary_divert_debug(keep_state);
        fake_steps_reach(stage, row->step);
        assert_int_equal(lane_state_now, row->step);
        fake_session_refuses_for(stage->session, refusals[i].sqlstate, refusals[i].schema,
                                 refusals[i].constraint);
        lane_stage_hear(stage);
        snprintf(outcome, sizeof(outcome), "%s %s %c%c", lane_state_name(lane_state_now),
                 lane_is_empty(stage->lane) ? "nothing" : "all", letter(stage, FAKE_A),
                 letter(stage, FAKE_B));
        if (strcmp(outcome, row->outcomes[i]) != 0)
            fail_msg("refused for %s: \"%s\", should be \"%s\"", refusals[i].sqlstate, outcome,
                     row->outcomes[i]);
        assert_int_equal(lane_is_connected(stage->lane), stage->session->is_connected);
        lane_stage_close(&opened);
    }
}

/* Whatever it is refused for, afterwards nothing is written before it is claimed again. */
static void what_is_given_up_or_fenced_is_claimed_before_anything_else(void **state)
{
    static const char *const sqlstates[] = {"57P01", "CT001"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(sqlstates); j++) {
            void *opened;

            lane_stage_open(&opened);
            struct lane_stage *stage = opened;
            diary_divert_debug(keep_state);
            fake_steps_reach(stage, rows[i].step);
            fake_session_refuses(stage->session, sqlstates[j]);
            lane_stage_hear(stage);
            diary_clear();
            fake_session_connects(stage->session);
            if (lane_state_now == LANE_AWAY || lane_state_now == LANE_UNCLAIMED) {
                lane_stage_later(stage, 1000);
                if (rows[i].step == LANE_FINISHING)
                    diary_expect("");
                else
                    diary_expect("lane 0: claim sim.a/0 sim.b/0\n");
            }
            lane_stage_close(&opened);
        }
    }
}

int main(void)
{
    static char names[ARRAY_LENGTH(rows)][64];
    struct CMUnitTest tests[ARRAY_LENGTH(rows) + 1] = {
        cmocka_unit_test(what_is_given_up_or_fenced_is_claimed_before_anything_else),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        snprintf(names[i], sizeof(names[i]), "refused while %s", lane_state_name(rows[i].step));
        tests[i + 1] = test_row(names[i], check_step, (void *)(uintptr_t)&rows[i]);
    }
    return cmocka_run_group_tests_name("lane_refusals", tests, NULL, NULL);
}
