#include "consumers/postgres/lane.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"
#include "consumers/postgres/lane_send.h"
#include "consumers/postgres/sqlstate.h"
#include "consumers/route.h"

enum {
    SQL_BYTES_MAX = 4 * 1024 * 1024,
    DATA_BYTES_MAX = 1024 * 1024 * 1024,
    FIRST_RETRY_MS = 200,
    LONGEST_RETRY_MS = 10000,
    LONGEST_SIEVE_RUN = 64,
    CONNECT_WAIT_MS = 15000,
};

struct lane *lane_new(const char *conninfo, const char *owner, size_t route_count)
{
    struct lane *lane = calloc(1, sizeof(*lane));
    struct lane_counts *counts = calloc(route_count, sizeof(*counts));

    if (!lane || !counts) {
        free(lane);
        free(counts);
        return NULL;
    }
    *lane = (struct lane){
        .conninfo = conninfo, .owner = owner, .retry_ms = FIRST_RETRY_MS, .counts = counts};
    tally_init(&lane->tally);
    buffer_init(&lane->sql, SQL_BYTES_MAX);
    buffer_init(&lane->data, DATA_BYTES_MAX);
    buffer_init(&lane->rows, DATA_BYTES_MAX);
    return lane;
}

static void disconnect(struct lane *lane)
{
    exchange_clear(&lane->exchange);
    PQfinish(lane->connection);
    lane->connection = NULL;
}

void lane_free(struct lane *lane)
{
    if (!lane)
        return;
    disconnect(lane);
    window_free(&lane->window);
    free(lane->claimed);
    free(lane->counts);
    buffer_free(&lane->sql);
    buffer_free(&lane->data);
    buffer_free(&lane->rows);
    free(lane);
}

bool lane_is_idle(const struct lane *lane)
{
    return lane->state == LANE_STATE_IDLE;
}

bool lane_is_writing(const struct lane *lane)
{
    return lane->state >= LANE_STATE_WRITING;
}

bool lane_is_connected(const struct lane *lane)
{
    return lane->state >= LANE_STATE_IDLE;
}

void lane_counts_add(struct lane_counts *counts, const struct lane_counts *other)
{
    counts->stored += other->stored;
    counts->duplicates += other->duplicates;
    counts->rejects += other->rejects;
    counts->batches += other->batches;
    counts->sieved += other->sieved;
}

struct lane_counts lanes_counts(struct lane *const *lanes, size_t count, size_t route)
{
    struct lane_counts sum = {0};

    for (size_t i = 0; i < count; i++)
        lane_counts_add(&sum, &lanes[i]->counts[route]);
    return sum;
}

const struct tally *lane_tally(const struct lane *lane)
{
    return &lane->tally;
}

/* All messages of a batch are of one route. */
static struct lane_counts *counts_of_batch(struct lane *lane)
{
    const struct batch *batch = lane->window.batch;

    assert(batch && batch->count > 0);
    return &lane->counts[batch->entries[0].partition->route->number];
}

static void move(struct lane *lane, enum lane_event event)
{
    const struct lane_transition *transition = lane_transition_find(lane->state, event);

    assert(transition);
    log_debug("lane: %s -> %s: %s", lane_state_name(transition->from),
              lane_state_name(transition->to), transition->words);
    lane->state = transition->to;
}

/* Twice as long each time, a fifth more or less, so that many consumers do not come at once. */
static enum lane_news lose(struct lane *lane, const char *sqlstate, const char *reason)
{
    int64_t now_ms = clock_steady_ms();
    int64_t jitter_ms = clock_now_us() % (lane->retry_ms / 5 + 1);

    lane->deadline_ms = now_ms + lane->retry_ms + jitter_ms;
    log_warning("%s; trying again in %" PRId64 " ms", reason, lane->deadline_ms - now_ms);
    lane->retry_ms = lane->retry_ms * 2 > LONGEST_RETRY_MS ? LONGEST_RETRY_MS : lane->retry_ms * 2;
    lane->was_lost = true;
    tally_retry(&lane->tally, sqlstate);
    move(lane, LANE_EVENT_OUTAGE);
    disconnect(lane);
    return LANE_LOST;
}

static enum lane_news lose_with_error(struct lane *lane)
{
    struct error err;

    result_error(lane->connection, lane->exchange.error, &err);
    return lose(lane, result_sqlstate(lane->exchange.error), err.message);
}

