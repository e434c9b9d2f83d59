#include "tests/simulation/perils.h"
#include "tests/simulation/postgres/backend_inside.h"
#include "tests/simulation/postgres/session.h"

#define LOCK_TIMEOUT_US (1 * SECOND)
#define STATEMENT_TIMEOUT_US (60 * SECOND)

struct backend *backend_begin(struct server *server)
{
    struct backend *backend = world_keep(server->world, 1, sizeof(*backend));

    backend->server = server;
    backend->pid = server->next_pid++;
    backend->newest_stream = server->store->stream_count;
    server->backends = world_grow(server->world, server->backends, server->count, &server->capacity,
                                  sizeof(struct backend *));
    server->backends[server->count++] = backend;
    return backend;
}

static void run_planned(void *of, int64_t ticket)
{
    struct backend *backend = of;

    if (backend->state == BACKEND_RUNS && backend->ticket == ticket)
        backend_go_on(backend);
}

void backend_plan(struct backend *backend, int64_t delay_us)
{
    backend->state = BACKEND_RUNS;
    world_plan(backend->server->world, backend->server->world->now_us + delay_us, run_planned,
               backend, ++backend->ticket);
}

/* Locks are free again, and whoever waits for them tries again, in the order of their coming. */
void backend_release(struct backend *backend)
{
    struct server *server = backend->server;

    for (size_t i = 0; i < backend->locked_count; i++)
        backend->locked[i]->locked_by = NULL;
    backend->locked_count = 0;
    for (size_t i = 0; i < backend->written_count; i++)
        server->writers[backend->written[i]] = NULL;
    backend->written_count = 0;
    backend->has_streams = false;
    if (server->folder == backend)
        server->folder = NULL;
    for (size_t i = 0; i < server->count; i++) {
        struct backend *other = server->backends[i];

        if (other->state == BACKEND_WAITS_LOCK && other->waits_for == backend) {
            other->waits_for = NULL;
            backend_plan(other, 0);
        }
    }
}

void backend_end(struct backend *backend)
{
    struct server *server = backend->server;

    backend_release(backend);
    backend->state = BACKEND_GONE;
    backend->ticket++;
    for (size_t i = 0; i < server->count; i++) {
        if (server->backends[i] != backend)
            continue;
        server->count--;
        for (; i < server->count; i++)
            server->backends[i] = server->backends[i + 1];
    }
}

/* Two that wait for one another are parted by this as well: deadlock_timeout is as long. */
static void end_wait(void *of, int64_t ticket)
{
    struct backend *backend = of;
    struct world *world = backend->server->world;

    if (backend->state != BACKEND_WAITS_LOCK || backend->ticket != ticket)
        return;
    world_count(world, COUNT_LOCK_TIMEOUTS);
    backend_refuse(backend, "55P03", NULL, NULL, "canceling statement due to lock timeout");
}

enum progress_made backend_wait_for(struct backend *backend, struct backend *holder)
{
    struct world *world = backend->server->world;

    world_tell(world, "server: %s waits for %s", backend->name, holder->name);
    backend->state = BACKEND_WAITS_LOCK;
    backend->waits_for = holder;
    backend->ticket++;
    if (!backend->request->is_new_generation)
        world_plan(world, world->now_us + LOCK_TIMEOUT_US, end_wait, backend, backend->ticket);
    return STEP_BLOCKED;
}

static void answer(struct backend *backend)
{
    backend->request = NULL;
    backend->state = BACKEND_IDLE;
    backend->ticket++;
    if (backend->session)
        session_hear(backend->session, backend, &backend->outcome);
    else
        backend_end(backend);
}

enum progress_made backend_refuse(struct backend *backend, const char *sqlstate, const char *schema,
                                  const char *constraint, const char *words)
{
    backend->outcome = (struct outcome){
        .sqlstate = sqlstate, .schema = schema, .constraint = constraint, .words = words};
    world_tell(backend->server->world, "server: refuses %s: %s %s", backend->name, sqlstate, words);
    backend_release(backend);
    answer(backend);
    return STEP_REFUSED;
}

