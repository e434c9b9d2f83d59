#ifndef COOP_TESTS_SIMULATION_TABLES_H
#define COOP_TESTS_SIMULATION_TABLES_H

#include "consumers/plan/route.h"

/*
 * The two topics of this world, the tables that they go to, and the schemas of their events,
 * made by hand once for all worlds. Table sim.event takes an id only once and says everything
 * about where a row came from; table sim.note takes every row, and says little.
 */

enum { TOPICS_MAX = 2, TABLES = 2, SCHEMAS = 2, COLUMNS = 4 };

/** Which topic goes to which table; both to one, too. */
enum layout { LAYOUT_ONE, LAYOUT_PLAIN, LAYOUT_BOTH, LAYOUT_SHARED, LAYOUTS };

enum { TABLE_EVENT, TABLE_NOTE };

/** Places of the columns, and how many of them each schema fills. */
enum { COLUMN_EVENT_ID, COLUMN_CODE, COLUMN_SERIAL, COLUMN_NOTE };

extern const char *const topic_names[TOPICS_MAX];
extern const char *const table_names[TABLES];
extern const char position_constraint[];
extern const char event_constraint[];

/** Made at the first call, gone with tables_free(). */
const struct routes *tables_routes(enum layout layout);
const struct table *tables_get(size_t table);
void tables_free(void);

/** The table that a topic goes to in a layout. */
size_t tables_of_topic(enum layout layout, size_t topic);

/** As the first bytes of a body in that schema want it. */
const uint8_t *tables_fingerprint(size_t schema);

/** The shape whose statement that is, and its table; NULL: none. */
const struct shape *tables_find_shape(const char *sql, size_t *table);

#endif
