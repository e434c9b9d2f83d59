#include "admin/audit/row_stream.h"

#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "common/rows/copy.h"

enum { COUNT_BYTES = 2, SQL_BYTES_MAX = 256 * 1024 };

static const uint16_t TRAILER = 0xffff;

static bool is_malformed(struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "PostgreSQL has sent a row that is none");
}

/* What stands before the last row's: the end of the COPY, and how it went. */
static bool finish(struct row_stream *stream, struct error *err)
{
    PGresult *result = PQgetResult(stream->connection);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

    if (!ok)
        result_error(stream->connection, result, err);
    while (result) {
        PQclear(result);
        result = PQgetResult(stream->connection);
    }
    stream->offset = INT64_MAX;
    return ok;
}

static bool split(struct row_stream *stream, struct value row, struct error *err)
{
    const uint8_t *at = row.bytes;

    if (row.length < COUNT_BYTES)
        return is_malformed(err);
    uint16_t count = (uint16_t)(at[0] << 8 | at[1]);
    row = (struct value){at + COUNT_BYTES, row.length - COUNT_BYTES};
    if (count == TRAILER)
        return row_stream_next(stream, err);
    if (count != stream->field_count)
        return is_malformed(err);
    for (size_t i = 0; i < stream->field_count; i++) {
        if (!value_take(&row, &stream->fields[i]))
            return is_malformed(err);
    }
    return value_bigint(&stream->fields[0], &stream->offset) || is_malformed(err);
}

bool row_stream_next(struct row_stream *stream, struct error *err)
{
    PQfreemem(stream->raw);
    stream->raw = NULL;
    int length = PQgetCopyData(stream->connection, &stream->raw, 0);
    if (length < 0)
        return length == -1 ? finish(stream, err) : result_error(stream->connection, NULL, err);

    struct value row = {stream->raw, (size_t)length};
    if (stream->is_first) {
        /* The header comes with the first row. */
        if (row.length < sizeof(copy_header))
            return is_malformed(err);
        row = (struct value){stream->raw + sizeof(copy_header), row.length - sizeof(copy_header)};
        stream->is_first = false;
    }
    return split(stream, row, err);
}

bool row_stream_open(struct row_stream *stream, PGconn *connection, const char *query,
                     size_t field_count, struct error *err)
{
    struct buffer sql;
    bool ok = false;

    *stream = (struct row_stream){.connection = connection,
                                  .fields = memory_new(field_count, sizeof(*stream->fields)),
                                  .field_count = field_count,
                                  .is_first = true};
    buffer_init(&sql, SQL_BYTES_MAX);
    if (!buffer_append_format(&sql, "copy (%s) to stdout (format binary)", query)
        || !buffer_text(&sql)) {
        error_set(err, ERROR_CONFIGURATION, "a query would have more than %d bytes", SQL_BYTES_MAX);
        goto done;
    }
    PGresult *result = PQexec(connection, buffer_text(&sql));
    ok = PQresultStatus(result) == PGRES_COPY_OUT || result_error(connection, result, err);
    PQclear(result);
    ok = ok && row_stream_next(stream, err);
done:
    buffer_free(&sql);
    return ok;
}

void row_stream_close(struct row_stream *stream)
{
    PQfreemem(stream->raw);
    free(stream->fields);
    *stream = (struct row_stream){0};
}
