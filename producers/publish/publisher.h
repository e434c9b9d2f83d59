#ifndef COOP_PRODUCERS_PUBLISHER_H
#define COOP_PRODUCERS_PUBLISHER_H

#include "common/cli/settings.h"
#include "producers/input/event.h"

/*
 * Publishes events and waits until every one is acknowledged. Idempotent within a run; over
 * several runs the event ids are what makes a repeat harmless.
 */
struct publisher;

struct publisher_settings {
    const struct kafka_settings *kafka; /**< All borrowed. */
    const char *program;
    const char *topic;
    const char *type; /**< ce_type */
    int64_t delivery_timeout_s;
    const char *receipts_path; /**< NULL for none. */
};

struct publisher_counts {
    int64_t published;
    int64_t acknowledged;
};

/** Connects; ERROR_UNAVAILABLE without a broker, ERROR_CONFIGURATION without the topic. */
struct publisher *publisher_new(const struct publisher_settings *settings, struct error *err);
void publisher_free(struct publisher *publisher);

/** Hands an event over; waits while too many are on their way. `line` goes to the receipt. */
MUST_USE bool publisher_send(struct publisher *publisher, const struct event *event, int64_t line,
                             struct error *err);

/**
 * Takes what has been acknowledged, without waiting, and brings the receipts to their file.
 * To be called before each wait for input.
 *
 * @return Is there more to come, so that the next call should not be long?
 */
bool publisher_serve(struct publisher *publisher);

/**
 * An event was not acknowledged in time, or a receipt not written: publishing more helps
 * nobody. publisher_finish() says what it was.
 */
bool publisher_has_failed(const struct publisher *publisher);

/**
 * Waits until everything is acknowledged, or the delivery time-out has passed.
 *
 * @return false with ERROR_UNAVAILABLE where something was not, ERROR_IO where a receipt
 *         could not be written.
 */
MUST_USE bool publisher_finish(struct publisher *publisher, struct error *err);

const struct publisher_counts *publisher_counts(const struct publisher *publisher);

#endif
