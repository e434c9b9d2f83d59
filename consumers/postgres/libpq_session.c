#include "consumers/postgres/libpq_session.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "consumers/postgres/results.h"

enum { CONNECT_WAIT_MS = 15000 };

/*
 * Bounds for everything that can wait at the server, whatever the role or PG* variables say; idle
 * sessions and claims included. No statement of a lane is worth compiling.
 */
const struct session_kind lane_session = {
    .application = "coop-consumer",
    .settings_sql = "set statement_timeout = '60s';"
                    "set lock_timeout = '1s';"
                    "set jit = off;"
                    /* See claims in statements.c. */
                    "select set_config('coop.newest_stream', coalesce(max(stream_id), 0)::text,"
                    " false) from ingest.stream;"
                    "set idle_in_transaction_session_timeout = '60s';",
    .answer_wait_ms = 120000,
    .first_retry_ms = 200,
    .longest_retry_ms = 10000,
    .outages = LOG_LEVEL_WARNING,
};

/* A fold takes a second, a large one after an outage ten. The lanes say that PostgreSQL is away. */
const struct session_kind fold_session = {
    .application = "coop-consumer fold",
    .settings_sql = "set statement_timeout = '540s';"
                    "set lock_timeout = '10s';"
                    "set idle_in_transaction_session_timeout = '60s';",
    .answer_wait_ms = 600000,
    .first_retry_ms = 2000,
    .longest_retry_ms = 2000,
    .outages = LOG_LEVEL_DEBUG,
};

const struct session_kind positions_session = {
    .application = "coop-consumer",
    .settings_sql = "set statement_timeout = '10s';"
                    "set lock_timeout = '10s';",
    .answer_wait_ms = 20000,
    .first_retry_ms = 500,
    .longest_retry_ms = 500,
    .outages = LOG_LEVEL_WARNING,
};

enum state {
    CLOSED,     /* Waiting until it may try again. */
    CONNECTING, /* libpq is at work. */
    SETTING,    /* The settings are on their way. */
    IDLE,
    ASKED,
};

struct libpq_session {
    struct session session;
    const struct session_kind *kind;
    const char *conninfo;
    enum state state;
    PGconn *connection; /* NULL while CLOSED. */
    PostgresPollingStatusType connecting;
    int64_t deadline_ms; /* CLOSED: try again then. IDLE: none. Else: give up waiting then. */
    int64_t retry_ms;
    int64_t losses; /* Since it was last set up. */
    enum request_kind asked;
    struct statements statements;
    struct roundtrip roundtrip;
    struct results results;
};

static struct libpq_session *of(struct session *session)
{
    return (struct libpq_session *)session;
}

static void disconnect(struct libpq_session *self)
{
    roundtrip_clear(&self->roundtrip);
    PQfinish(self->connection);
    self->connection = NULL;
}

static void free_session(struct session *session)
{
    struct libpq_session *self = of(session);

    disconnect(self);
    statements_free(&self->statements);
    results_free(&self->results);
    free(self);
}

/* Up to a fifth longer, by chance, so that many consumers do not come at once. */
static void close_until_later(struct libpq_session *self, const char *reason, int64_t now_ms)
{
    int64_t longest_ms = self->kind->longest_retry_ms;
    int64_t wait_ms = self->retry_ms + clock_now_us() % (self->retry_ms / 5 + 1);

    log_line(self->kind->outages, "%s; trying again in %" PRId64 " ms", reason, wait_ms);
    self->retry_ms = self->retry_ms * 2 > longest_ms ? longest_ms : self->retry_ms * 2;
    self->losses++;
    self->state = CLOSED;
    self->deadline_ms = now_ms + wait_ms;
    disconnect(self);
}

static enum session_news lose(struct libpq_session *self, int64_t now_ms)
{
    struct refusal *refusal = &self->session.answer.refusal;

    results_read_refusal(self->connection, self->roundtrip.error, refusal);
    close_until_later(self, refusal->err.message, now_ms);
    return SESSION_LOST;
}

static enum session_news lose_because(struct libpq_session *self, const char *reason,
                                      int64_t now_ms)
{
    self->session.answer.refusal = (struct refusal){0};
    close_until_later(self, reason, now_ms);
    return SESSION_LOST;
}

static void lose_refused(struct session *session, int64_t now_ms)
{
    struct libpq_session *self = of(session);

    assert(self->state == IDLE);
    close_until_later(self, session->answer.refusal.err.message, now_ms);
}

/* A failure to send shows at the next turn, when the socket is dead. */
static void send(struct libpq_session *self, enum state state, int64_t now_ms)
{
    const char *sql = buffer_text(&self->statements.sql);

    if (!sql)
        memory_exhausted();
    self->state = state;
    self->deadline_ms = now_ms + self->kind->answer_wait_ms;
    if (!roundtrip_begin(&self->roundtrip, self->connection, sql, self->statements.copies,
                         self->statements.copy_count))
        log_debug("could not send: %s", PQerrorMessage(self->connection));
}

