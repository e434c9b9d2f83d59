#include "consumers/postgres/results.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"

void results_free(struct results *results)
{
    free(results->claimed);
    free(results->broken);
    free(results->positions);
    *results = (struct results){0};
}

/* Of a request that asks for rows, the one statement that gives some. */
static const PGresult *find_rows(const struct roundtrip *roundtrip)
{
    for (size_t i = 0; i < roundtrip->result_count; i++) {
        if (PQresultStatus(roundtrip->results[i]) == PGRES_TUPLES_OK)
            return roundtrip->results[i];
    }
    return NULL;
}

static void read_claimed(struct results *results, const PGresult *rows, struct answer *answer)
{
    answer->claimed_count = (size_t)PQntuples(rows);
    results->claimed =
        memory_resize(results->claimed, answer->claimed_count, sizeof(*results->claimed));
    for (int row = 0; row < PQntuples(rows); row++)
        results->claimed[row] = (struct claimed){
            .place = (size_t)query_number(rows, row, 0),
            .stream_id = (int16_t)query_number(rows, row, 1),
            .position = query_number(rows, row, 2),
            .epoch = query_number(rows, row, 3),
            .last_published_us = PQgetisnull(rows, row, 4) ? -1 : query_number(rows, row, 4)};
    answer->claimed = results->claimed;
}

static void read_broken(struct results *results, const PGresult *rows, struct answer *answer)
{
    answer->broken_count = (size_t)PQntuples(rows);
    results->broken =
        memory_resize(results->broken, answer->broken_count, sizeof(*results->broken));
    for (int row = 0; row < PQntuples(rows); row++)
        results->broken[row] = (struct broken_row){.place = (size_t)query_number(rows, row, 0),
                                                   .reason = PQgetvalue(rows, row, 1)};
    answer->broken = results->broken;
}

static void read_positions(struct results *results, const PGresult *rows, struct answer *answer)
{
    answer->position_count = (size_t)PQntuples(rows);
    results->positions =
        memory_resize(results->positions, answer->position_count, sizeof(*results->positions));
    for (int row = 0; row < PQntuples(rows); row++)
        results->positions[row] =
            (struct stored_position){.topic = PQgetvalue(rows, row, 0),
                                     .table = PQgetvalue(rows, row, 1),
                                     .partition = (int32_t)query_number(rows, row, 2),
                                     .position = query_number(rows, row, 3)};
    answer->positions = results->positions;
}

void results_read(struct results *results, enum request_kind kind,
                  const struct statements *statements, const struct roundtrip *roundtrip,
                  struct answer *answer)
{
    const PGresult *rows = find_rows(roundtrip);

    *answer = (struct answer){0};
    switch (kind) {
    case REQUEST_CLAIM:
        read_claimed(results, rows, answer);
        break;
    case REQUEST_SORT:
        read_broken(results, rows, answer);
        break;
    case REQUEST_POSITIONS:
        read_positions(results, rows, answer);
        break;
    case REQUEST_FOLD:
        answer->folded = query_number(rows, 0, 0);
        answer->behind = query_number(rows, 0, 1);
        break;
    case REQUEST_KEEP:
        if (statements->has_repeats)
            answer->repeats =
                strtoll(PQcmdTuples(roundtrip->results[statements->repeats_result]), NULL, 10);
        break;
    default:
        break;
    }
}

static void copy_field(const PGresult *error, int field, char *out, size_t size)
{
    const char *text = error ? PQresultErrorField(error, field) : NULL;

    snprintf(out, size, "%s", text ? text : "");
}

void results_read_refusal(PGconn *connection, const PGresult *error, struct refusal *refusal)
{
    copy_field(error, PG_DIAG_SCHEMA_NAME, refusal->schema, sizeof(refusal->schema));
    copy_field(error, PG_DIAG_CONSTRAINT_NAME, refusal->constraint, sizeof(refusal->constraint));
    copy_field(error, PG_DIAG_MESSAGE_PRIMARY, refusal->words, sizeof(refusal->words));
    result_error(connection, error, &refusal->err);
}
