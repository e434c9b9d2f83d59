#include "consumers/postgres/roundtrip.h"

#include <poll.h>
#include <string.h>

/* What libpq takes at once; it would buffer everything if we let it. */
enum { PIECE_BYTES = 64 * 1024 };

bool roundtrip_begin(struct roundtrip *roundtrip, PGconn *connection, const char *sql,
                     const struct copy_data *copies, size_t copy_count)
{
    assert(copy_count <= COPIES_MAX);
    roundtrip_clear(roundtrip);
    *roundtrip = (struct roundtrip){.connection = connection, .copy_count = copy_count};
    for (size_t i = 0; i < copy_count; i++)
        roundtrip->copies[i] = copies[i];
    return PQsendQuery(connection, sql) == 1;
}

short roundtrip_events(const struct roundtrip *roundtrip)
{
    bool has_output = roundtrip->is_feeding || !roundtrip->is_flushed;

    return (short)(has_output ? POLLIN | POLLOUT : POLLIN);
}

void roundtrip_clear(struct roundtrip *roundtrip)
{
    for (size_t i = 0; i < roundtrip->result_count; i++)
        PQclear(roundtrip->results[i]);
    PQclear(roundtrip->error);
    roundtrip->result_count = 0;
    roundtrip->error = NULL;
}

static bool flush(struct roundtrip *roundtrip, bool *is_flushed)
{
    int left = PQflush(roundtrip->connection);

    *is_flushed = left == 0;
    return left >= 0;
}

/* Feeds the COPY while the socket takes it. */
static enum roundtrip_status feed(struct roundtrip *roundtrip)
{
    struct copy_data *copy = &roundtrip->copies[roundtrip->copy];

    for (;;) {
        if (!flush(roundtrip, &roundtrip->is_flushed))
            return ROUNDTRIP_LOST;
        if (!roundtrip->is_flushed)
            return ROUNDTRIP_WAITING;
        while (roundtrip->span < COPY_SPANS_MAX
               && roundtrip->offset == copy->spans[roundtrip->span].length) {
            roundtrip->span++;
            roundtrip->offset = 0;
        }
        if (roundtrip->span == COPY_SPANS_MAX)
            break;

        const struct span *span = &copy->spans[roundtrip->span];
        size_t piece = span->length - roundtrip->offset;
        if (piece > PIECE_BYTES)
            piece = PIECE_BYTES;
        if (PQputCopyData(roundtrip->connection, (const char *)span->data + roundtrip->offset,
                          (int)piece)
            != 1)
            return ROUNDTRIP_LOST;
        roundtrip->offset += piece;
    }
    if (PQputCopyEnd(roundtrip->connection, NULL) != 1)
        return ROUNDTRIP_LOST;
    roundtrip->is_feeding = false;
    roundtrip->copy++;
    roundtrip->span = 0;
    return flush(roundtrip, &roundtrip->is_flushed) ? ROUNDTRIP_WAITING : ROUNDTRIP_LOST;
}

static void keep(struct roundtrip *roundtrip, PGresult *result)
{
    if (roundtrip->result_count < RESULTS_MAX)
        roundtrip->results[roundtrip->result_count++] = result;
    else
        PQclear(result);
}

/* Takes the results that are there. */
static enum roundtrip_status take_results(struct roundtrip *roundtrip)
{
    while (!PQisBusy(roundtrip->connection)) {
        PGresult *result = PQgetResult(roundtrip->connection);

        if (!result)
            return roundtrip->error ? ROUNDTRIP_FAILED : ROUNDTRIP_DONE;
        switch (PQresultStatus(result)) {
        case PGRES_COPY_IN:
            PQclear(result);
            if (roundtrip->copy == roundtrip->copy_count)
                return ROUNDTRIP_LOST; /* A COPY that nobody gave data for: a fault of ours. */
            roundtrip->is_feeding = true;
            return ROUNDTRIP_WAITING;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            keep(roundtrip, result);
            break;
        default:
            /* Without a SQLSTATE it is libpq that speaks: the connection is gone. */
            if (!PQresultErrorField(result, PG_DIAG_SQLSTATE)) {
                PQclear(result);
                return ROUNDTRIP_LOST;
            }
            if (roundtrip->error)
                PQclear(result);
            else
                roundtrip->error = result;
            break;
        }
    }
    return ROUNDTRIP_WAITING;
}

enum roundtrip_status roundtrip_advance(struct roundtrip *roundtrip)
{
    if (PQconsumeInput(roundtrip->connection) != 1) {
        /* What the server said before it went away may still be there. */
        take_results(roundtrip);
        return ROUNDTRIP_LOST;
    }
    for (;;) {
        if (roundtrip->is_feeding) {
            enum roundtrip_status status = feed(roundtrip);

            if (status != ROUNDTRIP_WAITING || roundtrip->is_feeding)
                return status;
        } else if (!roundtrip->is_flushed && !flush(roundtrip, &roundtrip->is_flushed)) {
            return ROUNDTRIP_LOST;
        }

        enum roundtrip_status status = take_results(roundtrip);
        if (status != ROUNDTRIP_WAITING || !roundtrip->is_feeding)
            return status;
    }
}
