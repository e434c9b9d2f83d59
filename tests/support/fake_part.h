#ifndef COOP_TESTS_FAKE_PART_H
#define COOP_TESTS_FAKE_PART_H

#include "consumers/lane/batch_part.h"
#include "consumers/lane/decode.h"
#include "tests/support/fake_routes.h"

/*
 * A batch of six messages of sim.a: rows of partition 0 at 10 and 11, a reject there at 12, rows of
 * partition 1 at 40, of partition 0 at 15, of partition 1 at 41. The part is all of it.
 */
struct part_stage {
    struct routes routes;
    struct partitions partitions;
    struct decoder decoder;
    struct batch batch;
    struct part part;
};

/** Setup and teardown of a test; the state is a stage. */
int part_stage_open(void **state);
int part_stage_close(void **state);

#endif
