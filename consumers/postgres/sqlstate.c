#include "consumers/postgres/sqlstate.h"

#include <string.h>

#include "common/base/compiler.h"

/* The first row whose prefix fits decides, so exceptions stand before their class. */
static const struct {
    const char *prefix;
    enum sqlstate_class class;
} classes[] = {
    {"CT001", SQLSTATE_FENCED}, /* raised by ingest.advance() */
    {"CT002", SQLSTATE_OUTAGE}, /* by ingest.claim(): a newer generation came in between */
    {"08P01", SQLSTATE_ROW},    /* a field in COPY of the wrong length */
    {"08", SQLSTATE_OUTAGE},    /* connection exception */
    {"53", SQLSTATE_OUTAGE},    /* insufficient resources: disk full, out of memory … */
    {"57", SQLSTATE_OUTAGE},    /* operator intervention: shutdown, time-out (57014) … */
    {"58030", SQLSTATE_OUTAGE}, /* input/output error */
    {"25006", SQLSTATE_OUTAGE}, /* read-only: a standby, before it is promoted */
    {"25P03", SQLSTATE_OUTAGE}, /* idle in transaction for too long */
    {"40001", SQLSTATE_OUTAGE}, /* serialization failure */
    {"40P01", SQLSTATE_OUTAGE}, /* deadlock */
    {"55P03", SQLSTATE_OUTAGE}, /* lock not available */
    {"22", SQLSTATE_ROW},       /* data exception */
    {"23", SQLSTATE_ROW},       /* a constraint of the table */
    {"54", SQLSTATE_ROW},       /* program limit exceeded, such as an index row's size */
};

enum sqlstate_class sqlstate_classify(const char *sqlstate, const char *schema,
                                      const char *constraint, const char *position_constraint)
{
    if (sqlstate[0] == '\0')
        return SQLSTATE_OUTAGE;
    if (strcmp(sqlstate, "23505") == 0 && constraint[0]
        && strcmp(constraint, position_constraint) == 0)
        return SQLSTATE_ALARM;
    /* Rejects and duplicates are ours, one a position: no row is at fault. */
    if (strncmp(sqlstate, "23", 2) == 0 && strcmp(schema, "ingest") == 0)
        return SQLSTATE_ALARM;
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
        if (strncmp(sqlstate, classes[i].prefix, strlen(classes[i].prefix)) == 0)
            return classes[i].class;
    }
    return SQLSTATE_HOLD;
}

bool sqlstate_is_lock_timeout(const char *sqlstate)
{
    return strcmp(sqlstate, "55P03") == 0;
}
