#ifndef COOP_TESTS_FAKE_ROUTES_H
#define COOP_TESTS_FAKE_ROUTES_H

#include "consumers/kafka/source.h"
#include "consumers/plan/route.h"

/*
 * Two routes without a database: sim.a goes to event.a, which has ids, a key and two shapes; sim.b
 * to event.b, which has neither. Three schemas: record R, R with a note, and one that fits nowhere.
 */

enum { FAKE_TOPICS = 2, FAKE_A = 0, FAKE_B = 1 };
enum fake_schema { FAKE_R, FAKE_R_NOTE, FAKE_STRING, FAKE_SCHEMAS };

/** Clear them with routes_clear(). */
void fake_routes_init(struct routes *routes);

/** A topic's name. */
const char *fake_topic(size_t topic);

/* Values of messages; they are good until the next fake_values_clear(). */

void fake_values_clear(void);

/** A whole value: id and n are small numbers; `note` only of FAKE_R_NOTE, NULL for null. */
struct fake_value {
    const void *data;
    size_t length;
};
struct fake_value fake_value(const struct routes *routes, enum fake_schema schema, int id, int n,
                             const char *note);

/** A message of the schema R and the key "k", published at second 1,000 + offset. */
struct message fake_message(const struct routes *routes, size_t topic, int32_t partition,
                            int64_t offset);

/** The same, which is no row. */
struct message fake_bad_message(const struct routes *routes, size_t topic, int32_t partition,
                                int64_t offset);

#endif
