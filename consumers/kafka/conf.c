#include "consumers/kafka/conf.h"

#include <stdio.h>
#include <string.h>

#include "common/kafka/client.h"

enum { QUEUED_KBYTES = 4096, QUEUED_KBYTES_A_LANE_MIN = 512 };

/*
 * The bounds keep the process under 64 MiB: a message in librdkafka's queue takes three times
 * its bytes, and the queue's bound counts for each lane. The assignor is range: the cooperative
 * one of 2.0.2 has faults.
 */
static const struct kafka_default defaults[] = {
    {"client.id", "coop-consumer", false, false},
    {"enable.auto.commit", "false", true, false},
    {"enable.auto.offset.store", "false", true, false},
    {"auto.offset.reset", "error", true, false},
    {"isolation.level", "read_committed", true, false},
    {"partition.assignment.strategy", "range", true, false},
    {"enable.partition.eof", "true", true, false},
    {"allow.auto.create.topics", "false", true, false},
    {"check.crcs", "true", false, false},
    {"queued.max.messages.kbytes", "", false, false}, /* See QUEUED_KBYTES. */
    {"queued.min.messages", "10000", false, false},
    {"fetch.message.max.bytes", "262144", false, false},
    {"fetch.max.bytes", "1048576", false, false},
    {"fetch.wait.max.ms", "50", false, false},
    {"fetch.queue.backoff.ms", "10", false, true},
    {"fetch.error.backoff.ms", "100", false, false},
    {"reconnect.backoff.max.ms", "2000", false, false},
    {"socket.nagle.disable", "true", false, false},
    {"socket.keepalive.enable", "true", false, false},
    {NULL, NULL, false, false},
};

/* The queue's bound counts for each lane: up to eight share 4 MiB, more have 512 KiB each. */
rd_kafka_conf_t *consumer_conf_new(const struct consumer_kind *kind, struct error *err)
{
    struct kafka_default own[ARRAY_LENGTH(defaults)];
    char kbytes[24];
    char reason[256];
    size_t share = QUEUED_KBYTES / kind->lane_count;

    if (share < QUEUED_KBYTES_A_LANE_MIN)
        share = QUEUED_KBYTES_A_LANE_MIN;
    snprintf(kbytes, sizeof(kbytes), "%zu", share);
    memcpy(own, defaults, sizeof(own));
    for (size_t i = 0; own[i].name; i++) {
        if (strcmp(own[i].name, "queued.max.messages.kbytes") == 0)
            own[i].value = kbytes;
    }
    rd_kafka_conf_t *conf = kafka_conf_new(kind->settings, own, err);
    if (!conf)
        return NULL;
    if (rd_kafka_conf_set(conf, "group.id", kind->group, reason, sizeof(reason))
        != RD_KAFKA_CONF_OK) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIGURATION, "option \"--group\": %s", reason);
        return NULL;
    }
    return conf;
}
