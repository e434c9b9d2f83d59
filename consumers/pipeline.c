#include "consumers/pipeline.h"

#include <inttypes.h>
#include <poll.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "consumers/monitor/page.h"
#include "consumers/progress.h"
#include "consumers/worker.h"

enum {
    MESSAGES_A_TURN = 1000,
    PAUSE_AFTER_MS = 5000,
    COMMIT_EVERY_MS = 5000,
    FENCED_AGAIN_MS = 500, /* Time for the group to tell that they are another's. */
    LONGEST_WAIT_MS = 1000,
    DRAIN_WAIT_MS = 10000,
    PUBLISH_EVERY_MS = 1000,
};

struct pipeline {
    const struct consumer_settings *settings;
    struct source *source;
    struct assignment assignment;
    struct worker workers[LANES_MAX];
    size_t worker_count;
    struct folds *folds;       /* Borrowed; NULL: nobody here folds. */
    struct listener *listener; /* Borrowed; NULL: nobody asks. */
    struct buffer page;
    int64_t publish_at_ms;
    int64_t rebalances;
    struct progress progress;
    bool is_paused;
    bool is_unread; /* Partitions were placed, and reading has not begun anew there. */
    bool has_more;  /* The source had not told everything when its turn ended. */
    int64_t commit_at_ms;
    int64_t drain_until_ms; /* 0 until a signal has come. */
};

static bool is_draining(const struct pipeline *p)
{
    return p->drain_until_ms != 0;
}

/* Some lane cannot take what came for it: nothing more is read until it can. */
static bool is_hand_full(const struct pipeline *p)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        if (p->workers[i].outlet.hand_partition)
            return true;
    }
    return false;
}

static bool is_all_claimed(const struct pipeline *p)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        if (!p->workers[i].claims.is_done)
            return false;
    }
    return true;
}

/* Reading begins anew for all, so it waits until every lane has claimed its own. */
static bool read_when_ready(struct pipeline *p, struct error *err)
{
    bool is_stuck = p->is_paused && is_hand_full(p);

    if ((!p->is_paused && !p->is_unread) || is_stuck || !p->assignment.is_given
        || !is_all_claimed(p))
        return true;
    if (p->is_paused)
        log_info("reading goes on");
    p->is_paused = false;
    p->is_unread = false;
    return assignment_read(&p->assignment, err);
}

/* As soon as all lanes are ready; what comes until then is thrown away, so let it not come. */
static void read_anew(struct pipeline *p)
{
    p->is_unread = true;
    if (!is_all_claimed(p))
        source_pause(p->source);
}

/* Positions are claimed: go on where we were, or begin where the database says. */
static void after_claim(struct pipeline *p, struct worker *worker)
{
    if (!worker->claims.is_under_way)
        return; /* The group has decided otherwise in the meantime. */
    enum claims_outcome outcome = claims_finish(&worker->claims);
    bool is_dropped =
        outcome == CLAIMS_MOVED || p->is_paused || outlet_is_partly_stored(&worker->outlet);
    if (outcome == CLAIMS_AS_BEFORE && !is_dropped)
        return;
    if (is_dropped)
        outlet_drop(&worker->outlet);
    for (size_t i = 0; i < worker->claims.count; i++) {
        struct partition *partition = worker->claims.partitions[i];

        if (is_dropped || partition->state == PARTITION_HELD)
            assignment_place(partition);
    }
    read_anew(p);
}

/*
 * Somebody else has claimed what we were about to write. All that is read goes, since what
 * comes after the lost batch must not be stored without it. Then the position decides.
 */
static void after_fencing(struct pipeline *p, struct worker *worker, int64_t now_ms)
{
    if (worker->outlet.is_orphan && worker->outlet.flying) {
        outlet_land(&worker->outlet);
        return;
    }
    outlet_drop(&worker->outlet);
    if (is_draining(p)) {
        claims_revoke(&worker->claims);
        return;
    }
    log_warning("another consumer has claimed a partition of ours: claiming again");
    for (size_t i = 0; i < worker->claims.count; i++)
        worker->claims.partitions[i]->state = PARTITION_CLAIMING;
    claims_schedule(&worker->claims, now_ms + FENCED_AGAIN_MS);
}

