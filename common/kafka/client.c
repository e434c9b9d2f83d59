#include "common/kafka/client.h"

#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

static void forward_log(const rd_kafka_t *client, int level, const char *facility,
                        const char *message)
{
    (void)client;
    /*
     * syslog levels. librdkafka calls much an error that it then mends by itself, such as a
     * broker that is away for a second; what really fails reaches us as an error code.
     */
    enum log_level ours = level <= 2 ? LOG_LEVEL_ERROR : LOG_LEVEL_DEBUG;

    log_line(ours, "librdkafka %s: %s", facility, message);
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *err)
{
    char reason[512];

    if (rd_kafka_conf_set(conf, name, value, reason, sizeof(reason)) != RD_KAFKA_CONF_OK)
        return error_set(err, ERROR_CONFIGURATION, "%s", reason);
    return true;
}

static bool is_known(const rd_kafka_conf_t *conf, const char *name)
{
    size_t size = 0;

    return rd_kafka_conf_get(conf, name, NULL, &size) == RD_KAFKA_CONF_OK;
}

static bool is_fixed(const struct kafka_default *defaults, const char *name)
{
    for (const struct kafka_default *row = defaults; row->name; row++) {
        if (row->is_fixed && strcmp(row->name, name) == 0)
            return true;
    }
    return false;
}

/* A value may be a password: no message holds it. */
static bool set_pair(rd_kafka_conf_t *conf, const struct kafka_default *defaults, const char *pair,
                     struct error *err)
{
    char name[256];
    const char *sign = strchr(pair, '=');

    if (!sign || sign == pair || sign - pair >= (ptrdiff_t)sizeof(name))
        return error_set(err, ERROR_CONFIGURATION, "option \"-X\": expected NAME=VALUE");
    memcpy(name, pair, (size_t)(sign - pair));
    name[sign - pair] = '\0';
    if (is_fixed(defaults, name))
        return error_set(err, ERROR_CONFIGURATION,
                         "\"%s\" cannot be changed: no loss and no double count rest on it", name);
    switch (rd_kafka_conf_set(conf, name, sign + 1, NULL, 0)) {
    case RD_KAFKA_CONF_OK:
        return true;
    case RD_KAFKA_CONF_UNKNOWN:
        return error_set(err, ERROR_CONFIGURATION, "librdkafka %s has no setting \"%s\"",
                         rd_kafka_version_str(), name);
    case RD_KAFKA_CONF_INVALID:
        break;
    }
    return error_set(err, ERROR_CONFIGURATION, "librdkafka refuses this value of \"%s\"", name);
}

rd_kafka_conf_t *kafka_conf_new(const struct kafka_settings *settings,
                                const struct kafka_default *defaults, struct error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set_log_cb(conf, forward_log);
    if (!set(conf, "bootstrap.servers", settings->brokers, err))
        goto failed;
    for (const struct kafka_default *row = defaults; row->name; row++) {
        if (row->is_optional && !is_known(conf, row->name))
            continue;
        if (!set(conf, row->name, row->value, err))
            goto failed;
    }
    for (size_t i = 0; i < settings->properties.count; i++) {
        if (!set_pair(conf, defaults, settings->properties.items[i], err))
            goto failed;
    }
    return conf;

failed:
    rd_kafka_conf_destroy(conf);
    return NULL;
}

rd_kafka_t *kafka_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, struct error *err)
{
    char reason[512];
    rd_kafka_t *client = rd_kafka_new(type, conf, reason, sizeof(reason));

    if (!client) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIGURATION, "could not start the Kafka client: %s", reason);
    }
    return client;
}

enum error_kind kafka_error_kind(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        return ERROR_NOT_AUTHORISED;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        return ERROR_CONFIGURATION;
    default:
        return ERROR_UNAVAILABLE;
    }
}

bool kafka_metadata(rd_kafka_t *client, const struct kafka_settings *settings,
                    rd_kafka_topic_t *topic, int timeout_ms, const struct rd_kafka_metadata **out,
                    struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_metadata(client, topic == NULL, topic, out, timeout_ms);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    return error_set(err, kafka_error_kind(code), "could not reach Kafka at \"%s\": %s",
                     settings->brokers,
                     code == RD_KAFKA_RESP_ERR__TRANSPORT
                         ? "no broker answers; are address and port right, and is it running?"
                         : rd_kafka_err2str(code));
}
