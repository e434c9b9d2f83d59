#ifndef COOP_CONSUMERS_PIPELINE_H
#define COOP_CONSUMERS_PIPELINE_H

#include "common/base/clock.h"
#include "consumers/kafka/source.h"
#include "consumers/monitor/http.h"
#include "consumers/plan/route.h"
#include "consumers/postgres/folds.h"
#include "consumers/settings.h"

/*
 * Takes messages from the source and writes them through its lanes: one thread, one loop. It
 * runs until it is told to drain or, with --until-end, until everything is stored that was there
 * at the start, and folded.
 */
struct pipeline;

/** What a pipeline is made of; all borrowed, but the sessions, which it takes over. */
struct pipeline_parts {
    const struct consumer_settings *settings;
    const struct routes *routes;
    const char *owner; /**< Who claims, as an operator reads it. */
    struct clock *clock;
    struct source *source;
    struct session *lanes[LANES_MAX]; /**< settings->lanes of them. */
    struct session *folds[FOLDS_MAX]; /**< NULL: nobody here folds. */
    struct session *positions;        /**< Asked how far others are; only with --until-end. */
    struct http *http;                /**< NULL: nobody asks. */
};

/** Takes the sessions over, also on failure. @return NULL with the error of the source. */
struct pipeline *pipeline_new(const struct pipeline_parts *parts, struct error *err);

/** Ends at once: what is not stored is read again by whoever comes next. NULL is allowed. */
void pipeline_free(struct pipeline *pipeline);

enum pipeline_news {
    PIPELINE_RUNS,
    PIPELINE_DONE,   /**< Nothing is left to do. */
    PIPELINE_FAILED, /**< See err; going on is useless. */
};

/** Does what can be done now. */
enum pipeline_news pipeline_turn(struct pipeline *pipeline, struct error *err);

/** Waits until there is something to do. */
void pipeline_wait(struct pipeline *pipeline);

/** Reads nothing more, stores what has been read, and is then done; at the latest after 10 s. */
void pipeline_drain(struct pipeline *pipeline);

/** Turns and waits until done, or a signal has come and it is drained; false as PIPELINE_FAILED. */
MUST_USE bool pipeline_run(struct pipeline *pipeline, struct error *err);

#endif
