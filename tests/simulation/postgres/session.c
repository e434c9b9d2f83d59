#include <string.h>

#include "tests/simulation/perils.h"
#include "tests/simulation/postgres/session_inside.h"

enum { CONNECT_WAIT_MS = 15000 };

/* As postgres/libpq_session.c has them. */
static const struct {
    const char *name;
    int64_t answer_wait_ms;
    int64_t first_retry_ms;
    int64_t longest_retry_ms;
} kinds[] = {
    [SESSION_OF_LANE] = {"lane", 120000, 200, 10000},
    [SESSION_OF_FOLD] = {"fold", 600000, 2000, 2000},
    [SESSION_OF_POSITIONS] = {"positions", 20000, 500, 500},
};

static struct sim_session *of(struct session *session)
{
    return (struct sim_session *)session;
}

struct session *session_base(struct sim_session *session)
{
    return &session->session;
}

static void close_until_later(struct sim_session *self, int64_t now_ms, bool is_told)
{
    int64_t longest_ms = kinds[self->kind].longest_retry_ms;

    wire_let_go(self, is_told);
    self->state = CLOSED;
    self->deadline_ms = now_ms + self->retry_ms + world_draw(self->world, self->retry_ms / 5 + 1);
    self->retry_ms = self->retry_ms * 2 > longest_ms ? longest_ms : self->retry_ms * 2;
    self->is_up = self->is_down = self->is_broken = self->wants_data = self->has_outcome = false;
    self->request = NULL;
}

static void set_refusal(struct sim_session *self, const char *sqlstate, const char *schema,
                        const char *constraint, const char *words)
{
    struct refusal *refusal = &self->session.answer.refusal;

    *refusal = (struct refusal){0};
    snprintf(refusal->schema, sizeof(refusal->schema), "%s", schema ? schema : "");
    snprintf(refusal->constraint, sizeof(refusal->constraint), "%s", constraint ? constraint : "");
    snprintf(refusal->words, sizeof(refusal->words), "%s", words ? words : "");
    error_set(&refusal->err, ERROR_UNAVAILABLE, "%s", words ? words : "");
    snprintf(refusal->err.sqlstate, sizeof(refusal->err.sqlstate), "%s", sqlstate ? sqlstate : "");
}

static enum session_news lose(struct sim_session *self, int64_t now_ms, bool is_told)
{
    world_count(self->world, COUNT_LOST);
    world_tell(self->world, "%s: the connection is gone", self->name);
    set_refusal(self, self->broken_sqlstate, NULL, NULL, self->broken_words);
    close_until_later(self, now_ms, is_told);
    return SESSION_LOST;
}

static const char *request_name(enum request_kind kind)
{
    static const char *const names[] = {
        [REQUEST_CLAIM] = "claim",
        [REQUEST_END_HOLDERS] = "end the holders",
        [REQUEST_CONFIRM] = "confirm",
        [REQUEST_WRITE] = "write",
        [REQUEST_PREPARE] = "prepare",
        [REQUEST_SORT] = "sort",
        [REQUEST_KEEP] = "keep",
        [REQUEST_FOLD] = "fold",
        [REQUEST_POSITIONS] = "tell positions",
    };

    return names[kind];
}

static void tell_asked(const struct sim_session *self)
{
    const struct sim_request *request = self->request;

    if (self->kind == SESSION_OF_FOLD)
        return;
    world_tell(self->world, "%s: asks to %s (%zu claims, %zu advances, %zu rows, %zu rejects)",
               self->name, request_name(request->kind), request->claim_count,
               request->advance_count, request->row_count, request->reject_count);
}

/* An answer is good until the next request, and no longer. */
static void spoil_answer(struct sim_session *self)
{
    const struct outcome *outcome = &self->outcome;

    if (outcome->claimed_count)
        memset(outcome->claimed, 0xa5, outcome->claimed_count * sizeof(*outcome->claimed));
    if (outcome->broken_count)
        memset(outcome->broken, 0xa5, outcome->broken_count * sizeof(*outcome->broken));
    if (outcome->position_count)
        memset(outcome->positions, 0xa5, outcome->position_count * sizeof(*outcome->positions));
    self->outcome = (struct outcome){0};
    self->session.answer = (struct answer){0};
}

static void ask(struct session *session, const struct request *request, int64_t now_ms)
{
    struct sim_session *self = of(session);
    struct world *world = self->world;

    if (!consumer_calls(self->consumer))
        return;
    if (self->state != IDLE)
        world_fail(world, "%s is asked while it is not idle", self->name);
    spoil_answer(self);
    self->asked = *request;
    self->request = rows_read(world, request);
    self->state = ASKED;
    self->deadline_ms = now_ms + kinds[self->kind].answer_wait_ms;
    self->cut_at = !world->is_healing && world_chance(world, world->perils->cuts)
                       ? world_draw(world, CUTS)
                       : -1;
    tell_asked(self);
    if (!wire_is_cut_at(self, CUT_REQUEST) && self->backend)
        wire_send(self, self->request);
}

