#ifndef COOP_ADMIN_TOPIC_LOG_H
#define COOP_ADMIN_TOPIC_LOG_H

#include "common/cli/settings.h"
#include "common/kafka/message.h"

/*
 * The log of one topic, read without joining a group: one partition after another, in the
 * order of its offsets. What aborted transactions have left is passed over, as the consumer
 * does. Waits for the brokers; resident below 40 MiB whatever the log holds.
 */
struct topic_log;

/**
 * `settings` and `topic` are borrowed.
 *
 * @return NULL with ERROR_UNAVAILABLE, ERROR_NOT_AUTHORISED, or ERROR_CONFIGURATION where
 *         there is no such topic.
 */
struct topic_log *topic_log_open(const struct kafka_settings *settings, const char *topic,
                                 struct error *err);
void topic_log_close(struct topic_log *log);

size_t topic_log_partition_count(const struct topic_log *log);

/** First offset of a partition's log and the one after its last. Waits at most 10 s. */
MUST_USE bool topic_log_range(struct topic_log *log, int32_t partition, int64_t *start,
                              int64_t *end, struct error *err);

/** Goes to an offset; topic_log_next() then gives what lies before `end`. */
MUST_USE bool topic_log_seek(struct topic_log *log, int32_t partition, int64_t offset, int64_t end,
                             struct error *err);

enum topic_log_news {
    TOPIC_LOG_MESSAGE, /**< To be freed: message_free(). */
    TOPIC_LOG_END,
    TOPIC_LOG_FAILED, /**< See err; also where no broker has answered for a minute. */
};

enum topic_log_news topic_log_next(struct topic_log *log, struct message *message,
                                   struct error *err);

/** A header's value, the last of that name; NULL for none. Borrowed from the message. */
const void *topic_log_header(const struct message *message, const char *name, size_t *length);

#endif
