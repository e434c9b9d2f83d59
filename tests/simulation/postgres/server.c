#include <inttypes.h>

#include "tests/simulation/postgres/backend_inside.h"
#include "tests/simulation/postgres/session.h"

enum { FIRST_PID = 100 };

struct server *server_new(struct world *world)
{
    struct server *server = world_keep(world, 1, sizeof(*server));

    server->world = world;
    server->store = world->store;
    server->next_pid = FIRST_PID;
    return server;
}

bool server_is_down(const struct server *server)
{
    return server->world->now_us < server->down_until_us;
}

struct backend *server_connect(struct server *server, struct sim_session *session, int life,
                               const char *name)
{
    struct backend *backend = backend_begin(server);

    backend->session = session;
    backend->life = life;
    backend->name = name;
    return backend;
}

void server_end(struct backend *backend)
{
    if (backend->state == BACKEND_GONE)
        return;
    backend_end(backend);
    if (backend->session)
        session_break(backend->session, backend, "57P01",
                      "terminating connection due to administrator command");
}

void server_restart(struct server *server, int64_t for_us)
{
    while (server->count)
        server_end(server->backends[server->count - 1]);
    server->down_until_us = server->world->now_us + for_us;
    server->next_pid = FIRST_PID;
    world_count(server->world, COUNT_RESTARTS);
    world_tell(server->world, "server: is down");
}

void server_fail_over(struct server *server, int64_t for_us, int64_t commits)
{
    struct store *store = server->store;
    int64_t kept = store->commit - commits;

    if (kept < store->safe)
        kept = store->safe;
    server_restart(server, for_us);
    world_count(server->world, COUNT_FAILOVERS);
    server->world->counts[COUNT_COMMITS_LOST] += store->commit - kept;
    world_tell(server->world,
               "server: a standby takes over that lacks the last %" PRId64 " commits",
               store->commit - kept);
    store_cut(store, kept);
}

struct backend *server_begin_generation(struct server *server, size_t topic)
{
    struct backend *backend = backend_begin(server);
    struct sim_request *request = world_keep(server->world, 1, sizeof(*request));

    *request =
        (struct sim_request){.kind = REQUEST_POSITIONS, .is_new_generation = true, .topic = topic};
    backend->name = "the operator";
    server_receive(backend, request);
    return backend;
}
