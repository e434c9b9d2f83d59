#include "consumers/pipeline.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/base/stop.h"
#include "consumers/lane/lanes.h"
#include "consumers/membership.h"
#include "consumers/progress.h"
#include "consumers/until_end.h"
#include "consumers/watch.h"

enum { LONGEST_WAIT_MS = 1000, DRAIN_WAIT_MS = 10000 };

enum state {
    RUNNING,
    AT_END, /* --until-end: everything is stored, and folded for the last time. */
    DRAINING,
};

struct pipeline {
    struct pipeline_parts parts;
    enum state state;
    int64_t drain_until_ms; /* DRAINING: then it ends, whatever is left. */
    struct lanes lanes;
    struct folds folds;
    struct partitions partitions;
    struct membership membership;
    struct until_end until_end;
    struct progress progress;
    struct watch watch;
};

static int64_t now_of(const struct pipeline *p)
{
    return p->parts.clock->steady_ms(p->parts.clock);
}

static bool is_until_end(const struct pipeline *p)
{
    return p->parts.settings->is_until_end;
}

static void make_lanes(struct pipeline *p)
{
    const struct pipeline_parts *parts = &p->parts;
    const struct consumer_settings *settings = parts->settings;

    lanes_init(&p->lanes,
               &(struct lane_parts){.limits = {.rows = (size_t)settings->batch_rows,
                                               .bytes = (size_t)settings->batch_bytes,
                                               .wait_ms = settings->batch_wait_ms,
                                               .value_bytes = (size_t)settings->value_bytes_max},
                                    .owner = parts->owner,
                                    .clock = parts->clock,
                                    .source = parts->source,
                                    .partitions = &p->partitions,
                                    .lane_count = (size_t)settings->lanes},
               parts->lanes);
}

struct pipeline *pipeline_new(const struct pipeline_parts *parts, struct error *err)
{
    struct pipeline *p = memory_new(1, sizeof(*p));

    *p = (struct pipeline){.parts = *parts, .state = RUNNING};
    partitions_init(&p->partitions, parts->routes);
    membership_init(&p->membership, parts->source, &p->partitions);
    make_lanes(p);
    folds_init(&p->folds, parts->folds);
    watch_init(&p->watch, parts->http);
    if (is_until_end(p)
        && !until_end_init(&p->until_end, parts->positions, parts->source, &p->partitions, err)) {
        pipeline_free(p);
        return NULL;
    }
    progress_init(&p->progress, &p->lanes, parts->routes->count, now_of(p));
    return p;
}

void pipeline_free(struct pipeline *p)
{
    if (!p)
        return;
    lanes_free(&p->lanes);
    folds_free(&p->folds);
    until_end_free(&p->until_end);
    watch_free(&p->watch);
    partitions_free(&p->partitions);
    membership_free(&p->membership);
    free(p);
}

/* Whoever drains keeps what it has been given until everything is stored. */
static bool hear_group(struct pipeline *p, int64_t now_ms, struct error *err)
{
    return p->state == DRAINING || membership_hear(&p->membership, &p->lanes, now_ms, err);
}

static bool hear_lane(struct pipeline *p, struct lane *lane, int64_t now_ms, struct error *err)
{
    for (;;) {
        int64_t stored = 0;
        struct error refusal;

        switch (lane_hear(lane, now_ms, &stored, err)) {
        case LANE_NOTHING_NEW:
            return true;
        case LANE_NEWS:
            break;
        case LANE_HAS_STORED:
            folds_note(&p->folds, stored);
            break;
        case LANE_IS_FENCED:
            if (p->state == DRAINING)
                lane_take_back(lane, now_ms);
            else
                log_warning("another consumer has claimed a partition of ours: claiming again");
            break;
        case LANE_IS_REFUSED:
            refusal = *err;
            if (is_until_end(p) || !lane_hold(lane, refusal.message, now_ms, err))
                return false;
            break;
        case LANE_HAS_FAILED:
            return false;
        }
    }
}

static bool hear_lanes(struct pipeline *p, int64_t now_ms, struct error *err)
{
    for (size_t i = 0; i < p->lanes.count; i++) {
        if (!hear_lane(p, p->lanes.each[i], now_ms, err))
            return false;
    }
    return true;
}

/* Nothing is lost when the fold is refused: what is stored waits for it. */
static bool turn_folds(struct pipeline *p, int64_t now_ms, struct error *err)
{
    struct error refusal;

    if (folds_turn(&p->folds, now_ms, &refusal))
        return true;
    if (is_until_end(p)) {
        *err = refusal;
        return false;
    }
    log_error("%s", refusal.message);
    return true;
}

