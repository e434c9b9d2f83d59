#ifndef COOP_KAFKA_CLIENT_H
#define COOP_KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>

#include "common/base/error.h"
#include "common/cli/settings.h"

/* What every client of Kafka in this project has in common. */

struct kafka_default {
    const char *name;
    const char *value;
    bool is_fixed;    /**< Our promises rest on it: -X may not change it. */
    bool is_optional; /**< Older versions of librdkafka do not know it. */
};

/**
 * A configuration with the brokers, `defaults` (a NULL name ends them) and then what the
 * user gave by -X. librdkafka's log goes to ours. The caller owns the result.
 *
 * @return NULL with ERROR_CONFIGURATION where librdkafka refuses a setting, or where the
 *         user sets a fixed one.
 */
rd_kafka_conf_t *kafka_conf_new(const struct kafka_settings *settings,
                                const struct kafka_default *defaults, struct error *err);

/**
 * A client made from `conf`, which it takes over, also on failure.
 *
 * @return NULL with ERROR_CONFIGURATION.
 */
rd_kafka_t *kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct error *err);

/**
 * Why no broker answers any more, if that has come to be since the last call; else NULL. For
 * programs that wait until one is back. Good until the next call of librdkafka.
 */
const char *kafka_take_outage(void);

/**
 * Hands a message over, once: RD_KAFKA_RESP_ERR__QUEUE_FULL means that too many are on their
 * way. `headers`, which the arguments name, too, are librdkafka's afterwards, or freed.
 */
rd_kafka_resp_err_t kafka_produce(rd_kafka_t *client, rd_kafka_vu_t *arguments, size_t count,
                                  rd_kafka_headers_t *headers);

/** What an error code of librdkafka means for the program that meets it. */
enum error_kind kafka_error_kind(rd_kafka_resp_err_t code);

/**
 * Why a topic cannot be "read" or "written to" (`verb`), and what to do about it: grant, make
 * it, or mend `option`. Always false.
 */
bool kafka_topic_error(const char *topic, const char *verb, rd_kafka_resp_err_t code,
                       const char *option, struct error *err);

/**
 * Asks the brokers for the topic, or for all topics where `topic` is NULL. Waits at most
 * `timeout_ms`. The caller owns *out (rd_kafka_metadata_destroy).
 *
 * @return false with ERROR_UNAVAILABLE or ERROR_NOT_AUTHORISED, naming the brokers and why
 *         they do not answer; a topic that is not there is no failure, its metadata carry
 *         the error code.
 */
MUST_USE bool kafka_metadata(rd_kafka_t *client, const struct kafka_settings *settings,
                             rd_kafka_topic_t *topic, int timeout_ms,
                             const struct rd_kafka_metadata **out, struct error *err);

/** Version of librdkafka, as it is linked now. */
const char *kafka_library_version(void);

#endif