/* Trying again cannot help until somebody has mended what is wrong. */
static bool after_refusal(struct pipeline *p, struct worker *worker, struct error *err)
{
    const struct batch *flying = worker->outlet.flying;
    size_t route = flying ? flying->entries[0].partition->route->number : SIZE_MAX;

    if (worker->outlet.is_orphan && flying) {
        outlet_land(&worker->outlet);
        return true;
    }
    if (p->settings->is_until_end)
        return false;
    for (size_t i = 0; i < worker->claims.count; i++) {
        struct partition *partition = worker->claims.partitions[i];

        if (worker->claims.is_under_way || !flying || partition->route->number == route)
            assignment_hold(partition, err->message);
        else if (partition->state != PARTITION_HELD)
            assignment_place(partition);
        partition->next_offset = partition->position;
    }
    outlet_drop(&worker->outlet);
    worker->claims.is_under_way = false;
    worker->claims.is_done = true;
    read_anew(p);
    return true;
}

static bool take_news(struct pipeline *p, struct worker *worker, enum lane_news news,
                      int64_t now_ms, struct error *err)
{
    switch (news) {
    case LANE_CONNECTED:
        claims_schedule(&worker->claims, now_ms);
        return true;
    case LANE_CLAIMED:
        after_claim(p, worker);
        return true;
    case LANE_WRITTEN:
        /* Also for a position that moves on over markers, without a message. */
        folds_note(p->folds, worker->outlet.flying ? (int64_t)worker->outlet.flying->count : 0);
        outlet_land(&worker->outlet);
        return true;
    case LANE_FENCED:
        after_fencing(p, worker, now_ms);
        return true;
    case LANE_LOST:
        worker->claims.is_under_way = false;
        if (worker->outlet.is_orphan)
            outlet_land(&worker->outlet);
        return true;
    case LANE_HELD:
        return after_refusal(p, worker, err);
    case LANE_NOTHING:
        break;
    }
    return true;
}

static bool turn_workers(struct pipeline *p, int64_t now_ms, struct error *err)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        struct worker *worker = &p->workers[i];
        enum lane_news news;

        while ((news = lane_turn(worker->lane, now_ms, err)) != LANE_NOTHING) {
            if (!take_news(p, worker, news, now_ms, err))
                return false;
        }
        if (!outlet_take_hand(&worker->outlet, now_ms, err))
            return false;
    }
    return true;
}

/* Nothing is lost when the fold is refused: what is stored waits for it. */
static bool turn_folds(struct pipeline *p, int64_t now_ms, struct error *err)
{
    struct error refusal;

    if (folds_turn(p->folds, now_ms, &refusal))
        return true;
    if (p->settings->is_until_end) {
        *err = refusal;
        return false;
    }
    log_error("%s", refusal.message);
    return true;
}

static bool take_assignment(struct pipeline *p, int64_t now_ms, struct error *err)
{
    p->is_paused = false;
    p->is_unread = false;
    p->rebalances++;
    if (!assignment_take(&p->assignment, err))
        return false;
    for (size_t i = 0; i < p->worker_count; i++) {
        struct worker *worker = &p->workers[i];

        outlet_orphan(&worker->outlet);
        if (!claims_set(&worker->claims, &p->assignment, i, p->worker_count, err))
            return false;
        claims_schedule(&worker->claims, now_ms);
    }
    return true;
}

static void revoke(struct pipeline *p)
{
    assignment_commit(&p->assignment);
    assignment_revoke(&p->assignment);
    for (size_t i = 0; i < p->worker_count; i++) {
        outlet_orphan(&p->workers[i].outlet);
        claims_revoke(&p->workers[i].claims);
    }
    source_unassign(p->source);
}

static bool take_message(struct pipeline *p, struct message *message, int64_t now_ms,
                         struct error *err)
{
    struct partition *partition =
        route_partition(&p->assignment.routes->items[message->topic], message->partition);

    if (!partition)
        return error_no_memory(err);
    if (!assignment_accepts(partition, message)) {
        message_free(message);
        return true;
    }
    struct worker *worker = &p->workers[partition_lane(partition, p->worker_count)];
    return outlet_take(&worker->outlet, partition, message, now_ms, err);
}

/* Reading begins anew soon: what still comes before, comes again. */
static bool is_stale(const struct pipeline *p)
{
    return p->is_paused || p->is_unread;
}

