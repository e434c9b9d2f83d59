#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/fake_diary.h"
#include "tests/support/fake_steps.h"

/*
 * Every transition of the table is made by a lane, from its state, by its event: so none of them
 * is there in vain. The log tells which was made.
 */

static char last[512];

static void keep_last(const char *message)
{
    if (strncmp(message, "lane ", 5) == 0)
        snprintf(last, sizeof(last), "%s", message);
}

/* What is done to a lane so that an event comes to it. */
static void cause(struct lane_stage *stage, const struct lane_transition *transition)
{
    switch (transition->event) {
    case LANE_CONNECTED:
        fake_session_connects(stage->session);
        lane_stage_hear(stage);
        break;
    case LANE_LOST:
        if (stage->session->is_asked)
            fake_session_loses(stage->session, "");
        else
            fake_session_loses_idle(stage->session);
        stage->session->is_connected = true;
        lane_stage_hear(stage);
        break;
    case LANE_GIVEN:
        lane_stage_give(stage, 1, 1);
        break;
    case LANE_TAKEN_BACK:
        lane_take_back(stage->lane, stage->clock.now_ms);
        break;
    case LANE_CLAIM:
        if (transition->from == LANE_READY)
            fake_source_add_news(&stage->source, FEED_OUT_OF_RANGE, FAKE_A, 0, 0);
        assert_true(lane_fill(stage->lane, stage->clock.now_ms, &stage->err));
        lane_begin(stage->lane, true, stage->clock.now_ms + 30000);
        break;
    case LANE_WRITE:
    case LANE_SIFT:
        lane_stage_publish(stage, FAKE_A, 0, 50, 51);
        lane_stage_turn(stage);
        lane_stage_later(stage, LANE_BATCH_WAIT_MS);
        break;
    case LANE_SKIP:
        fake_source_add_news(&stage->source, FEED_END, FAKE_A, 0, 3);
        lane_stage_turn(stage);
        break;
    case LANE_CONFIRM:
        lane_stage_later(stage, 20000);
        break;
    case LANE_DONE:
    case LANE_PART_DONE:
        fake_session_answers(stage->session);
        lane_stage_hear(stage);
        break;
    case LANE_ROW:
        fake_session_refuses(stage->session, "22P02");
        lane_stage_hear(stage);
        break;
    case LANE_LOCKED:
        fake_session_refuses(stage->session, "55P03");
        lane_stage_hear(stage);
        break;
    case LANE_FENCED:
        fake_session_refuses(stage->session, "CT001");
        lane_stage_hear(stage);
        break;
    case LANE_REFUSED:
        fake_session_refuses(stage->session, "42501");
        lane_stage_hear(stage);
        break;
    }
}

/* Some transitions want a state that has come about in a way of its own. */
static void reach(struct lane_stage *stage, const struct lane_transition *transition)
{
    bool has_none = transition->event == LANE_GIVEN;

    fake_steps_reach(stage, transition->from);
    if (has_none && transition->from != LANE_FINISHING)
        lane_take_back(stage->lane, stage->clock.now_ms);
    if (transition->event == LANE_SIFT) {
        /* After a refusal two batches go to the sieve at once. */
        lane_stage_publish(stage, FAKE_A, 0, 0, 4);
        fake_session_refuses(stage->session, "23514");
        for (int i = 0; i < 3; i++)
            fake_session_answers(stage->session);
        lane_stage_turn(stage);
        lane_stage_turn(stage);
    }
    if (transition->event == LANE_PART_DONE) {
        fake_session_refuses(stage->session, "22P02");
        fake_session_answers(stage->session);
        lane_stage_turn(stage);
    }
}

static void check_transition(void **state)
{
    const struct lane_transition *transition = *state;
    char expected[512];
    void *opened;

    lane_stage_open(&opened);
    struct lane_stage *stage = opened;
    reach(stage, transition);
    last[0] = '\0';
    diary_divert_debug(keep_last);
    /* An answer to a request is followed by the next request: the first line counts. */
    snprintf(expected, sizeof(expected), "lane 0: %s -> %s: %s", lane_state_name(transition->from),
             lane_state_name(transition->to), transition->words);
    cause(stage, transition);
    assert_string_equal(last, expected);
    lane_stage_close(&opened);
}

int main(void)
{
    static char names[128][80];
    static struct CMUnitTest tests[128];

    for (size_t i = 0; i < lane_transition_count; i++) {
        snprintf(names[i], sizeof(names[i]), "%s: %s", lane_state_name(lane_transitions[i].from),
                 lane_event_name(lane_transitions[i].event));
        tests[i] = test_row(names[i], check_transition, (void *)(uintptr_t)&lane_transitions[i]);
    }
    return _cmocka_run_group_tests("lane_transitions", tests, lane_transition_count, NULL, NULL);
}
