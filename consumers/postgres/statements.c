#include "consumers/postgres/statements.h"

#include <inttypes.h>
#include <string.h>

#include "common/avro/temporal.h"
#include "common/base/memory.h"
#include "common/rows/copy.h"

/* What one request can hold: claims of all partitions, or the advance of those of a batch. */
enum { SQL_BYTES_MAX = 64 * 1024 * 1024 };

/* SQL that a limit of ours cuts off would be half a statement: there is no such SQL. */
static void must(bool has_gone_in)
{
    if (!has_gone_in)
        memory_exhausted();
}

static void add_sql(struct statements *statements, const char *text)
{
    must(buffer_append_text(&statements->sql, text));
}

/*
 * Each quote and each backslash twice, in a form that means the same whatever the session's
 * standard_conforming_strings: as PQescapeLiteral() does, which wants a connection.
 */
static void add_literal(struct statements *statements, const char *text)
{
    add_sql(statements, strchr(text, '\\') ? " E'" : "'");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            must(buffer_append_byte(&statements->sql, (unsigned char)*text));
        must(buffer_append_byte(&statements->sql, (unsigned char)*text));
    }
    add_sql(statements, "'");
}

static void add_copy(struct statements *statements, struct span data)
{
    statements->copies[statements->copy_count++] = (struct copy_data){
        .spans = {{copy_header, sizeof(copy_header)}, data, {copy_trailer, sizeof(copy_trailer)}}};
}

/*
 * The newest generation of a topic is the one to claim, whichever we had before: of those that
 * there were when the session began. The log was looked at after that, so it is of that generation
 * or a later one, and its start is never taken for that of another log. Where a newer one has begun
 * since then, ingest.claim() refuses (CT002): the next session knows it.
 */
static const char streams_sql[] =
    ") as w (topic, event_table, place, partition, log_start),"
    " lateral (select coalesce("
    "(select n.stream_id from ingest.stream as n"
    " cross join lateral (select n.stream_id <= current_setting('coop.newest_stream')::integer"
    " as is_known) as k"
    " where n.topic = w.topic and n.event_table = w.event_table"
    " order by k.is_known desc, case when k.is_known then -n.generation else n.generation end"
    " limit 1),"
    " (select o.stream_id from ingest.stream_of(w.topic, w.event_table) as o)) as stream_id) as s";

static void add_claims(struct statements *statements, const struct request *request)
{
    add_sql(statements, " from (values ");
    for (size_t i = 0; i < request->claim_count; i++) {
        const struct claim *claim = &request->claims[i];

        add_sql(statements, i ? ", (" : "(");
        add_literal(statements, claim->topic);
        add_sql(statements, ", ");
        add_literal(statements, claim->table);
        must(buffer_append_format(&statements->sql, ", %zu, %" PRId32 ", %" PRId64 "::bigint)", i,
                                  claim->partition, claim->log_start));
    }
    add_sql(statements, streams_sql);
}

/* Whoever asks has put them in the order of topic and partition: two never wait crosswise. */
static void write_claim(struct statements *statements, const struct request *request)
{
    add_sql(statements, "select w.place, s.stream_id, c.next_offset, c.epoch,"
                        " (extract(epoch from c.last_published_at) * 1000000)::bigint");
    add_claims(statements, request);
    add_sql(statements, ", lateral ingest.claim(s.stream_id, w.partition, ");
    add_literal(statements, request->owner);
    add_sql(statements, ", w.log_start) as c");
}

static void write_confirm(struct statements *statements, const struct request *request)
{
    add_sql(statements, "select ingest.confirm(w.stream, w.partition, w.epoch) from (values ");
    for (size_t i = 0; i < request->advance_count; i++) {
        const struct advance *advance = &request->advances[i];

        must(buffer_append_format(
            &statements->sql, "%s(%d::smallint, %" PRId32 ", %" PRId64 "::bigint)", i ? ", " : "",
            advance->stream_id, advance->partition, advance->epoch));
    }
    add_sql(statements, ") as w (stream, partition, epoch)");
}

enum column { COLUMN_PARTITION, COLUMN_OLD, COLUMN_NEW, COLUMN_EPOCH, COLUMN_PUBLISHED };

static void add_column(struct statements *statements, const struct advance *advance,
                       enum column column)
{
    struct buffer *sql = &statements->sql;
    char text[TEMPORAL_TEXT_BYTES] = "null";

    switch (column) {
    case COLUMN_PARTITION:
        must(buffer_append_format(sql, "%" PRId32, advance->partition));
        break;
    case COLUMN_OLD:
        must(buffer_append_format(sql, "%" PRId64, advance->old_offset));
        break;
    case COLUMN_NEW:
        must(buffer_append_format(sql, "%" PRId64, advance->new_offset));
        break;
    case COLUMN_EPOCH:
        must(buffer_append_format(sql, "%" PRId64, advance->epoch));
        break;
    case COLUMN_PUBLISHED:
        if (advance->published_us >= 0)
            temporal_timestamp_text(advance->published_us, true, text);
        add_sql(statements, text);
        break;
    }
}

