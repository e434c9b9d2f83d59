#include "admin/audit/book.h"

#include <inttypes.h>
#include <stdio.h>

#include "admin/verb.h"
#include "common/base/buffer.h"
#include "common/postgres/query.h"

enum { SQL_BYTES_MAX = 256 * 1024, SNAPSHOT_BYTES_MAX = 64 };

/* The rows come in order from the index on the position; nothing is to be sorted. */
static const char settings_sql[] = "set local enable_sort = off; set local statement_timeout = 0";

static bool begin(PGconn *connection, const char *snapshot, struct error *err)
{
    char sql[SNAPSHOT_BYTES_MAX + 64];

    snprintf(sql, sizeof(sql), "set transaction snapshot '%.*s'", SNAPSHOT_BYTES_MAX, snapshot);
    return query_run(connection, "begin isolation level repeatable read read only", err)
           && (!snapshot[0] || query_run(connection, sql, err))
           && query_run(connection, settings_sql, err);
}

bool book_open(struct book *book, const char *conninfo, struct error *err)
{
    bool ok = true;

    *book = (struct book){0};
    for (size_t i = 0; ok && i < BOOK_KINDS; i++)
        ok = (book->connections[i] = admin_connect(conninfo, err)) != NULL;
    if (!ok || !begin(book->connections[0], "", err))
        return false;
    PGresult *result = query_ask(book->connections[0], "select pg_export_snapshot()", 0, NULL, err);
    ok = result != NULL;
    for (size_t i = 1; ok && i < BOOK_KINDS; i++)
        ok = begin(book->connections[i], PQgetvalue(result, 0, 0), err);
    PQclear(result);
    return ok;
}

void book_close(struct book *book)
{
    for (size_t i = 0; i < BOOK_KINDS; i++) {
        row_stream_close(&book->streams[i]);
        PQfinish(book->connections[i]);
    }
    *book = (struct book){0};
}

/* "name", or what stands for it where the table has no such column. */
static bool append_origin(struct buffer *sql, const struct table *table, const char *prefix,
                          enum origin origin, const char *otherwise)
{
    if (!table->has_origin[origin])
        return buffer_append_format(sql, ", %s", otherwise);
    return buffer_append_format(sql, ", %s%s", prefix, origin_name(origin));
}

static bool append_columns(struct buffer *sql, const struct table *table, const char *prefix)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (!buffer_append_format(sql, ", %s", prefix)
            || !table_append_name(sql, table->columns[i].name))
            return false;
    }
    return true;
}

static bool append_place(struct buffer *sql, const char *prefix, int stream_id, int32_t partition)
{
    return buffer_append_format(
        sql, " where %sstream_id = %d and %skafka_partition = %" PRId32 " order by %skafka_offset",
        prefix, stream_id, prefix, partition, prefix);
}

static bool write_events(struct buffer *sql, const struct table *table, size_t *field_count)
{
    *field_count = EVENT_COLUMNS + table->column_count;
    return buffer_append_text(sql, "select e.kafka_offset")
           && append_origin(sql, table, "e.", ORIGIN_ENTITY_KEY, "null::text")
           && append_origin(sql, table, "e.", ORIGIN_PUBLISHED_AT, "null::timestamptz")
           && append_origin(sql, table, "e.", ORIGIN_SCHEMA_ID, "null::integer")
           && append_origin(sql, table, "e.", ORIGIN_AVRO, "null::bytea")
           && append_columns(sql, table, "e.")
           && buffer_append_format(sql, " from %s as e", table->name);
}

static bool write_duplicates(struct buffer *sql, const struct table *table, size_t *field_count)
{
    bool needs_columns = !table->has_origin[ORIGIN_AVRO];

    *field_count = DUPLICATE_COLUMNS + (needs_columns ? table->column_count : 0);
    if (!buffer_append_text(sql, "select e.kafka_offset, e.event_id, e.same_content,"
                                 " e.published_at, e.avro"))
        return false;
    if (!table->has_event_id)
        return buffer_append_text(sql, ", false, null::bytea")
               && (!needs_columns || append_columns(sql, table, "stored."))
               && buffer_append_format(
                   sql, " from ingest.duplicate as e left join %s as stored on false", table->name);
    return buffer_append_text(sql, ", stored.event_id is not null")
           && append_origin(sql, table, "stored.", ORIGIN_AVRO, "null::bytea")
           && (!needs_columns || append_columns(sql, table, "stored."))
           && buffer_append_format(
               sql, " from ingest.duplicate as e left join %s as stored using (event_id)",
               table->name);
}

static bool write_rejects(struct buffer *sql, size_t *field_count)
{
    *field_count = REJECT_FIELDS;
    return buffer_append_text(sql, "select e.kafka_offset, e.published_at, e.state = 'replayed',"
                                   " e.key, e.value_bytes, e.value_sha256, octet_length(e.value),"
                                   " sha256(e.value) from ingest.reject as e");
}

static bool write_query(struct buffer *sql, enum book_kind kind, const struct table *table,
                        size_t *field_count)
{
    switch (kind) {
    case BOOK_EVENTS:
        return write_events(sql, table, field_count);
    case BOOK_DUPLICATES:
        return write_duplicates(sql, table, field_count);
    default:
        return write_rejects(sql, field_count);
    }
}

bool book_turn(struct book *book, const struct table *table, int stream_id, int32_t partition,
               struct error *err)
{
    struct buffer sql;
    bool ok = true;

    buffer_init(&sql, SQL_BYTES_MAX);
    for (size_t i = 0; ok && i < BOOK_KINDS; i++) {
        size_t field_count = 0;

        buffer_clear(&sql);
        row_stream_close(&book->streams[i]);
        ok = (write_query(&sql, (enum book_kind)i, table, &field_count)
              && append_place(&sql, "e.", stream_id, partition) && buffer_text(&sql))
             || error_set(err, ERROR_CONFIGURATION,
                          "table %s has so many columns that a query would have more than %d bytes",
                          table->name, SQL_BYTES_MAX);
        ok = ok
             && row_stream_open(&book->streams[i], book->connections[i], buffer_text(&sql),
                                field_count, err);
    }
    buffer_free(&sql);
    return ok;
}
