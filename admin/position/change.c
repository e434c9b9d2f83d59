#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "admin/kafka/logs.h"
#include "admin/position/position.h"
#include "common/postgres/query.h"

enum { TRIES = 20 };

/*
 * Changes something, as the owner. Consumers claim and write all the time: we wait for them
 * in short steps, so that nobody waits long behind us.
 */
static PGresult *change(PGconn *connection, const char *sql, int count,
                        const char *const *parameters, struct error *err)
{
    for (int i = 0; i < TRIES; i++) {
        PGresult *result = NULL;
        struct error ignored;

        if (!query_run(connection,
                       "begin; set local role coop_owner; set local lock_timeout = '500ms'", err))
            return NULL;
        result = query_ask(connection, sql, count, parameters, err);
        if (result && query_run(connection, "commit", err))
            return result;
        PQclear(result);
        if (err->kind != ERROR_UNAVAILABLE || !query_run(connection, "rollback", &ignored))
            return NULL;
    }
    error_context(err, "a consumer does not let go of the topic, stop it first");
    return NULL;
}

static bool read_number(const char *word, const char *what, int64_t most, int64_t *out,
                        struct error *err)
{
    char *end;

    errno = 0;
    *out = strtoll(word, &end, 10);
    if (end == word || *end || errno || *out < 0 || *out > most)
        return error_set(err, ERROR_USAGE, "\"%s\" is no %s; try --help", word, what);
    return true;
}

/* The stream that is read: the newest generation. NULL where the topic was never read. */
static PGresult *find_stream(PGconn *connection, const char *const *parameters, struct error *err)
{
    PGresult *result =
        query_ask(connection,
                  "select s.stream_id, p.owner, exists (select from pg_stat_activity as a where"
                  " a.pid = p.backend_pid and a.datname = current_database()),"
                  " ingest.stored_from(s.stream_id, $2, $3) from ingest.stream as s left join"
                  " ingest.position as p on p.stream_id = s.stream_id and p.kafka_partition = $2"
                  " where s.topic = $1 order by s.generation desc limit 1",
                  3, parameters, err);

    if (result && PQntuples(result) == 1)
        return result;
    if (result)
        error_set(err, ERROR_NO_INPUT, "topic \"%s\" was never read", parameters[0]);
    PQclear(result);
    return NULL;
}

/* May this position be set? If not, what to do instead. */
static bool check_set(const struct admin_settings *settings, const PGresult *stream,
                      const char *const *words, struct error *err)
{
    if (!PQgetisnull(stream, 0, 3))
        return error_set(err, ERROR_DATA,
                         "%s/%s: messages up to offset %s are stored already and would be stored "
                         "twice: set a position behind them, or, if the topic was made anew, run "
                         "coop-admin position new-generation %s",
                         words[0], words[1], PQgetvalue(stream, 0, 3), words[0]);
    if (PQgetvalue(stream, 0, 2)[0] == 't' && !settings->is_forced)
        return error_set(err, ERROR_USAGE,
                         "%s/%s is held by %s, which is running: stop it, or give --force and it "
                         "is fenced",
                         words[0], words[1], PQgetvalue(stream, 0, 1));
    return true;
}

static bool check_range(const struct admin_settings *settings, const char *topic, int64_t partition,
                        int64_t offset, struct error *err)
{
    int64_t start;
    int64_t end;
    struct logs *logs = logs_open(&settings->kafka, err);
    bool ok = logs && logs_range(logs, topic, (int32_t)partition, &start, &end, err);

    if (ok && (offset < start || offset > end))
        ok = error_set(err, ERROR_DATA,
                       "%s/%" PRId64 ": offset %" PRId64 " lies outside the log, which goes from "
                       "%" PRId64 " to %" PRId64,
                       topic, partition, offset, start, end);
    logs_close(logs);
    return ok;
}

static void print_set(const char *const *words, const PGresult *old, int64_t offset)
{
    int64_t before = strtoll(PQgetvalue(old, 0, 0), NULL, 10);

    if (PQgetisnull(old, 0, 0))
        printf("%s/%s: position %" PRId64 ", none before\n", words[0], words[1], offset);
    else
        printf("%s/%s: position %" PRId64 ", before %" PRId64 "\n", words[0], words[1], offset,
               before);
    if (!PQgetisnull(old, 0, 0) && offset > before)
        printf("what lies between is passed over: neither stored nor a reject\n");
}

bool position_set(const struct admin_settings *settings, PGconn *connection,
                  const struct operands *operands, struct error *err)
{
    const char *const words[] = {operands->items[0], operands->items[1], operands->items[2]};
    int64_t partition;
    int64_t offset;
    PGresult *stream = NULL;
    PGresult *old = NULL;

    if (!read_number(words[1], "partition", INT32_MAX, &partition, err)
        || !read_number(words[2], "offset", INT64_MAX - 1, &offset, err))
        return false;
    stream = find_stream(connection, words, err);
    if (stream && check_set(settings, stream, words, err)
        && check_range(settings, words[0], partition, offset, err)) {
        const char *const parameters[] = {PQgetvalue(stream, 0, 0), words[1], words[2]};

        old = change(connection, "select ingest.set_position($1, $2, $3)", 3, parameters, err);
    }
    if (old)
        print_set(words, old, offset);
    bool ok = old != NULL;
    PQclear(stream);
    PQclear(old);
    return ok;
}

/*
 * Is some position no longer in the log, as after a topic was made anew? If the new log is
 * as long already, only the operator knows.
 */
static bool check_is_new(const struct admin_settings *settings, PGconn *connection,
                         const char *topic, struct error *err)
{
    PGresult *positions = query_ask(
        connection,
        "select p.kafka_partition, p.next_offset from (select stream_id from ingest.stream"
        " where topic = $1 order by generation desc limit 1) as s join ingest.position as p"
        " using (stream_id)",
        1, &topic, err);
    struct logs *logs = positions ? logs_open(&settings->kafka, err) : NULL;
    bool is_new = false;
    bool ok = logs != NULL;

    for (int row = 0; ok && !is_new && row < PQntuples(positions); row++) {
        int64_t position = strtoll(PQgetvalue(positions, row, 1), NULL, 10);
        int64_t start;
        int64_t end;

        ok = logs_range(logs, topic, (int32_t)strtol(PQgetvalue(positions, row, 0), NULL, 10),
                        &start, &end, err);
        is_new = ok && (position < start || position > end);
    }
    if (ok && !is_new)
        ok = error_set(err, ERROR_USAGE,
                       "topic \"%s\" has every position in its log, as if it were the same: if it "
                       "was made anew nevertheless, give --force; it is read from its beginning",
                       topic);
    logs_close(logs);
    PQclear(positions);
    return ok;
}

bool position_new_generation(const struct admin_settings *settings, PGconn *connection,
                             const struct operands *operands, struct error *err)
{
    const char *const topic = operands->items[0];
    const char *const words[] = {topic, "0", "0"};
    PGresult *known = find_stream(connection, words, err);
    PGresult *made = NULL;

    if (known && (settings->is_forced || check_is_new(settings, connection, topic, err)))
        made = change(connection, "select generation, event_table from ingest.new_generation($1)",
                      1, &topic, err);
    for (int row = 0; made && row < PQntuples(made); row++)
        printf("%s: generation %s into %s, from the log's beginning; what is stored stays\n", topic,
               PQgetvalue(made, row, 0), PQgetvalue(made, row, 1));
    bool ok = made != NULL;
    PQclear(known);
    PQclear(made);
    return ok;
}