static void set_window(struct lane *lane, struct batch *batch, size_t first, size_t end)
{
    struct error err;

    if (!window_set(&lane->window, batch, first, end, &err))
        abort();
}

bool lane_claim(struct lane *lane, struct partition *const *partitions, size_t count)
{
    struct partition **claimed = realloc(lane->claimed, count * sizeof(struct partition *));

    assert(lane->state == LANE_STATE_IDLE && count > 0);
    if (!claimed)
        return false;
    memcpy(claimed, partitions, count * sizeof(struct partition *));
    lane->claimed = claimed;
    lane->claimed_count = count;
    lane->state = LANE_STATE_CLAIMING;
    lane_send_claim(lane);
    return true;
}

void lane_write(struct lane *lane, struct batch *batch)
{
    assert(lane->state == LANE_STATE_IDLE && batch->count > 0);
    set_window(lane, batch, 0, batch->count);
    lane->sent_ms = clock_steady_ms();
    counts_of_batch(lane)->batches++;
    if (lane->sieve_left > 0 && lane->window.row_count > 0) {
        lane->sieve_left--;
        counts_of_batch(lane)->sieved++;
        lane->state = LANE_STATE_PREPARING;
        lane_send_prepare(lane);
        return;
    }
    lane->state = LANE_STATE_WRITING;
    lane_send_fast_road(lane);
}

void lane_skip(struct lane *lane, struct partition *const *partitions, size_t count)
{
    struct error err;

    assert(lane->state == LANE_STATE_IDLE && count > 0);
    if (!window_set_ends(&lane->window, partitions, count, &err))
        abort();
    lane->state = LANE_STATE_WRITING;
    lane_send_fast_road(lane);
}

void lane_confirm(struct lane *lane)
{
    struct error err;

    assert(lane->state == LANE_STATE_IDLE && lane->claimed_count > 0);
    if (!window_set_ends(&lane->window, NULL, 0, &err))
        abort();
    lane->state = LANE_STATE_WRITING;
    lane_send_confirm(lane);
}

static void take_claims(struct lane *lane)
{
    const PGresult *result = lane->exchange.results[0];

    assert(PQntuples(result) == (int)lane->claimed_count);
    for (size_t i = 0; i < lane->claimed_count; i++) {
        int row = (int)i;
        struct partition *partition = lane->claimed[query_number(result, row, 0)];

        partition->stream_id = (int16_t)query_number(result, row, 1);
        partition->position = query_number(result, row, 2);
        partition->epoch = query_number(result, row, 3);
        partition->has_last_published = !PQgetisnull(result, row, 4);
        partition->last_published_us = query_number(result, row, 4);
    }
}

/* The sieve has found which rows break a CHECK; the constraint's name is the reason. */
static void take_judgement(struct lane *lane)
{
    const PGresult *result = lane->exchange.results[lane->exchange.result_count - 1];

    /* They come from the last to the first, so that no place moves before its turn. */
    for (int row = 0; row < PQntuples(result); row++) {
        const char *reason = PQgetvalue(result, row, 1);
        struct batch_entry *entry = window_row(&lane->window, (int)query_number(result, row, 0));

        assert(entry);
        window_reject(&lane->window, entry,
                      reject_new(reason, "breaks the rule \"%s\" of table %s", reason,
                                 lane->window.batch->shape->table->name));
    }
}

/* A window of one row, and PostgreSQL refuses it: its words are all that is known. */
static void reject_single_row(struct lane *lane)
{
    const PGresult *result = lane->exchange.error;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    struct reject *reject = reject_new("REFUSED", "%s", message ? message : "");

    memcpy(reject->sqlstate, result_sqlstate(result), SQLSTATE_LENGTH);
    window_reject(&lane->window, window_row(&lane->window, 1), reject);
}

/* Smaller, until the row is found that is refused for no known reason. */
static void narrow_window(struct lane *lane)
{
    struct window *window = &lane->window;

    if (window->row_count == 1)
        reject_single_row(lane);
    else
        set_window(lane, window->batch, window->first,
                   window->first + (window->end - window->first) / 2);
}

