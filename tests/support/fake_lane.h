#ifndef COOP_TESTS_FAKE_LANE_H
#define COOP_TESTS_FAKE_LANE_H

#include "consumers/lane/lane.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_session.h"

/*
 * A lane among fakes: "lane 0" reads from "kafka" and writes to a small database. Batches hold four
 * messages and wait 100 ms.
 */
struct lane_stage {
    struct fake_clock clock;
    struct fake_database database;
    struct fake_source source;
    struct fake_session *session;
    struct routes routes;
    struct partitions partitions;
    struct lane *lane;
    struct error err;
    int64_t stored; /**< By all that was heard. */
};

enum { LANE_BATCH_ROWS = 4, LANE_BATCH_WAIT_MS = 100 };

/** Setup and teardown of a test; the state is a stage. Nobody has connected, nothing is given. */
int lane_stage_open(void **state);
int lane_stage_close(void **state);

/** Gives the first partitions of sim.a and of sim.b. */
void lane_stage_give(struct lane_stage *stage, size_t of_a, size_t of_b);

/** The same, connected and claimed; the diary is empty. */
void lane_stage_ready(struct lane_stage *stage, size_t of_a, size_t of_b);

/** Puts messages from one offset up to before another into a log. */
void lane_stage_publish(struct lane_stage *stage, size_t topic, int32_t partition, int64_t from,
                        int64_t before);

/**
 * As a pipeline does: hears one thing, and holds what is refused; hears, fills and begins; and the
 * same some time later. They give the last news.
 */
enum lane_news lane_stage_hear(struct lane_stage *stage);
enum lane_news lane_stage_turn(struct lane_stage *stage);
enum lane_news lane_stage_later(struct lane_stage *stage, int64_t milliseconds);

/** The partition of a topic. */
struct partition *lane_stage_partition(struct lane_stage *stage, size_t topic, int32_t number);

#endif
