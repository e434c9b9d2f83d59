#include "consumers/postgres/fold.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"
#include "consumers/postgres/exchange.h"
#include "consumers/postgres/sqlstate.h"

enum {
    CONNECT_WAIT_MS = 15000,
    ANSWER_WAIT_MS = 600000,
    RETRY_MS = 2000,
    REFUSED_AGAIN_MS = 30000,
    OTHERS_AGAIN_MS = 100, /* While somebody else folds. */
    FEW = 10000,           /* Events: so many are worth the next fold at once. */
    REST_MS_MAX = 200,
    SQL_BYTES_MAX = 4096,
    IDLE_AGAIN_MS = 5000, /* For what a consumer has stored that did not live to fold it. */
};

/* Whatever the role or PG* variables say. A fold takes a second, a large one after an outage ten.
 */
static const char session_sql[] = "set statement_timeout = '540s';"
                                  "set lock_timeout = '10s';"
                                  "set idle_in_transaction_session_timeout = '60s';";

enum fold_state {
    FOLD_CLOSED,
    FOLD_CONNECTING,
    FOLD_SETTING,
    FOLD_IDLE,
    FOLD_FOLDING,
};

struct fold {
    const char *conninfo;
    enum fold_state state;
    PGconn *connection;
    PostgresPollingStatusType connecting;
    struct exchange exchange;
    int64_t deadline_ms;   /* CLOSED, IDLE: begin then. Else: give up waiting then. */
    int64_t begun_ms;      /* When the last fold began. */
    int64_t rest_until_ms; /* Not before then, however much is due. */
    bool is_due;           /* Something was stored since the last fold began. */
    bool is_behind;        /* The last fold has left something, or there was none yet. */
    int64_t behind;        /* What it has left; -1: there was none yet. */
    int64_t noted;         /* Stored since the last fold began. */
    int64_t in_flight;     /* Stored before it, and folded when it succeeds. */
};

struct fold *fold_new(const char *conninfo)
{
    struct fold *fold = calloc(1, sizeof(*fold));

    if (fold)
        *fold = (struct fold){.conninfo = conninfo, .is_behind = true, .behind = -1};
    return fold;
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    exchange_clear(&fold->exchange);
    PQfinish(fold->connection);
    free(fold);
}

void fold_note(struct fold *fold, int64_t messages)
{
    fold->noted += messages;
    fold->is_due = true;
}

bool fold_is_complete(const struct fold *fold)
{
    return fold->state == FOLD_IDLE && !fold->is_due && !fold->is_behind;
}

int64_t fold_behind(const struct fold *fold)
{
    int64_t unfolded = fold->noted + fold->in_flight;

    return fold->behind < 0 ? (unfolded ? unfolded : -1) : fold->behind + unfolded;
}

static void wait(struct fold *fold, enum fold_state state, int64_t milliseconds)
{
    fold->state = state;
    fold->deadline_ms = clock_steady_ms() + milliseconds;
}

/* The lanes have lost theirs as well, as a rule, and say more. */
static void lose(struct fold *fold, const char *reason)
{
    log_debug("fold: %s", reason);
    exchange_clear(&fold->exchange);
    PQfinish(fold->connection);
    fold->connection = NULL;
    fold->is_behind = true;
    wait(fold, FOLD_CLOSED, RETRY_MS);
}

static void send(struct fold *fold, enum fold_state state, const char *sql)
{
    wait(fold, state, ANSWER_WAIT_MS);
    if (!exchange_begin(&fold->exchange, fold->connection, sql, NULL, 0))
        log_debug("fold: could not send: %s", PQerrorMessage(fold->connection));
}

static void send_settings(struct fold *fold)
{
    struct buffer sql;

    buffer_init(&sql, SQL_BYTES_MAX);
    if (!buffer_append_text(&sql, session_sql) || !buffer_append_text(&sql, connection_settings_sql)
        || !buffer_text(&sql))
        abort();
    send(fold, FOLD_SETTING, buffer_text(&sql));
    buffer_free(&sql);
}

static void connect_anew(struct fold *fold)
{
    fold->connection = connection_begin(fold->conninfo, "coop-consumer fold");
    if (!fold->connection)
        abort();
    fold->connecting = PGRES_POLLING_WRITING;
    wait(fold, FOLD_CONNECTING, CONNECT_WAIT_MS);
}

