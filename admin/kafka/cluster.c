#include "admin/kafka/cluster.h"

#include <string.h>

#include "common/kafka/client.h"

char *const own_topics[OWN_TOPICS] = {(char *)"coop.outreach.v1", (char *)"coop.agreement.v1",
                                      (char *)"coop.training.v1"};

rd_kafka_t *cluster_client_new(const struct kafka_settings *settings, struct error *err)
{
    static const struct kafka_default defaults[] = {
        {"client.id", "coop-admin", false, false},
        {NULL, NULL, false, false},
    };
    rd_kafka_conf_t *conf = kafka_conf_new(settings, defaults, err);

    return conf ? kafka_client_new(RD_KAFKA_PRODUCER, conf, err) : NULL;
}

const struct rd_kafka_metadata_topic *cluster_topic(const struct rd_kafka_metadata *metadata,
                                                    const char *topic)
{
    for (int i = 0; i < metadata->topic_cnt; i++) {
        if (strcmp(metadata->topics[i].topic, topic) == 0)
            return &metadata->topics[i];
    }
    return NULL;
}