static void count_written(struct lane *lane, bool is_sieved)
{
    struct lane_counts *counts;
    int64_t duplicates = 0;

    if (!lane->window.batch)
        return;
    counts = counts_of_batch(lane);
    /* Of the statements that keep a window, the one before the rejects' COPY notes repeats. */
    if (is_sieved && lane->window.row_count && lane->window.batch->shape->table->has_event_id) {
        size_t last = lane->exchange.result_count - 1 - (lane->window.reject_count > 0);

        duplicates = strtoll(PQcmdTuples(lane->exchange.results[last]), NULL, 10);
    }
    counts->stored += (int64_t)lane->window.row_count - duplicates;
    counts->duplicates += duplicates;
    counts->rejects += (int64_t)lane->window.reject_count;
    if (lane->window.end == lane->window.batch->count)
        tally_commit(&lane->tally, lane->window.batch->count, clock_steady_ms() - lane->sent_ms);
}

static enum lane_news finish_fast_road(struct lane *lane)
{
    count_written(lane, false);
    window_committed(&lane->window);
    if (lane->window.row_count)
        lane->sieve_run = 0;
    move(lane, LANE_EVENT_DONE);
    return LANE_WRITTEN;
}

/* Where only rejects are left of the window there is nothing to judge. */
static void judge(struct lane *lane)
{
    if (lane->window.row_count) {
        lane_send_judge(lane);
        return;
    }
    move(lane, LANE_EVENT_DONE);
    lane_send_keep(lane);
}

/* One window is stored; the next begins where it ended and reaches to the batch's end. */
static enum lane_news finish_window(struct lane *lane)
{
    struct batch *batch = lane->window.batch;

    count_written(lane, true);
    window_committed(&lane->window);
    move(lane, LANE_EVENT_DONE);
    if (lane->window.end == batch->count) {
        lane->state = LANE_STATE_IDLE;
        return LANE_WRITTEN;
    }
    set_window(lane, batch, lane->window.end, batch->count);
    judge(lane);
    return LANE_NOTHING;
}

static enum lane_news finish(struct lane *lane)
{
    lane->retry_ms = FIRST_RETRY_MS;
    switch (lane->state) {
    case LANE_STATE_SETTING:
        if (lane->was_lost)
            log_info("connected to PostgreSQL again");
        lane->was_lost = false;
        move(lane, LANE_EVENT_DONE);
        return LANE_CONNECTED;
    case LANE_STATE_CLAIMING:
        take_claims(lane);
        move(lane, LANE_EVENT_DONE);
        return LANE_CLAIMED;
    case LANE_STATE_ENDING:
        move(lane, LANE_EVENT_DONE);
        lane_send_claim(lane);
        return LANE_NOTHING;
    case LANE_STATE_WRITING:
        return finish_fast_road(lane);
    case LANE_STATE_PREPARING:
        move(lane, LANE_EVENT_DONE);
        judge(lane);
        return LANE_NOTHING;
    case LANE_STATE_JUDGING:
        take_judgement(lane);
        move(lane, LANE_EVENT_DONE);
        lane_send_keep(lane);
        return LANE_NOTHING;
    case LANE_STATE_KEEPING:
        return finish_window(lane);
    default:
        assert(false && "nothing is under way");
        return LANE_NOTHING;
    }
}

/* PostgreSQL refused a row: from the fast road to the sieve, in the sieve to a smaller window. */
static enum lane_news sieve(struct lane *lane)
{
    bool was_fast = lane->state == LANE_STATE_WRITING;

    if (was_fast) {
        lane->sieve_run = lane->sieve_run ? lane->sieve_run * 2 : 2;
        if (lane->sieve_run > LONGEST_SIEVE_RUN)
            lane->sieve_run = LONGEST_SIEVE_RUN;
        lane->sieve_left = lane->sieve_run;
        counts_of_batch(lane)->sieved++;
        move(lane, LANE_EVENT_ROW);
        lane_send_prepare(lane);
    } else {
        narrow_window(lane);
        move(lane, LANE_EVENT_ROW);
        judge(lane);
    }
    return LANE_NOTHING;
}

static enum lane_news refuse(struct lane *lane, struct error *err)
{
    result_error(lane->connection, lane->exchange.error, err);
    move(lane, LANE_EVENT_REFUSED);
    return LANE_HELD;
}

static enum lane_news fail(struct lane *lane, struct error *err)
{
    const char *sqlstate = result_sqlstate(lane->exchange.error);
    const char *schema = PQresultErrorField(lane->exchange.error, PG_DIAG_SCHEMA_NAME);
    const char *constraint = PQresultErrorField(lane->exchange.error, PG_DIAG_CONSTRAINT_NAME);
    bool is_writing = lane->state >= LANE_STATE_WRITING;
    const struct batch *batch = lane->window.batch;
    const char *position_constraint =
        is_writing && batch && batch->shape ? batch->shape->table->position_constraint : "";

