#ifndef COOP_TESTS_FAKE_STEPS_H
#define COOP_TESTS_FAKE_STEPS_H

#include "tests/support/fake_lane.h"

/** Brings a new stage's lane into a state, with partitions 0 of sim.a and sim.b. */
void fake_steps_reach(struct lane_stage *stage, enum lane_state state);

#endif
