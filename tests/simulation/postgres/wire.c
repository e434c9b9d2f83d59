#include "tests/simulation/perils.h"
#include "tests/simulation/postgres/session_inside.h"

int64_t wire_us(struct sim_session *self)
{
    return world_delay(self->world, self->world->perils->network_us);
}

static void wake(struct sim_session *self)
{
    consumer_wake(self->consumer, self->descriptor);
}

/* Planned for a connection; of none that has followed it. */
void wire_plan(struct sim_session *self, int64_t at_us, world_action *action)
{
    world_plan(self->world, at_us, action, self, self->connection);
}

bool wire_is_of_old(const struct sim_session *self, int64_t connection)
{
    return self->connection != connection;
}

static void notice_client_gone(void *of_backend, int64_t argument)
{
    (void)argument;
    struct backend *backend = of_backend;

    if (backend->state != BACKEND_GONE && !backend->session)
        server_client_gone(backend);
}

/* Until TCP gives up on one who does not answer: a while, or two hours. */
static int64_t silence_us(struct world *world)
{
    return world_between(world, 1, world_chance(world, 300) ? 7200 : 300) * SECOND;
}

/* Nothing can be told to it any more; the server notices at once, later or very late. */
void wire_let_go(struct sim_session *self, bool is_told)
{
    struct backend *backend = self->backend;
    struct world *world = self->world;

    self->backend = NULL;
    self->connection++;
    if (!backend || backend->state == BACKEND_GONE)
        return;
    backend->session = NULL;
    int64_t delay_us = is_told ? wire_us(self) : silence_us(world);
    world_plan(world, world->now_us + delay_us, notice_client_gone, backend, 0);
}

static void break_it(void *of_session, int64_t connection)
{
    struct sim_session *self = of_session;

    if (wire_is_of_old(self, connection))
        return;
    self->is_broken = true;
    self->broken_sqlstate = NULL;
    self->broken_words = "the connection was cut";
    wake(self);
}

/*
 * Both ends notice in their own time, if at all: the client may wait for an answer until its
 * patience ends, the server for data.
 */
void session_cut(struct sim_session *self)
{
    struct world *world = self->world;
    struct backend *backend = self->backend;
    int64_t client_us =
        world_chance(world, 700) ? wire_us(self) : world_between(world, 1, 200) * SECOND;

    if (self->state < IDLE || !backend)
        return;
    world_tell(world, "%s: the connection is cut", self->name);
    wire_plan(self, world->now_us + client_us, break_it);
    self->backend = NULL;
    backend->session = NULL;
    world_plan(
        world,
        world->now_us
            + (world_chance(world, 700) ? wire_us(self) : world_between(world, 1, 300) * SECOND),
        notice_client_gone, backend, 0);
}

void session_break(struct sim_session *self, struct backend *backend, const char *sqlstate,
                   const char *words)
{
    if (self->backend != backend)
        return;
    self->backend = NULL;
    self->is_broken = true;
    self->broken_sqlstate = sqlstate;
    self->broken_words = words;
    wake(self);
}

/* True: the connection breaks at this step of what is asked. */
bool wire_is_cut_at(struct sim_session *self, enum cut cut)
{
    if (self->cut_at != cut)
        return false;
    session_cut(self);
    return true;
}

/* Bytes that were sent arrive, though their sender be dead by then. */
struct parcel {
    struct backend *backend;
    struct sim_request *request; /* NULL: data for COPY. */
};

static void deliver(void *of_parcel, int64_t argument)
{
    const struct parcel *parcel = of_parcel;

    (void)argument;
    if (parcel->backend->state == BACKEND_GONE)
        return;
    if (!parcel->request)
        server_receive_data(parcel->backend);
    else if (parcel->backend->state == BACKEND_IDLE)
        server_receive(parcel->backend, parcel->request);
}

void wire_send(struct sim_session *self, struct sim_request *request)
{
    struct parcel *parcel = world_keep(self->world, 1, sizeof(*parcel));

    *parcel = (struct parcel){.backend = self->backend, .request = request};
    world_plan(self->world, consumer_now_us(self->consumer) + wire_us(self), deliver, parcel, 0);
}

static void hear_copy(void *of_session, int64_t connection)
{
    struct sim_session *self = of_session;

    if (wire_is_of_old(self, connection))
        return;
    self->wants_data = true;
    wake(self);
}

void session_hear_copy(struct sim_session *self, struct backend *backend)
{
    if (self->backend == backend && !wire_is_cut_at(self, CUT_COPY))
        wire_plan(self, self->world->now_us + wire_us(self), hear_copy);
}

static void hear(void *of_session, int64_t connection)
{
    struct sim_session *self = of_session;

    if (wire_is_of_old(self, connection))
        return;
    self->has_outcome = true;
    wake(self);
}

void session_hear(struct sim_session *self, struct backend *backend, const struct outcome *outcome)
{
    if (self->backend != backend)
        return;
    if (wire_is_cut_at(self, CUT_ANSWER)) {
        if (!outcome->sqlstate)
            world_count(self->world, COUNT_LOST_IN_COMMIT);
        return;
    }
    self->outcome = *outcome;
    wire_plan(self, self->world->now_us + wire_us(self), hear);
}

static void come_up(void *of_session, int64_t connection)
{
    struct sim_session *self = of_session;
    struct server *server = self->world->server;

    if (wire_is_of_old(self, connection))
        return;
    self->is_down = server_is_down(server);
    self->is_up = !self->is_down;
    if (self->is_up)
        self->backend = server_connect(server, self, self->consumer->life, self->name);
    wake(self);
}

/* Where nothing answers, not even a refusal, patience ends. */
void wire_connect(struct sim_session *self)
{
    struct world *world = self->world;

    self->connection++;
    if (world->is_healing || !world_chance(world, world->perils->cuts))
        wire_plan(self, consumer_now_us(self->consumer) + 3 * wire_us(self), come_up);
}
