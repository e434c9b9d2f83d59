#ifndef COOP_TESTS_FAKE_PIPELINE_H
#define COOP_TESTS_FAKE_PIPELINE_H

#include "consumers/pipeline.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_session.h"

/*
 * A whole pipeline among fakes. Its sessions are willing: they connect and answer by themselves
 * where a test does not make them tell something else. Batches hold four messages, and wait 100 ms.
 */
struct pipeline_stage {
    struct fake_clock clock;
    struct fake_database database;
    struct fake_source source;
    struct fake_session *lanes[2];
    struct fake_session *folds[FOLDS_MAX];
    struct fake_session *positions;
    struct routes routes;
    struct consumer_settings settings;
    struct pipeline *pipeline; /**< NULL where it could not begin. */
    struct error err;
};

/** What kind of pipeline. */
struct pipeline_kind {
    size_t lanes; /**< 0 for one. */
    size_t folds;
    bool is_until_end;
    bool has_http; /**< See fake_http.h. */
    bool is_unwilling;
};

/** Setup and teardown of a test; the state is a stage without a pipeline. */
int pipeline_stage_open(void **state);
int pipeline_stage_close(void **state);

/** Makes the pipeline; the source may have been prepared before. */
void pipeline_stage_begin(struct pipeline_stage *stage, const struct pipeline_kind *kind);

/** The same, and the first partitions of sim.a and sim.b are given, claimed and read. */
void pipeline_stage_ready(struct pipeline_stage *stage, const struct pipeline_kind *kind,
                          size_t of_a, size_t of_b);

/** Puts messages from one offset up to before another into a log. */
void pipeline_stage_publish(struct pipeline_stage *stage, size_t topic, int32_t partition,
                            int64_t from, int64_t before);

/** Some time later one turn, or so many at once: gives the last one's news. */
enum pipeline_news pipeline_stage_later(struct pipeline_stage *stage, int64_t milliseconds);
enum pipeline_news pipeline_stage_turns(struct pipeline_stage *stage, int turns);

#endif
