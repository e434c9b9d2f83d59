#ifndef COOP_CONSUMERS_POSTGRES_STATEMENTS_H
#define COOP_CONSUMERS_POSTGRES_STATEMENTS_H

#include "common/base/buffer.h"
#include "consumers/postgres/roundtrip.h"

/* A request in SQL, with the data of its COPY statements. */
struct statements {
    struct buffer sql;
    struct copy_data copies[COPIES_MAX];
    size_t copy_count;
    size_t result_count;   /**< So many results were counted, as far as that matters. */
    bool has_repeats;      /**< KEEP: one of them tells how many rows were repeats, */
    size_t repeats_result; /**< and that is this one. */
};

void statements_init(struct statements *statements);
void statements_free(struct statements *statements);

/** Writes a request down; data is borrowed from it. What was there before is forgotten. */
void statements_write(struct statements *statements, const struct request *request);

/** The same for SQL as it is. */
void statements_write_sql(struct statements *statements, const char *sql);

#endif
