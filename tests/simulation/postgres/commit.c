#include <inttypes.h>

#include "tests/simulation/audit.h"
#include "tests/simulation/postgres/backend_inside.h"

static void commit_claims(struct backend *backend)
{
    struct server *server = backend->server;
    const struct sim_request *request = backend->request;
    struct outcome *outcome = &backend->outcome;

    outcome->claimed =
        world_keep(server->world, request->claim_count + 1, sizeof(*outcome->claimed));
    for (size_t i = 0; i < request->claim_count; i++) {
        const struct sim_claim *claim = &request->claims[i];
        struct position *position = &claim->stream->positions[claim->partition];
        const struct position_version *before = position_now(position);
        struct position_version version =
            before ? *before
                   : (struct position_version){.next_offset = claim->log_start, .published_us = -1};

        version.epoch++;
        version.backend_pid = backend->pid;
        version.life = backend->life;
        position_set(server->store, position, version);
        outcome->claimed[outcome->claimed_count++] =
            (struct claimed){.place = i,
                             .stream_id = claim->stream->id,
                             .position = version.next_offset,
                             .epoch = version.epoch,
                             .last_published_us = version.published_us};
        world_count(server->world, COUNT_CLAIMS);
        world_tell(server->world,
                   "%s: claims %s/%" PRId32 " at %" PRId64 ", stream %d, epoch %" PRId64,
                   backend->name, topic_names[claim->topic], claim->partition, version.next_offset,
                   claim->stream->id, version.epoch);
    }
}

static struct backend *find_backend(const struct server *server, int pid)
{
    for (size_t i = 0; i < server->count; i++) {
        if (server->backends[i]->pid == pid)
            return server->backends[i];
    }
    return NULL;
}

/* ingest.end_holder(), for the newest stream of each topic. */
static void end_holders(struct backend *backend)
{
    struct server *server = backend->server;
    const struct sim_request *request = backend->request;

    for (size_t i = 0; i < request->claim_count; i++) {
        const struct stream *stream = store_stream_of(server->store, request->claims[i].topic);
        const struct position_version *now =
            position_now(&stream->positions[request->claims[i].partition]);
        struct backend *holder = now ? find_backend(server, now->backend_pid) : NULL;

        if (!holder || holder == backend || holder->request == NULL
            || holder->request->is_new_generation)
            continue;
        world_count(server->world, COUNT_HOLDERS_ENDED);
        world_tell(server->world, "%s: ends the backend of %s", backend->name, holder->name);
        server_end(holder);
    }
}

static void commit_advances(struct backend *backend)
{
    struct store *store = backend->server->store;

    for (size_t i = 0; i < backend->request->advance_count; i++) {
        const struct advance *advance = &backend->request->advances[i];
        struct stream *stream = store_stream(store, advance->stream_id);
        struct position *position = &stream->positions[advance->partition];
        struct position_version version = *position_now(position);

        version.next_offset = advance->new_offset;
        version.published_us = advance->published_us;
        position_set(store, position, version);
        world_tell(store->world, "%s: advances %s/%" PRId32 " from %" PRId64 " to %" PRId64,
                   backend->name, topic_names[stream->topic], advance->partition,
                   advance->old_offset, advance->new_offset);
    }
}

static void keep(struct backend *backend, const struct sim_row *row, enum kept_as as)
{
    static const enum count counts[] = {[KEPT_STORED] = COUNT_STORED,
                                        [KEPT_DUPLICATE] = COUNT_DUPLICATES,
                                        [KEPT_REJECT] = COUNT_REJECTS};
    static const char *const words[] = {
        [KEPT_STORED] = "stored", [KEPT_DUPLICATE] = "a duplicate", [KEPT_REJECT] = "a reject"};
    struct store *store = backend->server->store;

    world_count(store->world, counts[as]);
    world_tell(store->world, "%s: m%" PRId32 " is %s", backend->name, row->message->serial,
               words[as]);
    store_keep(store, store_stream(store, row->stream_id), row->message, as, backend->life);
}

static void commit_rows(struct backend *backend)
{
    const struct sim_request *request = backend->request;

    if (request->kind == REQUEST_WRITE) {
        for (size_t i = 0; i < request->row_count; i++)
            keep(backend, &request->rows[i], KEPT_STORED);
    } else if (request->shape) {
        for (size_t i = 0; i < backend->sieve_count; i++)
            keep(backend, &backend->sieve[i], backend->is_repeat[i] ? KEPT_DUPLICATE : KEPT_STORED);
    }
    for (size_t i = 0; i < request->reject_count; i++)
        keep(backend, &request->rejects[i], KEPT_REJECT);
}

static void commit_write(struct backend *backend)
{
    if (backend->request->row_count == 0 && backend->request->reject_count == 0
        && !backend->request->shape)
        world_count(backend->server->world, COUNT_SKIPS);
    audit_write(backend);
    commit_advances(backend);
    commit_rows(backend);
}

/* Those that broke a rule are gone; the others wait to be kept. */
static void commit_sort(struct backend *backend)
{
    const struct sim_request *request = backend->request;

    world_count(backend->server->world, COUNT_SORTS);
    backend->sieve =
        world_keep(backend->server->world, request->row_count + 1, sizeof(*backend->sieve));
    backend->sieve_count = 0;
    backend->sieve_shape = request->shape;
    for (size_t i = 0; i < request->row_count; i++) {
        if (request->rows[i].message->kind != MESSAGE_BROKEN)
            backend->sieve[backend->sieve_count++] = request->rows[i];
    }
}

/* Whoever holds a partition of the old stream is fenced; every claim picks the new one. */
static void commit_generation(struct backend *backend)
{
    struct store *store = backend->server->store;

    for (size_t i = 0; i < store->stream_count; i++) {
        struct stream *stream = store->streams[i];

        for (size_t j = 0; stream->topic == backend->request->topic && j < PARTITIONS_MAX; j++) {
            if (stream->positions[j].count == 0)
                continue;
            struct position_version version = *position_now(&stream->positions[j]);
            version.epoch++;
            version.life = 0;
            position_set(store, &stream->positions[j], version);
        }
    }
    const struct stream *made = store_add_stream(store, backend->request->topic);
    world_count(store->world, COUNT_GENERATIONS);
    world_tell(store->world, "the operator: generation %d of %s begins, stream %d",
               made->generation, topic_names[made->topic], made->id);
}

void transaction_commit(struct backend *backend)
{
    struct store *store = backend->server->store;
    const struct sim_request *request = backend->request;

    store->commit++;
    world_count(store->world, COUNT_COMMITS);
    if (request->is_new_generation) {
        commit_generation(backend);
        return;
    }
    switch (request->kind) {
    case REQUEST_CLAIM:
        commit_claims(backend);
        break;
    case REQUEST_END_HOLDERS:
        end_holders(backend);
        break;
    case REQUEST_WRITE:
    case REQUEST_KEEP:
        commit_write(backend);
        break;
    case REQUEST_PREPARE:
        backend->is_prepared[request->table][request->shape->column_count == COLUMNS] = true;
        break;
    case REQUEST_SORT:
        commit_sort(backend);
        break;
    case REQUEST_FOLD:
        if (backend->server->folder == backend) {
            world_count(store->world, COUNT_FOLDS);
            store->folded = (int64_t)store->kept_count;
        }
        backend->outcome.behind = (int64_t)store->kept_count - store->folded;
        break;
    case REQUEST_CONFIRM:
    case REQUEST_POSITIONS:
        break;
    }
}
