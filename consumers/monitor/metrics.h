#ifndef COOP_CONSUMERS_MONITOR_METRICS_H
#define COOP_CONSUMERS_MONITOR_METRICS_H

#include "common/base/buffer.h"
#include "consumers/monitor/counters.h"

/* What the page of metrics is made of: numbers, as the loop has them now. All lists are borrowed.
 */

struct topic_metrics {
    const char *topic;
    struct lane_counts counts;
    bool has_newest;   /**< Something of the partitions that are ours is stored. */
    double newest_age; /**< Seconds since the newest of that was published. */
};

struct partition_metrics {
    const char *topic;
    int32_t partition;
    int64_t lag; /**< Messages in Kafka that are not stored yet. */
};

struct metrics {
    const char *kafka_version; /**< Of librdkafka. */
    int libpq_version;         /**< 150018 for 15.18. */
    const struct topic_metrics *topics;
    size_t topic_count;
    const struct partition_metrics *partitions; /**< Those that are ours. */
    size_t partition_count;
    struct counters counters; /**< Of all lanes together. */
    bool is_database_up;
    bool is_paused;
    int64_t held_partitions;
    int64_t rebalances;
    bool has_unfolded; /**< Something is known of it. */
    int64_t unfolded;
};

/** In Prometheus' text format; see docs/contract.md §6. False where `out` has no room. */
MUST_USE bool metrics_write(const struct metrics *metrics, struct buffer *out);

#endif
