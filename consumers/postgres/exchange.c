#include "consumers/postgres/exchange.h"

#include <poll.h>
#include <string.h>

/* What libpq takes at once; it would buffer everything if we let it. */
enum { PIECE_BYTES = 64 * 1024 };

bool exchange_begin(struct exchange *exchange, PGconn *connection, const char *sql,
                    const struct exchange_copy *copies, size_t copy_count)
{
    assert(copy_count <= EXCHANGE_COPIES_MAX);
    exchange_clear(exchange);
    *exchange = (struct exchange){.connection = connection, .copy_count = copy_count};
    for (size_t i = 0; i < copy_count; i++)
        exchange->copies[i] = copies[i];
    return PQsendQuery(connection, sql) == 1;
}

short exchange_events(const struct exchange *exchange)
{
    bool has_output = exchange->is_feeding || !exchange->is_flushed;

    return (short)(has_output ? POLLIN | POLLOUT : POLLIN);
}

void exchange_clear(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->result_count; i++)
        PQclear(exchange->results[i]);
    PQclear(exchange->error);
    exchange->result_count = 0;
    exchange->error = NULL;
}

static bool flush(struct exchange *exchange, bool *is_flushed)
{
    int left = PQflush(exchange->connection);

    *is_flushed = left == 0;
    return left >= 0;
}

/* Feeds the COPY while the socket takes it. */
static enum exchange_status feed(struct exchange *exchange)
{
    struct exchange_copy *copy = &exchange->copies[exchange->copy];

    for (;;) {
        if (!flush(exchange, &exchange->is_flushed))
            return EXCHANGE_LOST;
        if (!exchange->is_flushed)
            return EXCHANGE_WAITING;
        while (exchange->span < EXCHANGE_SPANS_MAX
               && exchange->offset == copy->spans[exchange->span].length) {
            exchange->span++;
            exchange->offset = 0;
        }
        if (exchange->span == EXCHANGE_SPANS_MAX)
            break;

        const struct span *span = &copy->spans[exchange->span];
        size_t piece = span->length - exchange->offset;
        if (piece > PIECE_BYTES)
            piece = PIECE_BYTES;
        if (PQputCopyData(exchange->connection, (const char *)span->data + exchange->offset,
                          (int)piece)
            != 1)
            return EXCHANGE_LOST;
        exchange->offset += piece;
    }
    if (PQputCopyEnd(exchange->connection, NULL) != 1)
        return EXCHANGE_LOST;
    exchange->is_feeding = false;
    exchange->copy++;
    exchange->span = 0;
    return flush(exchange, &exchange->is_flushed) ? EXCHANGE_WAITING : EXCHANGE_LOST;
}

static void keep(struct exchange *exchange, PGresult *result)
{
    if (exchange->result_count < EXCHANGE_RESULTS_MAX)
        exchange->results[exchange->result_count++] = result;
    else
        PQclear(result);
}

/* Takes the results that are there. */
static enum exchange_status take_results(struct exchange *exchange)
{
    while (!PQisBusy(exchange->connection)) {
        PGresult *result = PQgetResult(exchange->connection);

        if (!result)
            return exchange->error ? EXCHANGE_FAILED : EXCHANGE_DONE;
        switch (PQresultStatus(result)) {
        case PGRES_COPY_IN:
            PQclear(result);
            if (exchange->copy == exchange->copy_count)
                return EXCHANGE_LOST; /* A COPY that nobody gave data for: a fault of ours. */
            exchange->is_feeding = true;
            return EXCHANGE_WAITING;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            keep(exchange, result);
            break;
        default:
            /* Without a SQLSTATE it is libpq that speaks: the connection is gone. */
            if (!PQresultErrorField(result, PG_DIAG_SQLSTATE)) {
                PQclear(result);
                return EXCHANGE_LOST;
            }
            if (exchange->error)
                PQclear(result);
            else
                exchange->error = result;
            break;
        }
    }
    return EXCHANGE_WAITING;
}

enum exchange_status exchange_advance(struct exchange *exchange)
{
    if (PQconsumeInput(exchange->connection) != 1) {
        /* What the server said before it went away may still be there. */
        take_results(exchange);
        return EXCHANGE_LOST;
    }
    for (;;) {
        if (exchange->is_feeding) {
            enum exchange_status status = feed(exchange);

            if (status != EXCHANGE_WAITING || exchange->is_feeding)
                return status;
        } else if (!exchange->is_flushed && !flush(exchange, &exchange->is_flushed)) {
            return EXCHANGE_LOST;
        }

        enum exchange_status status = take_results(exchange);
        if (status != EXCHANGE_WAITING || !exchange->is_feeding)
            return status;
    }
}
