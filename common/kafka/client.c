#include "common/kafka/client.h"

#include <stdio.h>
#include <string.h>

#include "common/base/log.h"

/*
 * What librdkafka has complained of last: its calls only say "timed out" or "no broker". A
 * program has one client, and the callback runs in its own thread, in rd_kafka_poll().
 */
static struct {
    bool is_refused; /* User, password or rights: waiting cannot help. */
    bool is_outage;  /* No broker is left that answers; not yet asked for. */
    char reason[256];
} complaint;

/* Where librdkafka's words mislead: a foreign server's greeting is read as a size, and so on. */
static const struct {
    const char *theirs;
    const char *ours;
} translations[] = {
    {"Invalid response size", "what answers there is no Kafka broker"},
    {"ApiVersionRequest failed", "the connection is taken, but not answered as a broker does"},
    {"unexpected eof while reading", "the TLS handshake failed: does the broker speak TLS there?"},
    {"wrong version number", "the TLS handshake failed: does the broker speak TLS there?"},
};

/* "sasl_ssl://h:1/bootstrap: Connect to h:1 failed: refused (after 2ms in state …)": the middle. */
static void note_complaint(rd_kafka_t *client, int code, const char *reason, void *opaque)
{
    const char *colon = strstr(reason, ": ");
    const char *start = colon && memchr(reason, '/', (size_t)(colon - reason)) ? colon + 2 : reason;
    const char *after = strstr(start, " (after ");
    size_t length = after ? (size_t)(after - start) : strlen(start);

    (void)client;
    (void)opaque;
    log_debug("librdkafka: %s", reason);
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        complaint.is_outage = true;
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(translations); i++) {
        if (strstr(reason, translations[i].theirs)) {
            start = translations[i].ours;
            length = strlen(start);
        }
    }
    complaint.is_refused = kafka_error_kind((rd_kafka_resp_err_t)code) == ERROR_NOT_AUTHORISED;
    snprintf(complaint.reason, sizeof(complaint.reason), "%.*s", (int)length, start);
}

const char *kafka_take_outage(void)
{
    bool is_outage = complaint.is_outage;

    complaint.is_outage = false;
    return is_outage ? complaint.reason : NULL;
}

/*
 * librdkafka calls much an error that it then mends by itself, such as a broker that is away
 * for a second; what really fails reaches us as an error code and is told once, by us.
 */
static void forward_log(const rd_kafka_t *client, int level, const char *facility,
                        const char *message)
{
    (void)client;
    (void)level;
    log_debug("librdkafka %s: %s", facility, message);
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
    rd_kafka_conf_set_error_cb(conf, note_complaint);
    complaint.reason[0] = '\0';
    complaint.is_refused = false;
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

rd_kafka_resp_err_t kafka_produce(rd_kafka_t *client, rd_kafka_vu_t *arguments, size_t count,
                                  rd_kafka_headers_t *headers)
{
    rd_kafka_error_t *error = rd_kafka_produceva(client, arguments, count);
    rd_kafka_resp_err_t code = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;

    /* On success librdkafka has taken the headers over. */
    if (error)
        rd_kafka_headers_destroy(headers);
    rd_kafka_error_destroy(error);
    return code;
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
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        return ERROR_CONFIGURATION;
    default:
        return ERROR_UNAVAILABLE;
    }
}

bool kafka_topic_error(const char *topic, const char *verb, rd_kafka_resp_err_t code,
                       const char *option, struct error *err)
{
    enum error_kind kind = kafka_error_kind(code);

    if (kind == ERROR_NOT_AUTHORISED)
        return error_set(err, kind, "topic \"%s\" cannot be %s: %s; grant it to this user", topic,
                         verb, rd_kafka_err2str(code));
    return error_set(err, kind,
                     "topic \"%s\" cannot be %s: %s; make it with coop-admin topics, or mend %s",
                     topic, verb, rd_kafka_err2str(code), option);
}

static bool refused(const struct kafka_settings *settings, const char *reason, struct error *err)
{
    return error_set(err, ERROR_NOT_AUTHORISED,
                     "Kafka at \"%s\" refuses us: %s; mend sasl.username and sasl.password (-X)",
                     settings->brokers, reason);
}

bool kafka_metadata(rd_kafka_t *client, const struct kafka_settings *settings,
                    rd_kafka_topic_t *topic, int timeout_ms, const struct rd_kafka_metadata **out,
                    struct error *err)
{
    rd_kafka_resp_err_t code = rd_kafka_metadata(client, topic == NULL, topic, out, timeout_ms);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    rd_kafka_poll(client, 0); /* Hears the complaints. */
    if (complaint.is_refused || kafka_error_kind(code) == ERROR_NOT_AUTHORISED)
        return refused(settings, complaint.is_refused ? complaint.reason : rd_kafka_err2str(code),
                       err);
    return error_set(err, kafka_error_kind(code),
                     "could not reach Kafka at \"%s\": %s; are address, port and "
                     "security.protocol right, and is it running?",
                     settings->brokers,
                     complaint.reason[0]                    ? complaint.reason
                     : code == RD_KAFKA_RESP_ERR__TRANSPORT ? "no broker answers"
                                                            : rd_kafka_err2str(code));
}

const char *kafka_library_version(void)
{
    return rd_kafka_version_str();
}
