#ifndef COOP_ADMIN_STATUS_MEASURE_H
#define COOP_ADMIN_STATUS_MEASURE_H

#include <jansson.h>
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>

#include "common/cli/settings.h"

/** How far the consumer is, and the reports. */
struct status {
    json_t *partitions; /**< One object each: topic, partition, end, position, lag,
                           newest_event_age_seconds. */
    json_t *totals;     /**< stored, duplicates, rejects_open, unfolded, ids_with_other_content. */
    int64_t lag;        /**< Messages that are not stored yet, of all partitions. */
    int64_t unfolded;   /**< Stored, and not in the reports yet. */
    char beyond[300];   /**< A partition whose position the log does not have; "" for none. */
};

/**
 * Asks Kafka and PostgreSQL, in less than ten seconds a topic. Clear *status also after a failure.
 */
MUST_USE bool status_measure(rd_kafka_t *client, const struct kafka_settings *kafka,
                             PGconn *connection, struct status *status, struct error *err);

void status_clear(struct status *status);

#endif
