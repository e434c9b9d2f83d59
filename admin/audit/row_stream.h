#ifndef COOP_AUDIT_ROW_STREAM_H
#define COOP_AUDIT_ROW_STREAM_H

#include <libpq-fe.h>

#include "admin/audit/value.h"
#include "common/base/error.h"

/*
 * The answer of a query, a row at a time: COPY … TO STDOUT in binary, so that neither side
 * keeps more than what is under way, and values come in the form they were written in.
 */
struct row_stream {
    PGconn *connection; /**< Borrowed; does nothing else until the stream is over. */
    char *raw;          /**< The row as libpq gave it; owned. */
    struct value *fields;
    size_t field_count; /**< Of every row; the first is the Kafka offset. */
    int64_t offset;     /**< Of the row in hand; INT64_MAX after the last. */
    bool is_first;
};

/**
 * Asks, and takes the first row in hand. The query's first column is a bigint, and its rows
 * come in the order of that.
 */
MUST_USE bool row_stream_open(struct row_stream *stream, PGconn *connection, const char *query,
                              size_t field_count, struct error *err);

/** Takes the next row in hand; what the one before held is gone. */
MUST_USE bool row_stream_next(struct row_stream *stream, struct error *err);

/** Frees what is in hand. The connection must be closed where the stream was not read whole. */
void row_stream_close(struct row_stream *stream);

#endif