static bool take_source_news(struct pipeline *p, int64_t now_ms, struct error *err)
{
    p->has_more = false;
    for (int i = 0; i < MESSAGES_A_TURN; i++) {
        struct message message = {0};

        if (is_hand_full(p) && !p->is_paused)
            return true;
        switch (source_next(p->source, &message, err)) {
        case SOURCE_NOTHING:
            return true;
        case SOURCE_MESSAGE:
            if (is_stale(p))
                message_free(&message);
            else if (!take_message(p, &message, now_ms, err))
                return false;
            break;
        case SOURCE_END:
            if (!is_stale(p))
                progress_note_end(&p->progress, &message);
            break;
        case SOURCE_OUTSIDE:
            if (!is_stale(p))
                progress_hold_outside(&p->progress, &message);
            break;
        case SOURCE_ASSIGNED:
            p->has_more = true;
            return take_assignment(p, now_ms, err);
        case SOURCE_REVOKED:
            p->has_more = true;
            revoke(p);
            return true;
        case SOURCE_FAILED:
            return false;
        }
    }
    p->has_more = true;
    return true;
}

static bool is_stuck(const struct worker *worker, int64_t now_ms)
{
    return worker->outlet.hand_partition && now_ms >= worker->outlet.hand_since_ms + PAUSE_AFTER_MS;
}

/* The database does not keep up or is away: stop fetching, but stay a member of the group. */
static void pause_when_stuck(struct pipeline *p, int64_t now_ms)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        if (p->is_paused || !is_stuck(&p->workers[i], now_ms))
            continue;
        log_warning("nothing could be written for %d s: reading is paused", PAUSE_AFTER_MS / 1000);
        source_pause(p->source);
        p->is_paused = true;
    }
}

static int64_t smaller(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static int64_t next_deadline_ms(const struct pipeline *p, int64_t now_ms)
{
    int64_t deadline_ms = smaller(now_ms + LONGEST_WAIT_MS, p->commit_at_ms);

    for (size_t i = 0; i < p->worker_count; i++)
        deadline_ms = smaller(deadline_ms, worker_due_ms(&p->workers[i]));
    return deadline_ms;
}

/* Waits until a socket is ready or the nearest deadline has come. */
static void wait_for_news(struct pipeline *p)
{
    struct pollfd descriptors[LANES_MAX + FOLDS + 2];
    nfds_t count = 0;
    int64_t now_ms = clock_steady_ms();
    int64_t deadline_ms = next_deadline_ms(p, now_ms);
    bool may_read = !is_draining(p) && (!is_hand_full(p) || p->is_paused);

    for (size_t i = 0; i < p->worker_count; i++) {
        int64_t lane_ms;

        if (lane_poll(p->workers[i].lane, &descriptors[count], &lane_ms))
            count++;
        deadline_ms = smaller(deadline_ms, lane_ms);
    }
    int64_t fold_ms;
    count += folds_poll(p->folds, &descriptors[count], &fold_ms);
    deadline_ms = smaller(deadline_ms, fold_ms);
    if (!is_draining(p))
        descriptors[count++] = (struct pollfd){.fd = stop_descriptor(), .events = POLLIN};
    if (may_read)
        descriptors[count++] =
            (struct pollfd){.fd = source_descriptor(p->source), .events = POLLIN};

    int64_t wait_ms = deadline_ms - now_ms;
    if (wait_ms < 0 || (p->has_more && may_read))
        wait_ms = 0;
    poll(descriptors, count, (int)wait_ms);
    /* Emptied before the queue is: what comes after this wakes us again. */
    if (may_read)
        source_acknowledge(p->source);
}

static bool is_everything_written(const struct pipeline *p)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        if (!outlet_is_empty(&p->workers[i].outlet))
            return false;
    }
    return true;
}

static bool can_nothing_be_written(const struct pipeline *p)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        if (lane_is_connected(p->workers[i].lane))
            return false;
    }
    return true;
}

static bool is_finished(struct pipeline *p, int64_t now_ms, struct error *err)
{
    if (is_draining(p))
        return is_everything_written(p) || now_ms >= p->drain_until_ms || can_nothing_be_written(p);
    return p->settings->is_until_end && p->assignment.is_given && is_everything_written(p)
           && folds_are_complete(p->folds) && progress_is_complete(&p->progress, now_ms, err);
}

