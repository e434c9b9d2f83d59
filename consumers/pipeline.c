#include "consumers/pipeline.h"

#include <inttypes.h>
#include <poll.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "consumers/assignment.h"
#include "consumers/outlet.h"
#include "consumers/progress.h"

enum {
    MESSAGES_A_TURN = 1000,
    PAUSE_AFTER_MS = 5000,
    COMMIT_EVERY_MS = 5000,
    CLAIM_AGAIN_MS = 1000,
    HELD_AGAIN_MS = 30000,
    LONGEST_WAIT_MS = 1000,
    DRAIN_WAIT_MS = 10000,
};

struct pipeline {
    const struct consumer_settings *settings;
    struct source *source;
    struct lane *lane;
    struct assignment assignment;
    struct outlet outlet;
    struct progress progress;
    int64_t claim_at_ms; /* When to claim; INT64_MAX: nothing to claim. */
    bool is_claiming;
    bool is_paused;
    bool has_more; /* The source had not told everything when its turn ended. */
    int64_t commit_at_ms;
    int64_t drain_until_ms; /* 0 until a signal has come. */
};

static bool is_draining(const struct pipeline *p)
{
    return p->drain_until_ms != 0;
}

/* Positions are claimed: go on where we were, or begin where the database says. */
static bool after_claim(struct pipeline *p, struct error *err)
{
    p->is_claiming = false;
    if (assignment_is_as_expected(&p->assignment) && !p->is_paused)
        return true;
    outlet_drop(&p->outlet);
    p->is_paused = false;
    return assignment_begin(&p->assignment, err);
}

/* Trying again cannot help until somebody has mended what is wrong. */
static bool after_refusal(struct pipeline *p, int64_t now_ms, struct error *err)
{
    struct partition *const *owned = p->assignment.owned;
    size_t flying_route =
        p->outlet.flying ? p->outlet.flying->entries[0].partition->route->number : SIZE_MAX;

    if (p->settings->is_until_end)
        return false;
    for (size_t i = 0; i < p->assignment.count; i++) {
        if (p->is_claiming || owned[i]->route->number == flying_route)
            assignment_hold(owned[i], err->message);
    }
    outlet_drop(&p->outlet);
    p->is_claiming = false;
    p->claim_at_ms = now_ms + HELD_AGAIN_MS;
    return !p->assignment.is_reading || assignment_go_on(&p->assignment, err);
}

static bool take_lane_news(struct pipeline *p, int64_t now_ms, struct error *err)
{
    enum lane_news news;

    while ((news = lane_turn(p->lane, now_ms, err)) != LANE_NOTHING) {
        switch (news) {
        case LANE_CONNECTED:
            log_info("connected to PostgreSQL");
            if (p->assignment.count)
                p->claim_at_ms = now_ms;
            break;
        case LANE_CLAIMED:
            if (!after_claim(p, err))
                return false;
            break;
        case LANE_WRITTEN:
            outlet_land(&p->outlet);
            break;
        case LANE_FENCED:
            log_warning("another consumer has claimed a partition of ours: claiming again");
            outlet_land(&p->outlet);
            p->claim_at_ms = now_ms;
            break;
        case LANE_LOST:
            p->is_claiming = false;
            if (p->outlet.is_orphan)
                outlet_land(&p->outlet);
            break;
        case LANE_HELD:
            if (!after_refusal(p, now_ms, err))
                return false;
            break;
        case LANE_NOTHING:
            break;
        }
    }
    return true;
}

/* Nothing is written to a partition before it is claimed. */
static void start_work(struct pipeline *p, int64_t now_ms)
{
    struct error err;

    if (!lane_is_idle(p->lane))
        return;
    if (p->claim_at_ms <= now_ms && p->assignment.count) {
        if (!assignment_before_claim(&p->assignment, &err)) {
            log_warning("%s; trying again in %d ms", err.message, CLAIM_AGAIN_MS);
            p->claim_at_ms = clock_steady_ms() + CLAIM_AGAIN_MS;
            return;
        }
        p->claim_at_ms = INT64_MAX;
        p->is_claiming = true;
        lane_claim(p->lane, p->assignment.owned, p->assignment.count);
        return;
    }
    if (p->assignment.is_reading || p->outlet.flying)
        outlet_write(&p->outlet, is_draining(p), now_ms);
}

static bool take_assignment(struct pipeline *p, int64_t now_ms, struct error *err)
{
    outlet_orphan(&p->outlet);
    p->is_paused = false;
    p->claim_at_ms = now_ms;
    return assignment_take(&p->assignment, err);
}

static void revoke(struct pipeline *p)
{
    assignment_commit(&p->assignment);
    assignment_revoke(&p->assignment);
    outlet_orphan(&p->outlet);
    p->claim_at_ms = INT64_MAX;
    source_unassign(p->source);
}

static bool take_message(struct pipeline *p, struct message *message, int64_t now_ms,
                         struct error *err)
{
    struct partition *partition =
        route_partition(&p->assignment.routes->items[message->topic], message->partition);

    if (!partition)
        return error_no_memory(err);
    /* What still comes while paused comes again: reading begins anew afterwards. */
    if (p->is_paused || !assignment_accepts(partition, message)) {
        message_free(message);
        return true;
    }
    return outlet_take(&p->outlet, partition, message, now_ms, err);
}

