#include "consumers/kafka/topics.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/kafka/client.h"

enum { METADATA_WAIT_MS = 10000 };

void topics_init(struct topics *topics, char *const *names, size_t count)
{
    *topics =
        (struct topics){.names = names,
                        .count = count,
                        .partition_counts = memory_new(count, sizeof(*topics->partition_counts))};
}

void topics_free(struct topics *topics)
{
    free(topics->partition_counts);
    *topics = (struct topics){0};
}

size_t topics_find(const struct topics *topics, const char *name)
{
    size_t place = 0;

    while (place < topics->count && strcmp(topics->names[place], name) != 0)
        place++;
    assert(place < topics->count);
    return place;
}

/* A topic that is missing, or may not be read, is told by name before anything else is. */
static bool look_up(struct topics *topics, size_t topic, rd_kafka_t *client,
                    const struct kafka_settings *settings, struct error *err)
{
    const char *name = topics->names[topic];
    const struct rd_kafka_metadata *metadata = NULL;
    bool ok = false;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, name, NULL);

    if (!handle)
        return error_set(err, ERROR_CONFIGURATION, "\"%s\" is not a name of a topic", name);
    if (!kafka_metadata(client, settings, handle, METADATA_WAIT_MS, &metadata, err))
        goto done;
    const struct rd_kafka_metadata_topic *found = &metadata->topics[0];
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR || found->partition_cnt == 0) {
        kafka_topic_error(name, "read", found->err, "--route", err);
        goto done;
    }
    topics->partition_counts[topic] = (size_t)found->partition_cnt;
    ok = true;
done:
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return ok;
}

bool topics_look_up(struct topics *topics, rd_kafka_t *client,
                    const struct kafka_settings *settings, struct error *err)
{
    for (size_t i = 0; i < topics->count; i++) {
        if (!look_up(topics, i, client, settings, err))
            return false;
    }
    return true;
}
