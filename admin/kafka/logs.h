#ifndef COOP_ADMIN_LOGS_H
#define COOP_ADMIN_LOGS_H

#include <stdint.h>

#include "common/cli/settings.h"

/* Where the logs of Kafka begin and end, for verbs that compare positions with them. */
struct logs;

/** Reaches the brokers. NULL with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED or ERROR_CONFIGURATION.
 */
struct logs *logs_open(const struct kafka_settings *settings, struct error *err);
void logs_close(struct logs *logs);

/** First offset of a partition's log, and the one after its last. Waits at most 10 s. */
MUST_USE bool logs_range(struct logs *logs, const char *topic, int32_t partition, int64_t *start,
                         int64_t *end, struct error *err);

#endif
