#ifndef COOP_ADMIN_UNREAD_H
#define COOP_ADMIN_UNREAD_H

#include "admin/find/wanted.h"
#include "common/cli/settings.h"

/* How much of what is in Kafka and not yet in the database was looked at. */
struct unread_counts {
    int64_t messages; /**< Beyond the stored positions, in offsets. */
    int64_t read;
};

/**
 * Appends to `found` the messages about it that lie beyond the stored positions of the topics
 * that are read. Ends after `wait_ms`; what it then has not read is the difference of the
 * counts.
 */
MUST_USE bool unread_find(const struct kafka_settings *kafka, PGconn *connection,
                          const struct wanted *wanted, int64_t wait_ms, json_t *found,
                          struct unread_counts *counts, struct error *err);

#endif
