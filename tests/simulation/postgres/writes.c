#include <string.h>

#include "tests/simulation/perils.h"
#include "tests/simulation/postgres/backend_inside.h"

static struct backend **writer_of(struct server *server, int32_t event)
{
    if ((size_t)event >= server->writer_capacity) {
        size_t capacity = server->writer_capacity ? server->writer_capacity : 64;

        while (capacity <= (size_t)event)
            capacity *= 2;
        struct backend **larger = world_keep(server->world, capacity, sizeof(struct backend *));
        if (server->writer_capacity)
            memcpy(larger, server->writers, server->writer_capacity * sizeof(struct backend *));
        server->writers = larger;
        server->writer_capacity = capacity;
    }
    return &server->writers[event];
}

static void note_written(struct backend *backend, int32_t event)
{
    *writer_of(backend->server, event) = backend;
    backend->written = world_grow(backend->server->world, backend->written, backend->written_count,
                                  &backend->written_capacity, sizeof(*backend->written));
    backend->written[backend->written_count++] = event;
}

/* A unique index: another's uncommitted row of that id is waited for, a committed one is met. */
static enum progress_made enter_id(struct backend *backend, int32_t event, bool *is_there)
{
    struct backend *writer = *writer_of(backend->server, event);

    if (writer && writer != backend)
        return backend_wait_for(backend, writer);
    *is_there = writer == backend || store_event(backend->server->store, event) >= 0;
    if (!*is_there)
        note_written(backend, event);
    return STEP_DONE;
}

static enum progress_made refuse_row(struct backend *backend, const struct sim_message *message)
{
    struct world *world = backend->server->world;

    world_count(world, COUNT_REFUSED_ROWS);
    return message->kind == MESSAGE_REFUSED
               ? backend_refuse(backend, "54000", NULL, NULL, "index row size exceeds maximum")
               : backend_refuse(backend, "22P03", NULL, NULL, "incorrect binary data format");
}

/* Between two rows, so that transactions meet that have written some: then it is blocked for a
 * while. */
static bool rests(struct backend *backend)
{
    struct world *world = backend->server->world;

    if (world->is_healing || !world_chance(world, world->perils->rests))
        return false;
    backend->step++;
    backend_plan(backend, world_delay(world, world->perils->statement_us));
    return true;
}

/* COPY straight into the table: the first row that is wrong ends it all. */
static enum progress_made write_rows(struct backend *backend)
{
    const struct sim_request *request = backend->request;

    for (; backend->step < request->row_count; backend->step++) {
        const struct sim_message *message = request->rows[backend->step].message;
        bool is_there = false;

        if (message->kind == MESSAGE_BROKEN)
            return backend_refuse(backend, "23514", "sim", message->reason,
                                  "violates check constraint");
        if (message->kind != MESSAGE_GOOD)
            return refuse_row(backend, message);
        if (request->table != TABLE_EVENT)
            continue;
        enum progress_made made = enter_id(backend, message->event, &is_there);
        if (made != STEP_DONE)
            return made;
        if (is_there)
            return backend_refuse(backend, "23505", "sim", event_constraint,
                                  "duplicate key value violates unique constraint");
        if (rests(backend))
            return STEP_BLOCKED;
    }
    return STEP_DONE;
}

static bool is_prepared(const struct backend *backend, const struct shape *shape)
{
    return backend->is_prepared[shape->table == tables_get(TABLE_NOTE) ? TABLE_NOTE : TABLE_EVENT]
                               [shape->column_count == COLUMNS];
}

/* COPY into the sieve, where no rule holds but that of the format; then the rows are judged. */
static enum progress_made sort_rows(struct backend *backend)
{
    struct world *world = backend->server->world;
    const struct sim_request *request = backend->request;
    struct outcome *outcome = &backend->outcome;

    if (!is_prepared(backend, request->shape)) {
        world_fail(world, "%s sorts rows before the sieve's tables are made", backend->name);
        return backend_refuse(backend, "42P01", NULL, NULL, "relation does not exist");
    }
    for (size_t i = 0; i < request->row_count; i++) {
        if (request->rows[i].message->kind == MESSAGE_UNCOPIED)
            return refuse_row(backend, request->rows[i].message);
    }
    outcome->broken = world_keep(world, request->row_count + 1, sizeof(*outcome->broken));
    for (size_t i = request->row_count; i > 0; i--) {
        const struct sim_message *message = request->rows[i - 1].message;

        if (message->kind == MESSAGE_BROKEN)
            outcome->broken[outcome->broken_count++] =
                (struct broken_row){.place = i, .reason = message->reason};
    }
    return STEP_DONE;
}

/* What passed the sieve goes in once; what was there before is a repeat. */
static enum progress_made keep_rows(struct backend *backend)
{
    const struct sim_request *request = backend->request;

    if (!request->shape)
        return STEP_DONE;
    if (request->shape != backend->sieve_shape)
        world_fail(backend->server->world, "%s keeps what it has not sorted", backend->name);
    if (backend->step == 0)
        backend->is_repeat =
            world_keep(backend->server->world, backend->sieve_count + 1, sizeof(bool));
    for (; backend->step < backend->sieve_count; backend->step++) {
        const struct sim_message *message = backend->sieve[backend->step].message;
        bool is_there = false;

        if (message->kind == MESSAGE_REFUSED)
            return refuse_row(backend, message);
        if (request->table != TABLE_EVENT)
            continue;
        enum progress_made made = enter_id(backend, message->event, &is_there);
        if (made != STEP_DONE)
            return made;
        backend->is_repeat[backend->step] = is_there;
        backend->outcome.repeats += is_there;
        if (rests(backend))
            return STEP_BLOCKED;
    }
    return STEP_DONE;
}

static enum progress_made begin_fold(struct backend *backend)
{
    const struct store *store = backend->server->store;
    struct server *server = backend->server;

    backend->outcome.behind = (int64_t)store->kept_count - store->folded;
    if (server->folder && server->folder != backend)
        return STEP_DONE;
    server->folder = backend;
    backend->outcome.folded = backend->outcome.behind;
    return STEP_DONE;
}

static enum progress_made tell_positions(struct backend *backend)
{
    const struct store *store = backend->server->store;
    const struct broker *broker = backend->server->world->broker;
    struct outcome *outcome = &backend->outcome;

    outcome->positions = world_keep(backend->server->world, TOPICS_MAX * PARTITIONS_MAX,
                                    sizeof(*outcome->positions));
    for (size_t topic = 0; topic < broker->topic_count; topic++) {
        const struct stream *stream = store_stream_of(store, topic);

        for (int32_t i = 0; i < broker->partition_counts[topic]; i++) {
            const struct position_version *now = position_now(&stream->positions[i]);

            if (now)
                outcome->positions[outcome->position_count++] =
                    (struct stored_position){.topic = topic_names[topic],
                                             .table = table_names[stream->table],
                                             .partition = i,
                                             .position = now->next_offset};
        }
    }
    return STEP_DONE;
}

enum progress_made transaction_write(struct backend *backend)
{
    if (backend->request->is_new_generation)
        return STEP_DONE;
    switch (backend->request->kind) {
    case REQUEST_WRITE:
        return write_rows(backend);
    case REQUEST_SORT:
        return sort_rows(backend);
    case REQUEST_KEEP:
        return keep_rows(backend);
    case REQUEST_FOLD:
        return begin_fold(backend);
    case REQUEST_POSITIONS:
        return tell_positions(backend);
    default:
        return STEP_DONE;
    }
}
