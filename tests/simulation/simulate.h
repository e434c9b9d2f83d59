#ifndef COOP_TESTS_SIMULATION_SIMULATE_H
#define COOP_TESTS_SIMULATION_SIMULATE_H

#include "tests/simulation/world.h"

/** Lives through the world of a seed: perils, then healing, then what must be so at the end. */
void simulate(struct world *world, uint64_t seed);

#endif