static void note_signal(struct pipeline *p, int64_t now_ms)
{
    if (is_draining(p) || !stop_requested())
        return;
    log_info("stopping: storing what has been read");
    p->drain_until_ms = now_ms + DRAIN_WAIT_MS;
}

/* Why nothing is read and written now; NULL: it is. */
static const char *unready(const struct pipeline *p)
{
    if (is_draining(p))
        return "stopping";
    if (!p->assignment.is_given || p->assignment.count == 0)
        return "the group has given us no partition";
    if (can_nothing_be_written(p))
        return "not connected to PostgreSQL";
    if (!is_all_claimed(p))
        return "claiming partitions";
    return p->is_paused ? "reading is paused: PostgreSQL does not keep up" : NULL;
}

static void tell_listener(struct pipeline *p, int64_t now_ms)
{
    if (!p->listener)
        return;
    listener_beat(p->listener, unready(p));
    if (now_ms < p->publish_at_ms)
        return;
    struct page_view view = {.routes = p->assignment.routes,
                             .source = p->source,
                             .lanes = p->progress.lanes,
                             .lane_count = p->worker_count,
                             .folds = p->folds,
                             .rebalances = p->rebalances,
                             .is_paused = p->is_paused};
    if (page_write(&view, &p->page))
        listener_publish(p->listener, &p->page);
    p->publish_at_ms = now_ms + PUBLISH_EVERY_MS;
}

static bool turn(struct pipeline *p, struct error *err)
{
    int64_t now_ms = clock_steady_ms();

    note_signal(p, now_ms);
    if (!turn_workers(p, now_ms, err) || !turn_folds(p, now_ms, err) || !read_when_ready(p, err))
        return false;
    if (!is_draining(p) && !take_source_news(p, now_ms, err))
        return false;
    for (size_t i = 0; i < p->worker_count; i++)
        worker_start(&p->workers[i], &p->assignment, is_draining(p), now_ms);
    pause_when_stuck(p, now_ms);
    if (now_ms >= p->commit_at_ms) {
        assignment_commit(&p->assignment);
        p->commit_at_ms = now_ms + COMMIT_EVERY_MS;
    }
    progress_log(&p->progress, now_ms);
    tell_listener(p, now_ms);
    return true;
}

static bool start(struct pipeline *p, struct routes *routes, struct lane *const *lanes,
                  struct error *err)
{
    for (size_t i = 0; i < p->worker_count; i++) {
        struct worker *worker = &p->workers[i];

        worker->lane = lanes[i];
        worker->claims = (struct claims){.lane = lanes[i], .due_ms = INT64_MAX, .is_done = true};
        if (!outlet_init(&worker->outlet, p->settings, routes, lanes[i], err))
            return false;
    }
    return progress_init(&p->progress, p->settings, routes, p->source, lanes, p->worker_count, err);
}

bool pipeline_run(const struct consumer_settings *settings, struct routes *routes,
                  struct source *source, struct lane *const *lanes, struct folds *folds,
                  struct listener *listener, struct error *err)
{
    struct pipeline pipeline = {.settings = settings,
                                .source = source,
                                .assignment = {.routes = routes, .source = source},
                                .worker_count = (size_t)settings->lanes,
                                .folds = folds,
                                .listener = listener,
                                .commit_at_ms = clock_steady_ms() + COMMIT_EVERY_MS};
    struct pipeline *p = &pipeline;
    buffer_init(&pipeline.page, LISTENER_PAGE_BYTES_MAX);
    bool ok = start(p, routes, lanes, err);

    if (ok)
        err->kind = ERROR_NONE;
    while (ok && !is_finished(p, clock_steady_ms(), err)) {
        wait_for_news(p);
        ok = turn(p, err);
    }
    if (ok && err->kind != ERROR_NONE)
        ok = false;
    assignment_commit(&p->assignment);
    progress_log_sum(&p->progress);
    for (size_t i = 0; i < p->worker_count; i++) {
        outlet_free(&p->workers[i].outlet);
        claims_free(&p->workers[i].claims);
    }
    assignment_free(&p->assignment);
    buffer_free(&p->page);
    return ok;
}