static bool take_source_news(struct pipeline *p, int64_t now_ms, struct error *err)
{
    p->has_more = false;
    for (int i = 0; i < MESSAGES_A_TURN; i++) {
        struct message message = {0};

        if (p->outlet.hand_partition && !p->is_paused)
            return true;
        switch (source_next(p->source, &message, err)) {
        case SOURCE_NOTHING:
            return true;
        case SOURCE_MESSAGE:
            if (!take_message(p, &message, now_ms, err))
                return false;
            break;
        case SOURCE_END:
            progress_note_end(&p->progress, &message);
            break;
        case SOURCE_OUTSIDE:
            progress_hold_outside(&p->progress, &message);
            break;
        case SOURCE_ASSIGNED:
            return take_assignment(p, now_ms, err);
        case SOURCE_REVOKED:
            revoke(p);
            return true;
        case SOURCE_FAILED:
            return false;
        }
    }
    p->has_more = true;
    return true;
}

/* The database does not keep up or is away: stop fetching, but stay a member of the group. */
static void pause_when_stuck(struct pipeline *p, int64_t now_ms)
{
    if (!p->outlet.hand_partition || p->is_paused
        || now_ms < p->outlet.hand_since_ms + PAUSE_AFTER_MS)
        return;
    log_warning("nothing could be written for %d s: reading is paused", PAUSE_AFTER_MS / 1000);
    source_pause(p->source);
    p->is_paused = true;
}

static bool resume_when_free(struct pipeline *p, int64_t now_ms, struct error *err)
{
    if (!outlet_take_hand(&p->outlet, now_ms, err))
        return false;
    if (!p->is_paused || p->outlet.hand_partition || !lane_is_connected(p->lane))
        return true;
    log_info("reading goes on");
    p->is_paused = false;
    return assignment_go_on(&p->assignment, err);
}

static int64_t smaller(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static int64_t next_deadline_ms(const struct pipeline *p, int64_t now_ms, int64_t lane_ms)
{
    int64_t deadline_ms = smaller(now_ms + LONGEST_WAIT_MS, lane_ms);

    if (lane_is_idle(p->lane)) {
        deadline_ms = smaller(deadline_ms, outlet_due_ms(&p->outlet));
        deadline_ms = smaller(deadline_ms, p->claim_at_ms);
    }
    return smaller(deadline_ms, p->commit_at_ms);
}

/* Waits until a socket is ready or the nearest deadline has come. */
static void wait_for_news(struct pipeline *p)
{
    struct pollfd descriptors[3];
    nfds_t count = 0;
    int64_t lane_ms;
    int64_t now_ms = clock_steady_ms();
    bool may_read = !is_draining(p) && (!p->outlet.hand_partition || p->is_paused);

    if (lane_poll(p->lane, &descriptors[count], &lane_ms))
        count++;
    if (!is_draining(p))
        descriptors[count++] = (struct pollfd){.fd = stop_descriptor(), .events = POLLIN};
    if (may_read)
        descriptors[count++] =
            (struct pollfd){.fd = source_descriptor(p->source), .events = POLLIN};

    int64_t wait_ms = next_deadline_ms(p, now_ms, lane_ms) - now_ms;
    if (wait_ms < 0 || (p->has_more && may_read))
        wait_ms = 0;
    poll(descriptors, count, (int)wait_ms);
    /* Emptied before the queue is: what comes after this wakes us again. */
    if (may_read)
        source_acknowledge(p->source);
}

static bool is_finished(struct pipeline *p, int64_t now_ms, struct error *err)
{
    if (is_draining(p))
        return outlet_is_empty(&p->outlet) || now_ms >= p->drain_until_ms
               || !lane_is_connected(p->lane);
    return p->settings->is_until_end && outlet_is_empty(&p->outlet) && lane_is_idle(p->lane)
           && progress_is_complete(&p->progress, now_ms, err);
}

static void note_signal(struct pipeline *p, int64_t now_ms)
{
    if (is_draining(p) || !stop_requested())
        return;
    log_info("stopping: storing what has been read");
    p->drain_until_ms = now_ms + DRAIN_WAIT_MS;
}

static bool turn(struct pipeline *p, struct error *err)
{
    int64_t now_ms = clock_steady_ms();

    note_signal(p, now_ms);
    if (!take_lane_news(p, now_ms, err) || !resume_when_free(p, now_ms, err))
        return false;
    if (!is_draining(p) && !take_source_news(p, now_ms, err))
        return false;
    start_work(p, now_ms);
    pause_when_stuck(p, now_ms);
    if (now_ms >= p->commit_at_ms) {
        assignment_commit(&p->assignment);
        p->commit_at_ms = now_ms + COMMIT_EVERY_MS;
    }
    progress_log(&p->progress, now_ms);
    return true;
}

bool pipeline_run(const struct consumer_settings *settings, struct routes *routes,
                  struct source *source, struct lane *lane, struct error *err)
{
    struct pipeline pipeline = {.settings = settings,
                                .source = source,
                                .lane = lane,
                                .assignment = {.routes = routes, .source = source},
                                .claim_at_ms = INT64_MAX,
                                .commit_at_ms = clock_steady_ms() + COMMIT_EVERY_MS};
    struct pipeline *p = &pipeline;
    bool ok = outlet_init(&p->outlet, settings, routes, lane, err)
              && progress_init(&p->progress, settings, routes, source, lane, err);

    err->kind = ERROR_NONE;
    while (ok && !is_finished(p, clock_steady_ms(), err)) {
        wait_for_news(p);
        ok = turn(p, err);
    }
    if (ok && err->kind != ERROR_NONE)
        ok = false;
    assignment_commit(&p->assignment);
    progress_log_sum(&p->progress);
    outlet_free(&p->outlet);
    assignment_free(&p->assignment);
    return ok;
}
