#ifndef COOP_AUDIT_OUTSIDE_H
#define COOP_AUDIT_OUTSIDE_H

#include <libpq-fe.h>

#include "admin/audit/judge.h"

/**
 * Counts the rows that no walk along a partition meets: those of a topic's earlier
 * generations as expired, those of partitions that were never claimed, and of streams that
 * there are not, as extra.
 */
MUST_USE bool outside_count(PGconn *connection, const char *topic, const char *table,
                            struct audit_counts *counts, struct error *err);

#endif