static void ask(struct session *session, const struct request *request, int64_t now_ms)
{
    struct libpq_session *self = of(session);

    assert(self->state == IDLE);
    self->asked = request->kind;
    statements_write(&self->statements, request);
    send(self, ASKED, now_ms);
}

static void connect_again(struct libpq_session *self, int64_t now_ms)
{
    self->connection = connection_begin(self->conninfo, self->kind->application);
    self->connecting = PGRES_POLLING_WRITING;
    self->state = CONNECTING;
    self->deadline_ms = now_ms + CONNECT_WAIT_MS;
}

static enum session_news turn_connecting(struct libpq_session *self, int64_t now_ms)
{
    struct error err;

    if (PQstatus(self->connection) != CONNECTION_BAD)
        self->connecting = PQconnectPoll(self->connection);
    else
        self->connecting = PGRES_POLLING_FAILED;
    if (self->connecting == PGRES_POLLING_FAILED) {
        connection_error(self->connection, &err);
        return lose_because(self, err.message, now_ms);
    }
    if (self->connecting == PGRES_POLLING_OK) {
        PQsetnonblocking(self->connection, 1);
        statements_write_sql(&self->statements, self->kind->settings_sql);
        if (!buffer_append_text(&self->statements.sql, connection_settings_sql))
            memory_exhausted();
        send(self, SETTING, now_ms);
    }
    return SESSION_NOTHING;
}

/* Nothing is under way, but the server may have gone: it tells by closing the socket. */
static enum session_news turn_idle(struct libpq_session *self, int64_t now_ms)
{
    if (PQconsumeInput(self->connection) == 1 && PQstatus(self->connection) == CONNECTION_OK)
        return SESSION_NOTHING;
    return lose(self, now_ms);
}

static enum session_news finish(struct libpq_session *self)
{
    bool was_setting = self->state == SETTING;

    self->retry_ms = self->kind->first_retry_ms;
    self->state = IDLE;
    if (!was_setting) {
        results_read(&self->results, self->asked, &self->statements, &self->roundtrip,
                     &self->session.answer);
        return SESSION_ANSWERED;
    }
    if (self->losses && self->kind->outages <= LOG_LEVEL_WARNING)
        log_info("connected to PostgreSQL again");
    self->losses = 0;
    return SESSION_CONNECTED;
}

static enum session_news turn_roundtrip(struct libpq_session *self, int64_t now_ms)
{
    switch (roundtrip_advance(&self->roundtrip)) {
    case ROUNDTRIP_WAITING:
        return SESSION_NOTHING;
    case ROUNDTRIP_DONE:
        return finish(self);
    case ROUNDTRIP_FAILED:
        if (self->state == SETTING)
            return lose(self, now_ms);
        results_read_refusal(self->connection, self->roundtrip.error,
                             &self->session.answer.refusal);
        roundtrip_clear(&self->roundtrip);
        self->state = IDLE;
        return SESSION_REFUSED;
    case ROUNDTRIP_LOST:
        break;
    }
    return lose(self, now_ms);
}

static enum session_news turn(struct session *session, int64_t now_ms)
{
    struct libpq_session *self = of(session);

    if (self->state == CLOSED) {
        if (now_ms >= self->deadline_ms)
            connect_again(self, now_ms);
        return SESSION_NOTHING;
    }
    if (self->state == IDLE)
        return turn_idle(self, now_ms);
    if (now_ms >= self->deadline_ms)
        return lose_because(self, "PostgreSQL does not answer", now_ms);
    return self->state == CONNECTING ? turn_connecting(self, now_ms) : turn_roundtrip(self, now_ms);
}

static bool poll_session(const struct session *session, struct pollfd *out, int64_t *until_ms)
{
    const struct libpq_session *self = (const struct libpq_session *)session;

    if (self->state != IDLE && self->deadline_ms < *until_ms)
        *until_ms = self->deadline_ms;
    if (self->state == CLOSED)
        return false;
    if (PQsocket(self->connection) < 0) {
        *until_ms = 0;
        return false;
    }
    out->fd = PQsocket(self->connection);
    if (self->state == IDLE)
        out->events = POLLIN;
    else if (self->state == CONNECTING)
        out->events = self->connecting == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    else
        out->events = roundtrip_events(&self->roundtrip);
    return true;
}

static const struct session_operations operations = {
    .free = free_session,
    .ask = ask,
    .turn = turn,
    .lose = lose_refused,
    .poll = poll_session,
};

struct session *libpq_session_new(const struct session_kind *kind, const char *conninfo)
{
    struct libpq_session *self = memory_new(1, sizeof(*self));

    *self = (struct libpq_session){.session = {.operations = &operations},
                                   .kind = kind,
                                   .conninfo = conninfo,
                                   .state = CLOSED,
                                   .retry_ms = kind->first_retry_ms};
    statements_init(&self->statements);
    return &self->session;
}
