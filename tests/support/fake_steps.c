#include "tests/support/check.h"

#include "tests/support/fake_steps.h"

#include "tests/support/fake_diary.h"

/* Four messages of sim.a are being written; three more wait. */
static void reach_writing(struct lane_stage *stage)
{
    lane_stage_publish(stage, FAKE_A, 0, 0, 7);
    lane_stage_ready(stage, 1, 1);
    lane_stage_turn(stage);
}

static void reach_claiming(struct lane_stage *stage)
{
    lane_stage_give(stage, 1, 1);
    fake_session_connects(stage->session);
    lane_stage_turn(stage);
}

static void reach_sieve(struct lane_stage *stage, int answers)
{
    reach_writing(stage);
    fake_session_refuses(stage->session, "23514");
    for (int i = 0; i < answers; i++)
        fake_session_answers(stage->session);
    lane_stage_turn(stage);
}

void fake_steps_reach(struct lane_stage *stage, enum lane_state state)
{
    switch (state) {
    case LANE_AWAY:
        lane_stage_give(stage, 1, 1);
        break;
    case LANE_UNCLAIMED:
        lane_stage_give(stage, 1, 1);
        stage->source.is_away = true;
        fake_session_connects(stage->session);
        lane_stage_turn(stage);
        stage->source.is_away = false;
        break;
    case LANE_CLAIMING:
        reach_claiming(stage);
        break;
    case LANE_ENDING_HOLDER:
        reach_claiming(stage);
        fake_session_refuses(stage->session, "55P03");
        lane_stage_turn(stage);
        break;
    case LANE_READY:
        lane_stage_ready(stage, 1, 1);
        break;
    case LANE_WRITING:
        reach_writing(stage);
        break;
    case LANE_PREPARING:
    case LANE_SORTING:
    case LANE_KEEPING:
        reach_sieve(stage, (int)(state - LANE_PREPARING));
        break;
    case LANE_SKIPPING:
        fake_source_add_news(&stage->source, FEED_END, FAKE_A, 0, 3);
        lane_stage_ready(stage, 1, 1);
        lane_stage_turn(stage);
        break;
    case LANE_CONFIRMING:
        lane_stage_ready(stage, 1, 1);
        lane_stage_later(stage, 20000);
        break;
    case LANE_FINISHING:
        reach_writing(stage);
        lane_take_back(stage->lane, stage->clock.now_ms);
        break;
    }
    diary_clear();
}
