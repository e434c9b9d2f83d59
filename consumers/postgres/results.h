#ifndef COOP_CONSUMERS_POSTGRES_RESULTS_H
#define COOP_CONSUMERS_POSTGRES_RESULTS_H

#include "consumers/postgres/statements.h"

/* What came back, as an answer. */
struct results {
    struct claimed *claimed;
    struct broken_row *broken;
    struct stored_position *positions;
};

void results_free(struct results *results);

/** Reads the answer to a request; its lists are kept in `results`, its texts in `roundtrip`. */
void results_read(struct results *results, enum request_kind kind,
                  const struct statements *statements, const struct roundtrip *roundtrip,
                  struct answer *answer);

/** Why PostgreSQL has refused, or the connection was lost; `error` may be NULL. */
void results_read_refusal(PGconn *connection, const PGresult *error, struct refusal *refusal);

#endif