/* What is borrowed until now must be what it was. */
static void check_borrowed(const struct sim_session *self)
{
    if (rows_hash(&self->asked) != self->request->bytes)
        world_fail(self->world, "%s: what was asked has changed before the answer", self->name);
}

static enum session_news give_outcome(struct sim_session *self)
{
    const struct outcome *outcome = &self->outcome;

    check_borrowed(self);
    self->has_outcome = false;
    self->state = IDLE;
    self->retry_ms = kinds[self->kind].first_retry_ms;
    self->request = NULL;
    if (outcome->sqlstate) {
        set_refusal(self, outcome->sqlstate, outcome->schema, outcome->constraint, outcome->words);
        return SESSION_REFUSED;
    }
    self->session.answer = (struct answer){.claimed = outcome->claimed,
                                           .claimed_count = outcome->claimed_count,
                                           .broken = outcome->broken,
                                           .broken_count = outcome->broken_count,
                                           .positions = outcome->positions,
                                           .position_count = outcome->position_count,
                                           .repeats = outcome->repeats,
                                           .folded = outcome->folded,
                                           .behind = outcome->behind};
    return SESSION_ANSWERED;
}

static void send_data(struct sim_session *self)
{
    check_borrowed(self);
    self->wants_data = false;
    if (!wire_is_cut_at(self, CUT_DATA) && self->backend)
        wire_send(self, NULL);
}

static void connect_again(struct sim_session *self, int64_t now_ms)
{
    self->state = CONNECTING;
    self->deadline_ms = now_ms + CONNECT_WAIT_MS;
    wire_connect(self);
}

static enum session_news turn_connecting(struct sim_session *self, int64_t now_ms)
{
    if (self->is_broken || self->is_down || now_ms >= self->deadline_ms) {
        self->broken_sqlstate = NULL;
        self->broken_words = "PostgreSQL is away";
        return lose(self, now_ms, true);
    }
    if (!self->is_up)
        return SESSION_NOTHING;
    self->is_up = false;
    self->state = IDLE;
    self->retry_ms = kinds[self->kind].first_retry_ms;
    return SESSION_CONNECTED;
}

static enum session_news turn(struct session *session, int64_t now_ms)
{
    struct sim_session *self = of(session);

    if (!consumer_calls(self->consumer))
        return SESSION_NOTHING;
    if (self->state == CLOSED) {
        if (now_ms >= self->deadline_ms)
            connect_again(self, now_ms);
        return SESSION_NOTHING;
    }
    if (self->state == CONNECTING)
        return turn_connecting(self, now_ms);
    /* What was answered before it broke is heard first. */
    if (self->has_outcome)
        return give_outcome(self);
    if (self->is_broken)
        return lose(self, now_ms, true);
    if (self->state == ASKED && now_ms >= self->deadline_ms) {
        self->broken_sqlstate = NULL;
        self->broken_words = "PostgreSQL does not answer";
        return lose(self, now_ms, world_chance(self->world, 500));
    }
    if (self->wants_data)
        send_data(self);
    return SESSION_NOTHING;
}

static void lose_refused(struct session *session, int64_t now_ms)
{
    struct sim_session *self = of(session);

    if (!consumer_calls(self->consumer))
        return;
    if (self->state != IDLE)
        world_fail(self->world, "%s is given up while it is not idle", self->name);
    world_count(self->world, COUNT_LOST);
    close_until_later(self, now_ms, true);
}

bool session_is_ready(const struct sim_session *self)
{
    return self->is_up || self->is_down || self->is_broken || self->has_outcome || self->wants_data;
}

static bool poll_session(const struct session *session, struct pollfd *out, int64_t *until_ms)
{
    const struct sim_session *self = (const struct sim_session *)session;

    if (self->state != IDLE)
        clock_no_later(until_ms, self->deadline_ms);
    if (self->state == CLOSED)
        return false;
    *out = (struct pollfd){.fd = self->descriptor, .events = POLLIN};
    return true;
}

void session_die(struct sim_session *self)
{
    wire_let_go(self, self->world->is_healing || world_chance(self->world, 900));
    self->state = CLOSED;
    self->deadline_ms = INT64_MAX;
}

static void free_session(struct session *session)
{
    struct sim_session *self = of(session);

    if (self->state != CLOSED)
        session_die(self);
}

static const struct session_operations operations = {
    .free = free_session,
    .ask = ask,
    .turn = turn,
    .lose = lose_refused,
    .poll = poll_session,
};

struct sim_session *session_new(struct consumer *consumer, enum session_kind_number kind,
                                size_t place, size_t number)
{
    struct sim_session *self = world_keep(consumer->world, 1, sizeof(*self));

    self->session.operations = &operations;
    self->consumer = consumer;
    self->world = consumer->world;
    self->kind = kind;
    self->descriptor = DESCRIPTOR_SESSION + (int)place;
    self->retry_ms = kinds[kind].first_retry_ms;
    snprintf(self->name, sizeof(self->name), "consumer %d %s %zu", consumer->number,
             kinds[kind].name, number);
    return self;
}
