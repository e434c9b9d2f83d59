#include "tests/simulation/audit.h"

#include <inttypes.h>

static bool is_owner(const struct backend *backend, const struct position_version *now,
                     const struct advance *advance)
{
    return now && now->life == backend->life && now->epoch == advance->epoch
           && now->next_offset == advance->old_offset;
}

/* The messages of a log from one offset to another; in none: their number is 0. */
static int64_t messages_between(const struct sim_log *log, int64_t from, int64_t to)
{
    int64_t count = 0;

    for (int64_t offset = from; offset < to; offset++)
        count += sim_log_at(log, offset) != NULL;
    return count;
}

struct passed {
    int64_t count;
    int incarnation;
    int64_t published_us; /* Of the last of them. */
    int64_t last;
};

/* Takes note of a row, if it is of that partition. */
static void pass(struct world *world, struct passed *passed, const struct advance *advance,
                 const struct sim_row *row)
{
    const struct sim_message *message = row->message;

    if (row->stream_id != advance->stream_id || message->partition != advance->partition)
        return;
    if (message->offset < advance->old_offset || message->offset >= advance->new_offset)
        world_fail(world,
                   "m%" PRId32 " at %" PRId64 " is not what %" PRId64 " to %" PRId64 " passes",
                   message->serial, message->offset, advance->old_offset, advance->new_offset);
    if (passed->count && message->incarnation != passed->incarnation)
        world_fail(world, "messages of a topic and of the one made anew in one batch");
    if (passed->count && message->offset <= passed->last)
        world_fail(world, "m%" PRId32 " at %" PRId64 " comes after %" PRId64, message->serial,
                   message->offset, passed->last);
    passed->count++;
    passed->incarnation = message->incarnation;
    passed->last = message->offset;
}

static const struct sim_row *rows_of(const struct backend *backend, size_t *count)
{
    const struct sim_request *request = backend->request;

    if (request->kind == REQUEST_WRITE) {
        *count = request->row_count;
        return request->rows;
    }
    *count = request->shape ? backend->sieve_count : 0;
    return backend->sieve;
}

static struct passed pass_all(const struct backend *backend, const struct advance *advance)
{
    struct world *world = backend->server->world;
    struct passed rows = {0};
    struct passed rejects = {0};
    size_t count;
    const struct sim_row *list = rows_of(backend, &count);

    for (size_t i = 0; i < count; i++)
        pass(world, &rows, advance, &list[i]);
    for (size_t i = 0; i < backend->request->reject_count; i++)
        pass(world, &rejects, advance, &backend->request->rejects[i]);
    if (rows.count && rejects.count && rows.incarnation != rejects.incarnation)
        world_fail(world, "messages of a topic and of the one made anew in one batch");
    if (rejects.count && (rows.count == 0 || rejects.last > rows.last)) {
        rows.last = rejects.last;
        rows.incarnation = rejects.incarnation;
    }
    rows.count += rejects.count;
    return rows;
}

/* Nothing is passed over: some log of that topic has just these messages there, and no more. */
static bool is_complete(const struct world *world, const struct stream *stream,
                        const struct advance *advance, const struct passed *passed)
{
    for (int incarnation = world->broker->incarnations[stream->topic]; incarnation >= 0;
         incarnation--) {
        const struct sim_log *log =
            broker_log(world->broker, stream->topic, advance->partition, incarnation);

        if ((passed->count == 0 || incarnation == passed->incarnation)
            && advance->new_offset <= sim_log_end(log) && advance->old_offset >= log->base
            && messages_between(log, advance->old_offset, advance->new_offset) == passed->count)
            return true;
    }
    return false;
}

/* With the position goes the timestamp of the record before it. */
static bool has_right_time(const struct world *world, const struct stream *stream,
                           const struct advance *advance, const struct passed *passed,
                           const struct position_version *now)
{
    if (passed->count == 0)
        return advance->published_us == now->published_us;
    const struct sim_log *log =
        broker_log(world->broker, stream->topic, advance->partition, passed->incarnation);
    return advance->published_us == sim_log_at(log, passed->last)->published_us;
}

static int64_t audit_advance(const struct backend *backend, const struct advance *advance)
{
    struct world *world = backend->server->world;
    const struct stream *stream = store_stream(backend->server->store, advance->stream_id);
    const struct position_version *now = position_now(&stream->positions[advance->partition]);
    struct passed passed = pass_all(backend, advance);

    if (!is_owner(backend, now, advance))
        world_fail(world,
                   "%s writes to %s/%" PRId32 " with epoch %" PRId64 " from %" PRId64
                   ", and is a stale owner",
                   backend->name, topic_names[stream->topic], advance->partition, advance->epoch,
                   advance->old_offset);
    else if (!is_complete(world, stream, advance, &passed))
        world_fail(world,
                   "%s advances %s/%" PRId32 " from %" PRId64 " to %" PRId64 " with %" PRId64
                   " messages, which are not those of the log",
                   backend->name, topic_names[stream->topic], advance->partition,
                   advance->old_offset, advance->new_offset, passed.count);
    else if (!has_right_time(world, stream, advance, &passed, now))
        world_fail(world, "%s stores a timestamp that is not the record's before the position",
                   backend->name);
    return passed.count;
}

void audit_write(const struct backend *backend)
{
    const struct sim_request *request = backend->request;
    int64_t count = 0;
    size_t row_count;

    rows_of(backend, &row_count);
    for (size_t i = 0; i < request->advance_count; i++)
        count += audit_advance(backend, &request->advances[i]);
    if (count != (int64_t)(row_count + request->reject_count))
        world_fail(backend->server->world,
                   "%s writes %zu rows and rejects, of which %" PRId64
                   " are of positions that advance",
                   backend->name, row_count + request->reject_count, count);
}