static bool lacks_right(const struct server *server, enum request_kind kind)
{
    switch (kind) {
    case REQUEST_WRITE:
    case REQUEST_KEEP:
        return server->has_lost[RIGHT_WRITE];
    case REQUEST_CLAIM:
        return server->has_lost[RIGHT_CLAIM];
    case REQUEST_FOLD:
        return server->has_lost[RIGHT_FOLD];
    default:
        return false;
    }
}

/* What only time, or an operator, can mend; now and then, and at any step. */
static bool is_refused_for_no_fault(struct backend *backend)
{
    static const char *const states[] = {"57014", "53100", "40001", "40P01", "53200", "58030"};
    struct server *server = backend->server;
    struct world *world = server->world;
    enum request_kind kind = backend->request->kind;
    if (backend->request->is_new_generation)
        return false;
    if (lacks_right(server, kind)) {
        backend_refuse(backend, "42501", NULL, NULL, "permission denied");
        return true;
    }
    if (world->is_healing || !world_chance(world, world->perils->refusals))
        return false;
    world_count(world, COUNT_REFUSALS);
    backend_refuse(backend, states[world_draw(world, ARRAY_LENGTH(states))], NULL, NULL,
                   "cannot do that now");
    return true;
}

/* statement_timeout ends what works for too long, but not a COMMIT. */
static void take_long(struct backend *backend)
{
    struct world *world = backend->server->world;
    const struct sim_request *request = backend->request;
    int64_t work_us = world_delay(world, world->perils->statement_us);

    if (!world->is_healing && world_chance(world, world->perils->stuck)) {
        world_count(world, COUNT_STUCK);
        work_us += world_between(world, 1, 150) * SECOND;
    }
    backend->is_late = backend->stage != STAGE_COMMIT && work_us > STATEMENT_TIMEOUT_US
                       && request->kind != REQUEST_FOLD && !request->is_new_generation;
    backend_plan(backend, backend->is_late ? STATEMENT_TIMEOUT_US : work_us);
}

static void send_for_data(struct backend *backend)
{
    backend->state = BACKEND_WAITS_DATA;
    backend->ticket++;
    if (backend->session)
        session_hear_copy(backend->session, backend);
    else if (backend->is_alone)
        backend_end(backend);
}

void backend_go_on(struct backend *backend)
{
    struct world *world = backend->server->world;

    if (backend->is_late) {
        backend_refuse(backend, "57014", NULL, NULL, "canceling statement due to timeout");
        return;
    }
    switch (backend->stage) {
    case STAGE_LOCKS:
        if (transaction_lock(backend) != STEP_DONE)
            return;
        backend->stage = STAGE_ROWS;
        backend->step = 0;
        if (backend->request->has_data)
            send_for_data(backend);
        else
            take_long(backend);
        return;
    case STAGE_ROWS:
        if (is_refused_for_no_fault(backend) || transaction_write(backend) != STEP_DONE)
            return;
        backend->stage = STAGE_COMMIT;
        take_long(backend);
        return;
    case STAGE_COMMIT:
        transaction_commit(backend);
        if (!backend->session && !backend->request->is_new_generation)
            world_count(world, COUNT_POSTHUMOUS);
        backend_release(backend);
        answer(backend);
        return;
    }
}

void server_receive(struct backend *backend, struct sim_request *request)
{
    assert(backend->state == BACKEND_IDLE);
    backend->request = request;
    backend->stage = STAGE_LOCKS;
    backend->step = 0;
    backend->outcome = (struct outcome){0};
    take_long(backend);
}

void server_receive_data(struct backend *backend)
{
    if (backend->state != BACKEND_WAITS_DATA)
        return;
    take_long(backend);
}

void server_client_gone(struct backend *backend)
{
    backend->is_alone = true;
    /* One that works notices when it has something to say. */
    if (backend->state == BACKEND_IDLE || backend->state == BACKEND_WAITS_DATA)
        backend_end(backend);
}
