#ifndef COOP_TESTS_FAKE_REQUEST_H
#define COOP_TESTS_FAKE_REQUEST_H

#include "consumers/postgres/request.h"

/* What a request asks for, as a line of the diary. */

/** Notes it under the name of whoever is asked. */
void fake_request_note(const char *name, const struct request *request);

/** A sum over all that was lent to it: it must be the same until the answer. */
uint32_t fake_request_sum(const struct request *request);

/** How many rows a span holds; fails where they are not rows in COPY's binary format. */
size_t fake_count_rows(struct span span);

/** One field of one row, both from 0; NULL data for SQL's NULL. */
struct span fake_field(struct span span, size_t row, size_t field);

#endif