static void turn_connecting(struct fold *fold)
{
    if (PQstatus(fold->connection) != CONNECTION_BAD)
        fold->connecting = PQconnectPoll(fold->connection);
    else
        fold->connecting = PGRES_POLLING_FAILED;
    if (fold->connecting == PGRES_POLLING_FAILED) {
        lose(fold, "PostgreSQL is away");
    } else if (fold->connecting == PGRES_POLLING_OK) {
        PQsetnonblocking(fold->connection, 1);
        send_settings(fold);
    }
}

static void turn_idle(struct fold *fold, int64_t now_ms)
{
    if (PQconsumeInput(fold->connection) != 1 || PQstatus(fold->connection) != CONNECTION_OK) {
        lose(fold, "the connection is gone");
    } else if (now_ms >= fold->rest_until_ms && (fold->is_due || now_ms >= fold->deadline_ms)) {
        fold->begun_ms = now_ms;
        fold->is_due = false;
        fold->in_flight += fold->noted;
        fold->noted = 0;
        send(fold, FOLD_FOLDING, "select events, behind from state.fold()");
    }
}

/* A fold of few events costs little less than one of many: it rests as long as it worked, so that
 * the folds together take no more than half of the processors from those who store. */
static void rest(struct fold *fold, int64_t events)
{
    int64_t now_ms = clock_steady_ms();
    int64_t worked_ms = now_ms - fold->begun_ms;

    fold->rest_until_ms =
        events < FEW ? now_ms + (worked_ms < REST_MS_MAX ? worked_ms : REST_MS_MAX) : 0;
}

static void finish(struct fold *fold)
{
    int64_t events = 0;
    int64_t behind = 1;

    if (fold->state == FOLD_FOLDING) {
        const PGresult *result = fold->exchange.results[0];

        events = query_number(result, 0, 0);
        behind = query_number(result, 0, 1);
        fold->behind = behind;
        fold->in_flight = 0;
        rest(fold, events);
        log_debug("fold: events=%" PRId64 " behind=%" PRId64, events, behind);
    }
    fold->is_behind = behind > 0;
    if (!fold->is_behind)
        wait(fold, FOLD_IDLE, IDLE_AGAIN_MS);
    else
        wait(fold, FOLD_IDLE, fold->state == FOLD_SETTING || events > 0 ? 0 : OTHERS_AGAIN_MS);
}

static bool fail(struct fold *fold, struct error *err)
{
    enum sqlstate_class class =
        sqlstate_classify(result_sqlstate(fold->exchange.error), "", "", "");

    result_error(fold->connection, fold->exchange.error, err);
    fold->is_behind = true;
    if (class == SQLSTATE_OUTAGE) {
        log_warning("the reports stand still: %s; trying again", err->message);
        lose(fold, err->message);
        return true;
    }
    fold->is_due = false;
    wait(fold, FOLD_IDLE, REFUSED_AGAIN_MS);
    return error_context(err, "the reports stand still (coop-admin rebuild makes them anew)");
}

bool fold_turn(struct fold *fold, int64_t now_ms, struct error *err)
{
    if (fold->state == FOLD_CLOSED) {
        if (now_ms >= fold->deadline_ms)
            connect_anew(fold);
        return true;
    }
    if (fold->state == FOLD_IDLE) {
        turn_idle(fold, now_ms);
        return true;
    }
    if (now_ms >= fold->deadline_ms) {
        lose(fold, "PostgreSQL does not answer");
        return true;
    }
    if (fold->state == FOLD_CONNECTING) {
        turn_connecting(fold);
        return true;
    }
    switch (exchange_advance(&fold->exchange)) {
    case EXCHANGE_DONE:
        finish(fold);
        break;
    case EXCHANGE_FAILED:
        return fail(fold, err);
    case EXCHANGE_LOST:
        lose(fold, "the connection is gone");
        break;
    case EXCHANGE_WAITING:
        break;
    }
    return true;
}

bool fold_poll(const struct fold *fold, struct pollfd *out, int64_t *deadline_ms)
{
    *deadline_ms = fold->state == FOLD_IDLE && fold->is_due ? 0 : fold->deadline_ms;
    if (fold->state == FOLD_IDLE && *deadline_ms < fold->rest_until_ms)
        *deadline_ms = fold->rest_until_ms;
    if (!fold->connection || PQsocket(fold->connection) < 0) {
        if (fold->connection)
            *deadline_ms = 0;
        return false;
    }
    out->fd = PQsocket(fold->connection);
    if (fold->state == FOLD_IDLE)
        out->events = POLLIN;
    else if (fold->state == FOLD_CONNECTING)
        out->events = fold->connecting == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    else
        out->events = exchange_events(&fold->exchange);
    return true;
}