/* A call of ingest.advance() for the partitions of one stream. */
static void add_advance(struct statements *statements, const struct request *request,
                        int16_t stream_id)
{
    must(buffer_append_format(&statements->sql, "select ingest.advance(%d::smallint", stream_id));
    for (enum column column = COLUMN_PARTITION; column <= COLUMN_PUBLISHED; column++) {
        const char *comma = "";

        add_sql(statements, ", '{");
        for (size_t i = 0; i < request->advance_count; i++) {
            if (request->advances[i].stream_id != stream_id)
                continue;
            add_sql(statements, comma);
            add_column(statements, &request->advances[i], column);
            comma = ",";
        }
        add_sql(statements, "}'");
    }
    add_sql(statements, ");");
    statements->result_count++;
}

/* Positions first: a stale owner is stopped before it writes. Two topics may go into one table. */
static void add_advances(struct statements *statements, const struct request *request)
{
    for (size_t i = 0; i < request->advance_count; i++) {
        int16_t stream_id = request->advances[i].stream_id;
        bool is_first = true;

        for (size_t j = 0; j < i; j++)
            is_first = is_first && request->advances[j].stream_id != stream_id;
        if (is_first)
            add_advance(statements, request, stream_id);
    }
}

/* The columns are those of lane/rejects.c, in their order. */
static void add_rejects(struct statements *statements, const struct request *request)
{
    if (request->rejects.length == 0)
        return;
    add_sql(statements,
            "copy ingest.reject (stream_id, kafka_partition, kafka_offset, published_at, reason,"
            " detail, sqlstate, event_id, key, value, value_bytes, value_sha256, headers)"
            " from stdin binary;");
    add_copy(statements, request->rejects);
}

static void add_rows_sql(struct statements *statements, const struct request *request)
{
    if (!request->rows_sql)
        return;
    add_sql(statements, request->rows_sql);
    add_sql(statements, ";");
    statements->result_count++;
}

static void write_write(struct statements *statements, const struct request *request)
{
    add_advances(statements, request);
    add_rows_sql(statements, request);
    if (request->rows_sql)
        add_copy(statements, request->rows);
    add_rejects(statements, request);
}

static void write_sort(struct statements *statements, const struct request *request)
{
    add_rows_sql(statements, request);
    add_copy(statements, request->rows);
    add_copy(statements, request->messages);
}

static void write_keep(struct statements *statements, const struct request *request)
{
    add_advances(statements, request);
    add_rows_sql(statements, request);
    if (request->repeats_sql) {
        add_sql(statements, request->repeats_sql);
        add_sql(statements, ";");
        statements->has_repeats = true;
        statements->repeats_result = statements->result_count++;
    }
    add_rejects(statements, request);
}

void statements_init(struct statements *statements)
{
    *statements = (struct statements){0};
    buffer_init(&statements->sql, SQL_BYTES_MAX);
}

void statements_free(struct statements *statements)
{
    buffer_free(&statements->sql);
}

static void begin(struct statements *statements)
{
    struct buffer sql = statements->sql;

    *statements = (struct statements){.sql = sql};
    buffer_clear(&statements->sql);
}

void statements_write_sql(struct statements *statements, const char *sql)
{
    begin(statements);
    add_sql(statements, sql);
}

void statements_write(struct statements *statements, const struct request *request)
{
    begin(statements);
    switch (request->kind) {
    case REQUEST_CLAIM:
        write_claim(statements, request);
        break;
    case REQUEST_END_HOLDERS:
        add_sql(statements, "select ingest.end_holder(s.stream_id, w.partition)");
        add_claims(statements, request);
        break;
    case REQUEST_CONFIRM:
        write_confirm(statements, request);
        break;
    case REQUEST_WRITE:
        write_write(statements, request);
        break;
    case REQUEST_PREPARE:
        add_rows_sql(statements, request);
        break;
    case REQUEST_SORT:
        write_sort(statements, request);
        break;
    case REQUEST_KEEP:
        write_keep(statements, request);
        break;
    case REQUEST_FOLD:
        add_sql(statements, "select events, behind from state.fold()");
        break;
    case REQUEST_POSITIONS:
        add_sql(statements, "select s.topic, s.event_table, p.kafka_partition, p.next_offset"
                            " from (select distinct on (topic, event_table) * from ingest.stream"
                            " order by topic, event_table, generation desc) as s"
                            " join ingest.position as p using (stream_id)");
        break;
    }
}
