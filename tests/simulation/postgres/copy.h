#ifndef COOP_TESTS_SIMULATION_POSTGRES_COPY_H
#define COOP_TESTS_SIMULATION_POSTGRES_COPY_H

#include "consumers/postgres/request.h"
#include "tests/simulation/tables.h"
#include "tests/simulation/world.h"

/* Reads rows in COPY's binary format, without header and trailer, as PostgreSQL would. */

enum { FIELDS_MAX = COLUMNS + ORIGIN_COUNT + 4 };

struct field {
    const uint8_t *bytes;
    int32_t length; /* -1: NULL. */
};

struct copy_reader {
    struct world *world; /**< Whose failure it is where the span holds no rows. */
    const uint8_t *at;
    const uint8_t *end;
    struct field fields[FIELDS_MAX];
    size_t field_count;
};

struct copy_reader copy_open(struct world *world, struct span span);

/** False: the span has ended, or is no row of so many fields. */
bool copy_next(struct copy_reader *reader, size_t field_count);

/** As a number; INT64_MIN where it is none. */
int64_t copy_number(const struct copy_reader *reader, size_t place);

/** As microseconds since 1970; -1 for NULL. */
int64_t copy_time(const struct copy_reader *reader, size_t place);

/** Is it just these bytes? A NULL pointer is SQL's NULL. */
bool copy_is(const struct copy_reader *reader, size_t place, const void *bytes, size_t length);

#endif
