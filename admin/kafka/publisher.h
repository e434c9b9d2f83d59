#ifndef COOP_ADMIN_PUBLISHER_H
#define COOP_ADMIN_PUBLISHER_H

#include "common/cli/settings.h"

/*
 * Publishes messages as they are, to the partition that the caller names, idempotently and
 * acknowledged by all replicas.
 */
struct publisher;

struct publisher_header {
    const char *name;
    const void *value; /**< NULL for none. */
    size_t length;
};

struct publication {
    const char *topic;
    int32_t partition;
    const void *key; /**< NULL for none; so is `value`. */
    size_t key_length;
    const void *value;
    size_t value_length;
    const struct publisher_header *headers;
    size_t header_count;
};

/** What has become of a publication; zeroed by the caller. */
struct publisher_answer {
    bool is_published;
    int64_t offset;
    int64_t published_us; /**< Kafka's timestamp, since 1970. */
    char failure[128];    /**< Why not; "" before an answer. */
};

/** A broker has the message this long after it was sent, or never. */
enum { PUBLISHER_TIMEOUT_S = 30 };

/** `settings` are borrowed. Asks no broker yet. NULL with ERROR_CONFIGURATION. */
struct publisher *publisher_open(const struct kafka_settings *settings, struct error *err);

/** What is still on its way is given up. */
void publisher_close(struct publisher *publisher);

/** The partition, of `count`, that a key falls to whoever publishes (docs/contract.md §3). */
int32_t publisher_partition(const void *key, size_t length, size_t count);

/**
 * Hands a message over, whose bytes are copied; waits while too many are on their way. The
 * answer is written at the latest when publisher_wait() has succeeded; till then, or till the
 * publisher is closed, it is borrowed.
 */
MUST_USE bool publisher_send(struct publisher *publisher, const struct publication *publication,
                             struct publisher_answer *answer, struct error *err);

/**
 * Waits until every message has its answer, little longer than PUBLISHER_TIMEOUT_S.
 *
 * @return false with ERROR_UNAVAILABLE where one is missing: close the publisher then.
 */
MUST_USE bool publisher_wait(struct publisher *publisher, struct error *err);

#endif
