#include "admin/kafka/logs.h"

#include <inttypes.h>
#include <stdlib.h>

#include "admin/kafka/cluster.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"

enum { WAIT_MS = 10000 };

struct logs {
    rd_kafka_t *client;
};

struct logs *logs_open(const struct kafka_settings *settings, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    struct logs *logs = memory_new(1, sizeof(*logs));

    logs->client = cluster_client_new(settings, err);
    if (logs->client && kafka_metadata(logs->client, settings, NULL, WAIT_MS, &metadata, err)) {
        rd_kafka_metadata_destroy(metadata);
        return logs;
    }
    logs_close(logs);
    return NULL;
}

void logs_close(struct logs *logs)
{
    if (logs && logs->client)
        rd_kafka_destroy(logs->client);
    free(logs);
}

bool logs_range(struct logs *logs, const char *topic, int32_t partition, int64_t *start,
                int64_t *end, struct error *err)
{
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(logs->client, topic, partition, start, end, WAIT_MS);

    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    return error_set(err, kafka_error_kind(code), "%s/%" PRId32 ": %s", topic, partition,
                     rd_kafka_err2str(code));
}
