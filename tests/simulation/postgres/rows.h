#ifndef COOP_TESTS_SIMULATION_POSTGRES_ROWS_H
#define COOP_TESTS_SIMULATION_POSTGRES_ROWS_H

#include "consumers/postgres/request.h"
#include "tests/simulation/postgres/store.h"

/*
 * A request as the server has received it: a copy, its rows read from COPY's binary format as
 * PostgreSQL would read them, and each held against the message that it must be of.
 */

struct sim_row {
    struct sim_message *message;
    int16_t stream_id;
};

struct sim_claim {
    size_t topic;
    int32_t partition;
    int64_t log_start;
    struct stream *stream; /**< The newest, once it was looked for. */
};

struct sim_request {
    enum request_kind kind;
    bool is_new_generation; /**< No consumer's: an operator's. */
    size_t topic;           /**< Of the new generation. */
    struct sim_claim *claims;
    size_t claim_count;
    struct advance *advances; /**< In the order in which their rows are locked. */
    size_t advance_count;
    const struct shape *shape; /**< Of its rows; NULL where there are none. */
    size_t table;
    struct sim_row *rows;
    size_t row_count;
    struct sim_row *rejects;
    size_t reject_count;
    bool has_data;  /**< It ends in COPY: the client must send more after its statements. */
    uint64_t bytes; /**< What the borrowed bytes are: they must stay so until the answer. */
};

/** Copies and reads it. What is wrong with it is the world's failure. */
struct sim_request *rows_read(struct world *world, const struct request *request);

/** Changes with any byte of the rows that a request borrows: all else is copied at once. */
uint64_t rows_hash(const struct request *request);

/* Only for its own files: rows.c, rejects.c. */

void rows_read_events(struct world *world, const struct request *from, struct sim_request *request);
void rows_check_places(struct world *world, const struct request *from,
                       const struct sim_request *request);
void rows_read_rejects(struct world *world, const struct request *from,
                       struct sim_request *request);

#endif
