#include "tests/simulation/postgres/backend_inside.h"

static enum progress_made lock(struct backend *backend, struct position *position)
{
    if (position->locked_by == backend)
        return STEP_DONE;
    if (position->locked_by)
        return backend_wait_for(backend, position->locked_by);
    position->locked_by = backend;
    backend->locked = world_grow(backend->server->world, backend->locked, backend->locked_count,
                                 &backend->locked_capacity, sizeof(struct position *));
    backend->locked[backend->locked_count++] = position;
    return STEP_DONE;
}

/* Many may hold the advisory lock on streams, or an operator alone. */
static struct backend *who_keeps_streams(const struct backend *backend)
{
    for (size_t i = 0; i < backend->server->count; i++) {
        struct backend *other = backend->server->backends[i];

        if (other != backend && other->has_streams
            && (backend->request->is_new_generation || other->request->is_new_generation))
            return other;
    }
    return NULL;
}

static enum progress_made lock_streams(struct backend *backend)
{
    struct backend *keeper = backend->has_streams ? NULL : who_keeps_streams(backend);

    if (keeper)
        return backend_wait_for(backend, keeper);
    backend->has_streams = true;
    return STEP_DONE;
}

/*
 * ingest.claim(), one partition after the other, each of the newest stream that the session knows:
 * the log was looked at after it had begun. A newer one, and the session is of no more use.
 */
static enum progress_made lock_claims(struct backend *backend)
{
    const struct sim_request *request = backend->request;
    const struct store *store = backend->server->store;

    for (; backend->step < request->claim_count; backend->step++) {
        struct sim_claim *claim = &request->claims[backend->step];

        if (!claim->stream)
            claim->stream = store_stream_known(store, claim->topic, backend->newest_stream);
        enum progress_made made = lock_streams(backend);
        if (made != STEP_DONE)
            return made;
        if (claim->stream != store_stream_of(store, claim->topic)) {
            world_count(backend->server->world, COUNT_CLAIMS_OVER);
            return backend_refuse(backend, "CT002", NULL, NULL, "its topic was made anew");
        }
        made = lock(backend, &claim->stream->positions[claim->partition]);
        if (made != STEP_DONE)
            return made;
    }
    return STEP_DONE;
}

static struct position *position_of(const struct backend *backend, const struct advance *advance)
{
    struct stream *stream = store_stream(backend->server->store, advance->stream_id);

    return stream ? &stream->positions[advance->partition] : NULL;
}

static enum progress_made fence(struct backend *backend)
{
    world_count(backend->server->world, COUNT_FENCED);
    return backend_refuse(backend, "CT001", NULL, NULL, "another consumer has claimed a partition");
}

/* The compare-and-set of ingest.advance(), for one of its partitions. */
static bool may_advance(const struct position *position, const struct advance *advance)
{
    const struct position_version *now = position_now(position);

    return now && now->epoch == advance->epoch && now->next_offset == advance->old_offset
           && advance->new_offset > advance->old_offset;
}

/* A call for each stream: its positions are locked, then compared. */
static enum progress_made lock_advances(struct backend *backend)
{
    const struct sim_request *request = backend->request;

    for (; backend->step < request->advance_count; backend->step++) {
        const struct advance *advance = &request->advances[backend->step];
        struct position *position = position_of(backend, advance);
        enum progress_made made = position ? lock(backend, position) : fence(backend);

        if (made != STEP_DONE)
            return made;
        bool is_last_of_stream =
            backend->step + 1 == request->advance_count
            || request->advances[backend->step + 1].stream_id != advance->stream_id;
        for (size_t i = 0; is_last_of_stream && i <= backend->step; i++) {
            if (request->advances[i].stream_id == advance->stream_id
                && !may_advance(position_of(backend, &request->advances[i]), &request->advances[i]))
                return fence(backend);
        }
    }
    return STEP_DONE;
}

static enum progress_made confirm(struct backend *backend)
{
    for (size_t i = 0; i < backend->request->advance_count; i++) {
        const struct advance *advance = &backend->request->advances[i];
        const struct position *position = position_of(backend, advance);
        const struct position_version *now = position ? position_now(position) : NULL;

        if (!now || now->epoch != advance->epoch)
            return fence(backend);
    }
    return STEP_DONE;
}

static enum progress_made lock_topic(struct backend *backend)
{
    const struct store *store = backend->server->store;
    enum progress_made made = lock_streams(backend);

    for (size_t i = 0; made == STEP_DONE && i < store->stream_count; i++) {
        struct stream *stream = store->streams[i];

        for (size_t j = 0;
             made == STEP_DONE && stream->topic == backend->request->topic && j < PARTITIONS_MAX;
             j++)
            made = lock(backend, &stream->positions[j]);
    }
    return made;
}

enum progress_made transaction_lock(struct backend *backend)
{
    if (backend->request->is_new_generation)
        return lock_topic(backend);
    switch (backend->request->kind) {
    case REQUEST_CLAIM:
        return lock_claims(backend);
    case REQUEST_WRITE:
    case REQUEST_KEEP:
        return lock_advances(backend);
    case REQUEST_CONFIRM:
        return confirm(backend);
    default:
        return STEP_DONE;
    }
}
