#ifndef COOP_CONSUMERS_KAFKA_WAKE_H
#define COOP_CONSUMERS_KAFKA_WAKE_H

#include <librdkafka/rdkafka.h>
#include <poll.h>

#include "common/base/error.h"

/* A pipe that becomes readable when something comes into a queue of librdkafka's; for poll(2). */
struct wake {
    rd_kafka_queue_t *queue; /**< Owned; NULL: not open. */
    int ends[2];
};

/** Takes the queue over, also on failure: false with ERROR_INTERNAL. */
MUST_USE bool wake_open(struct wake *wake, rd_kafka_queue_t *queue, struct error *err);
void wake_close(struct wake *wake);

/** Empties it; what comes after this wakes again. */
void wake_acknowledge(const struct wake *wake);

struct pollfd wake_poll(const struct wake *wake);

#endif
