#ifndef COOP_TESTS_SIMULATION_DESK_H
#define COOP_TESTS_SIMULATION_DESK_H

#include "tests/simulation/postgres/server.h"

/* The operator, who looks now and then: gives back rights, and begins a new generation of a topic
 * that was made anew. */
struct desk {
    struct world *world;
    int64_t every_s_max;
    struct backend *generation[TOPICS_MAX]; /**< Under way; NULL: none ever was. */
};

struct desk *desk_new(struct world *world);

/** Comes again and again. */
void desk_open(struct desk *desk);

/** Has it begun a generation for every topic that was made anew? */
bool desk_is_clear(const struct world *world);

/** Could a topic be made anew now, so that it shows? */
bool desk_may_make_anew(const struct desk *desk, size_t topic);

#endif