static bool fill_lanes(struct pipeline *p, int64_t now_ms, struct error *err)
{
    for (size_t i = 0; p->state != DRAINING && i < p->lanes.count; i++) {
        if (!lane_fill(p->lanes.each[i], now_ms, err))
            return false;
    }
    return true;
}

static void begin_lanes(struct pipeline *p, int64_t now_ms)
{
    for (size_t i = 0; i < p->lanes.count; i++)
        lane_begin(p->lanes.each[i], p->state == DRAINING, now_ms);
}

static void tell(struct pipeline *p, int64_t now_ms)
{
    progress_log(&p->progress, now_ms);
    watch_tell(&p->watch,
               &(struct watch_view){.partitions = &p->partitions,
                                    .source = p->parts.source,
                                    .membership = &p->membership,
                                    .lanes = &p->lanes,
                                    .folds = &p->folds,
                                    .is_stopping = p->state == DRAINING,
                                    .is_paused = p->progress.is_paused,
                                    .now_us = p->parts.clock->now_us(p->parts.clock)},
               now_ms);
}

static enum pipeline_news finish(struct pipeline *p, int64_t now_ms, struct error *err)
{
    if (p->state == DRAINING)
        return lanes_are_empty(&p->lanes) || now_ms >= p->drain_until_ms
                       || lanes_connected(&p->lanes) == 0
                   ? PIPELINE_DONE
                   : PIPELINE_RUNS;
    if (!is_until_end(p))
        return PIPELINE_RUNS;
    bool is_ours_done =
        p->membership.is_given && lanes_are_empty(&p->lanes) && folds_are_complete(&p->folds);
    switch (until_end_turn(&p->until_end, is_ours_done, now_ms, err)) {
    case UNTIL_END_NOT_YET:
        break;
    case UNTIL_END_REACHED:
        if (p->state == AT_END)
            return PIPELINE_DONE;
        /* Others may have stored something since our last fold. */
        folds_note(&p->folds, 0);
        p->state = AT_END;
        return finish(p, now_ms, err);
    case UNTIL_END_HELD:
        return PIPELINE_FAILED;
    }
    return PIPELINE_RUNS;
}

enum pipeline_news pipeline_turn(struct pipeline *p, struct error *err)
{
    int64_t now_ms = now_of(p);

    if (!hear_group(p, now_ms, err) || !hear_lanes(p, now_ms, err) || !turn_folds(p, now_ms, err)
        || !fill_lanes(p, now_ms, err))
        return PIPELINE_FAILED;
    begin_lanes(p, now_ms);
    membership_commit_when_due(&p->membership, now_ms);
    tell(p, now_ms);
    return finish(p, now_ms, err);
}

void pipeline_wait(struct pipeline *p)
{
    struct pollfd descriptors[LANES_MAX * LANE_DESCRIPTORS + FOLDS_MAX + 3];
    size_t count = 0;
    int64_t now_ms = now_of(p);
    int64_t until_ms = now_ms + LONGEST_WAIT_MS;
    bool is_running = p->state != DRAINING;

    clock_no_later(&until_ms, p->membership.commit_at_ms);
    for (size_t i = 0; i < p->lanes.count; i++)
        count += lane_poll(p->lanes.each[i], is_running, now_ms, &descriptors[count], &until_ms);
    count += folds_poll(&p->folds, &descriptors[count], &until_ms);
    if (is_until_end(p))
        count += until_end_poll(&p->until_end, &descriptors[count], &until_ms);
    if (is_running) {
        descriptors[count++] = (struct pollfd){.fd = stop_descriptor(), .events = POLLIN};
        descriptors[count++] = source_poll_group(p->parts.source);
        source_tend(p->parts.source, now_ms, &until_ms);
    }
    p->parts.clock->wait(p->parts.clock, descriptors, count, until_ms);
}

void pipeline_drain(struct pipeline *p)
{
    if (p->state == DRAINING)
        return;
    log_info("stopping: storing what has been read");
    p->state = DRAINING;
    p->drain_until_ms = now_of(p) + DRAIN_WAIT_MS;
}

bool pipeline_run(struct pipeline *p, struct error *err)
{
    enum pipeline_news news = PIPELINE_RUNS;

    while (news == PIPELINE_RUNS) {
        pipeline_wait(p);
        if (stop_requested())
            pipeline_drain(p);
        news = pipeline_turn(p, err);
    }
    membership_commit(&p->membership);
    progress_log_sum(&p->progress, now_of(p));
    return news == PIPELINE_DONE;
}