    if (lane->state == LANE_STATE_SETTING)
        return lose_with_error(lane);
    if (lane->state == LANE_STATE_CLAIMING && sqlstate_is_lock_timeout(sqlstate)) {
        log_warning("the holder of a partition does not let go of it: ending its backend");
        move(lane, LANE_EVENT_LOCKED);
        lane_send_end_holders(lane);
        return LANE_NOTHING;
    }
    switch (sqlstate_classify(sqlstate, schema ? schema : "", constraint ? constraint : "",
                              position_constraint)) {
    case SQLSTATE_OUTAGE:
        return lose_with_error(lane);
    case SQLSTATE_FENCED:
        if (!is_writing)
            return refuse(lane, err);
        move(lane, LANE_EVENT_FENCED);
        return LANE_FENCED;
    case SQLSTATE_ROW:
        if (!is_writing || lane->state == LANE_STATE_PREPARING || lane->window.row_count == 0)
            return refuse(lane, err);
        return sieve(lane);
    case SQLSTATE_ALARM:
        refuse(lane, err);
        error_context(err, "a message is stored already, its position was moved back by hand");
        return LANE_HELD;
    case SQLSTATE_HOLD:
        break;
    }
    return refuse(lane, err);
}

static enum lane_news turn_connecting(struct lane *lane)
{
    struct error err;

    if (PQstatus(lane->connection) != CONNECTION_BAD)
        lane->connecting = PQconnectPoll(lane->connection);
    else
        lane->connecting = PGRES_POLLING_FAILED;
    switch (lane->connecting) {
    case PGRES_POLLING_FAILED:
        connection_error(lane->connection, &err);
        return lose(lane, "", err.message);
    case PGRES_POLLING_OK:
        PQsetnonblocking(lane->connection, 1);
        move(lane, LANE_EVENT_DONE);
        lane_send_settings(lane);
        return LANE_NOTHING;
    default:
        return LANE_NOTHING;
    }
}

static enum lane_news connect_anew(struct lane *lane)
{
    move(lane, LANE_EVENT_DUE);
    lane->connection = connection_begin(lane->conninfo, "coop-consumer");
    lane->connecting = PGRES_POLLING_WRITING;
    lane->deadline_ms = clock_steady_ms() + CONNECT_WAIT_MS;
    if (!lane->connection)
        abort();
    return LANE_NOTHING;
}

/* Nothing is under way, but the server may have gone: it tells by closing the socket. */
static enum lane_news turn_idle(struct lane *lane)
{
    struct error err;

    if (PQconsumeInput(lane->connection) == 1 && PQstatus(lane->connection) == CONNECTION_OK)
        return LANE_NOTHING;
    result_error(lane->connection, NULL, &err);
    return lose(lane, "", err.message);
}

enum lane_news lane_turn(struct lane *lane, int64_t now_ms, struct error *err)
{
    if (lane->state == LANE_STATE_CLOSED)
        return now_ms >= lane->deadline_ms ? connect_anew(lane) : LANE_NOTHING;
    if (lane->state == LANE_STATE_IDLE)
        return turn_idle(lane);
    if (now_ms >= lane->deadline_ms)
        return lose(lane, "", "PostgreSQL does not answer");
    if (lane->state == LANE_STATE_CONNECTING)
        return turn_connecting(lane);
    switch (exchange_advance(&lane->exchange)) {
    case EXCHANGE_DONE:
        return finish(lane);
    case EXCHANGE_FAILED:
        return fail(lane, err);
    case EXCHANGE_LOST:
        return lose_with_error(lane);
    case EXCHANGE_WAITING:
        break;
    }
    return LANE_NOTHING;
}

bool lane_poll(const struct lane *lane, struct pollfd *out, int64_t *deadline_ms)
{
    *deadline_ms = lane->state == LANE_STATE_IDLE ? INT64_MAX : lane->deadline_ms;
    if (!lane->connection || PQsocket(lane->connection) < 0) {
        if (lane->connection)
            *deadline_ms = 0;
        return false;
    }
    out->fd = PQsocket(lane->connection);
    if (lane->state == LANE_STATE_IDLE)
        out->events = POLLIN;
    else if (lane->state == LANE_STATE_CONNECTING)
        out->events = lane->connecting == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    else
        out->events = exchange_events(&lane->exchange);
    return true;
}
