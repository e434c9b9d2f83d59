#include "consumers/postgres/lane_send.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/postgres/connection.h"
#include "common/rows/copy.h"
#include "consumers/route.h"

enum { ANSWER_WAIT_MS = 120000 }; /* Longer than statement_timeout: then nobody is there. */

/*
 * Bounds for everything that can wait at the server; idle sessions and claims included. No
 * statement here is worth compiling.
 */
static const char session_sql[] = "set statement_timeout = '60s';"
                                  "set lock_timeout = '1s';"
                                  "set jit = off;"
                                  "set idle_in_transaction_session_timeout = '60s';";

/* Sends lane->sql; a failure shows at the next turn, when the socket is dead. */
static void send(struct lane *lane, const struct exchange_copy *copies, size_t copy_count)
{
    const char *sql = buffer_text(&lane->sql);

    lane->deadline_ms = clock_steady_ms() + ANSWER_WAIT_MS;
    if (!sql || !exchange_begin(&lane->exchange, lane->connection, sql, copies, copy_count))
        log_debug("lane: could not send: %s", PQerrorMessage(lane->connection));
}

/* SQL that a limit of ours cuts off would be half a statement: there is no such SQL. */
static void append_sql(struct lane *lane, const char *text)
{
    if (!buffer_append_text(&lane->sql, text))
        abort();
}

void lane_send_settings(struct lane *lane)
{
    buffer_clear(&lane->sql);
    append_sql(lane, session_sql);
    append_sql(lane, connection_settings_sql);
    send(lane, NULL, 0);
}

static void append_literal(struct lane *lane, const char *text)
{
    char *literal = PQescapeLiteral(lane->connection, text, strlen(text));

    if (!literal)
        abort();
    append_sql(lane, literal);
    PQfreemem(literal);
}

/* The newest generation of a topic is the one to claim, whichever we had before. */
static void append_claimed(struct lane *lane)
{
    append_sql(lane, " from (values ");
    for (size_t i = 0; i < lane->claimed_count; i++) {
        const struct partition *partition = lane->claimed[i];

        append_sql(lane, i ? ", (" : "(");
        append_literal(lane, partition->route->topic);
        append_sql(lane, ", ");
        append_literal(lane, partition->route->table_name);
        if (!buffer_append_format(&lane->sql, ", %zu, %" PRId32 ", %" PRId64 "::bigint)", i,
                                  partition->number, partition->log_start))
            abort();
    }
    append_sql(lane, ") as w (topic, event_table, place, partition, log_start),"
                     " lateral ingest.stream_of(w.topic, w.event_table) as s");
}

/* In the order of topic and partition, so that two consumers never wait crosswise. */
void lane_send_claim(struct lane *lane)
{
    buffer_clear(&lane->sql);
    append_sql(lane, "select w.place, s.stream_id, c.next_offset, c.epoch,"
                     " (extract(epoch from c.last_published_at) * 1000000)::bigint");
    append_claimed(lane);
    append_sql(lane, ", lateral ingest.claim(s.stream_id, w.partition, ");
    append_literal(lane, lane->owner);
    append_sql(lane, ", w.log_start) as c");
    send(lane, NULL, 0);
}

void lane_send_confirm(struct lane *lane)
{
    buffer_clear(&lane->sql);
    append_sql(lane, "select ingest.confirm(w.stream, w.partition, w.epoch) from (values ");
    for (size_t i = 0; i < lane->claimed_count; i++) {
        const struct partition *partition = lane->claimed[i];

        if (!buffer_append_format(&lane->sql, "%s(%d::smallint, %" PRId32 ", %" PRId64 "::bigint)",
                                  i ? ", " : "", partition->stream_id, partition->number,
                                  partition->epoch))
            abort();
    }
    append_sql(lane, ") as w (stream, partition, epoch)");
    send(lane, NULL, 0);
}

void lane_send_end_holders(struct lane *lane)
{
    buffer_clear(&lane->sql);
    append_sql(lane, "select ingest.end_holder(s.stream_id, w.partition)");
    append_claimed(lane);
    send(lane, NULL, 0);
}

static struct exchange_copy copy_of(const void *data, size_t length)
{
    return (struct exchange_copy){.spans = {{copy_header, sizeof(copy_header)},
                                            {data, length},
                                            {copy_trailer, sizeof(copy_trailer)}}};
}

/* Positions first: a stale owner is stopped before it writes. */
static void begin_transaction(struct lane *lane)
{
    buffer_clear(&lane->sql);
    buffer_clear(&lane->data);
    if (!window_append_advance(&lane->window, &lane->sql)
        || !window_copy_rejects(&lane->window, &lane->data))
        abort();
}

static size_t add_rejects(struct lane *lane, struct exchange_copy *copies, size_t count)
{
    if (lane->window.reject_count == 0)
        return count;
    append_sql(lane, ";copy ingest.reject (");
    append_sql(lane, window_reject_columns);
    append_sql(lane, ") from stdin binary");
    copies[count] = copy_of(lane->data.data, lane->data.length);
    return count + 1;
}

void lane_send_fast_road(struct lane *lane)
{
    struct exchange_copy copies[EXCHANGE_COPIES_MAX];
    size_t count = 0;
    const void *rows;
    size_t length;

    begin_transaction(lane);
    if (lane->window.row_count) {
        window_rows(&lane->window, &rows, &length);
        append_sql(lane, lane->window.batch->shape->copy_sql);
        copies[count++] = copy_of(rows, length);
    }
    count = add_rejects(lane, copies, count);
    send(lane, copies, count);
}

void lane_send_prepare(struct lane *lane)
{
    buffer_clear(&lane->sql);
    append_sql(lane, lane->window.batch->shape->sieve_prepare_sql);
    send(lane, NULL, 0);
}

void lane_send_keep(struct lane *lane)
{
    struct exchange_copy copies[EXCHANGE_COPIES_MAX];

    begin_transaction(lane);
    if (lane->window.row_count)
        append_sql(lane, lane->window.batch->shape->sieve_keep_sql);
    send(lane, copies, add_rejects(lane, copies, 0));
}

void lane_send_judge(struct lane *lane)
{
    struct exchange_copy copies[2];

    buffer_clear(&lane->data);
    buffer_clear(&lane->rows);
    if (!window_copy_messages(&lane->window, &lane->data)
        || !window_copy_rows(&lane->window, &lane->rows))
        abort();
    copies[0] = copy_of(lane->rows.data, lane->rows.length);
    copies[1] = copy_of(lane->data.data, lane->data.length);
    buffer_clear(&lane->sql);
    append_sql(lane, lane->window.batch->shape->sieve_judge_sql);
    send(lane, copies, 2);
}
