#include "consumers/watch.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/kafka/client.h"
#include "common/postgres/connection.h"
#include "consumers/monitor/metrics.h"

enum { PUBLISH_EVERY_MS = 1000 };

void watch_init(struct watch *watch, struct http *http)
{
    *watch = (struct watch){.http = http};
    buffer_init(&watch->page, METRICS_BYTES_MAX);
}

void watch_free(struct watch *watch)
{
    buffer_free(&watch->page);
}

static bool is_ours(const struct partition *partition)
{
    return partition->state != PARTITION_FREE && partition->state != PARTITION_CLAIMING;
}

static int64_t lag_of(const struct watch_view *view, const struct partition *partition)
{
    int64_t end = source_log_end(view->source, partition->route->number, partition->number);

    if (end < partition->log_end)
        end = partition->log_end;
    return end > partition->position ? end - partition->position : 0;
}

static struct topic_metrics topic_of(const struct watch_view *view, size_t topic)
{
    int64_t newest_us = -1;

    for (size_t i = 0; i < view->partitions->counts[topic]; i++) {
        const struct partition *partition = view->partitions->by_topic[topic][i];

        if (is_ours(partition) && partition->last_published_us > newest_us)
            newest_us = partition->last_published_us;
    }
    return (struct topic_metrics){.topic = view->partitions->routes->items[topic].topic,
                                  .counts = lanes_counts(view->lanes, topic),
                                  .has_newest = newest_us >= 0,
                                  .newest_age = (double)(view->now_us - newest_us) / 1e6};
}

static void add_partitions(const struct watch_view *view, size_t topic,
                           struct partition_metrics *partitions, struct metrics *metrics)
{
    for (size_t i = 0; i < view->partitions->counts[topic]; i++) {
        const struct partition *partition = view->partitions->by_topic[topic][i];

        metrics->held_partitions += partition->state == PARTITION_HELD;
        if (is_ours(partition))
            partitions[metrics->partition_count++] =
                (struct partition_metrics){.topic = partition->route->topic,
                                           .partition = partition->number,
                                           .lag = lag_of(view, partition)};
    }
}

static void add_lanes(const struct watch_view *view, struct metrics *metrics)
{
    counters_init(&metrics->counters);
    for (size_t i = 0; i < view->lanes->count; i++)
        counters_add(&metrics->counters, lane_counters(view->lanes->each[i]));
    metrics->is_database_up = lanes_connected(view->lanes) == view->lanes->count;
}

static void publish(struct watch *watch, const struct watch_view *view)
{
    size_t topic_count = view->partitions->routes->count;
    size_t partition_count = 0;

    for (size_t i = 0; i < topic_count; i++)
        partition_count += view->partitions->counts[i];

    struct topic_metrics *topics = memory_new(topic_count, sizeof(*topics));
    struct partition_metrics *partitions = memory_new(partition_count, sizeof(*partitions));
    struct metrics metrics = {.kafka_version = kafka_library_version(),
                              .libpq_version = connection_library_version(),
                              .topics = topics,
                              .topic_count = topic_count,
                              .partitions = partitions,
                              .is_paused = view->is_paused,
                              .rebalances = view->membership->rebalances};
    for (size_t i = 0; i < topic_count; i++) {
        topics[i] = topic_of(view, i);
        add_partitions(view, i, partitions, &metrics);
    }
    add_lanes(view, &metrics);
    metrics.has_unfolded = folds_behind(view->folds, &metrics.unfolded);
    if (metrics_write(&metrics, &watch->page))
        http_publish(watch->http, &watch->page);
    else
        log_debug("the metrics are longer than %d bytes", METRICS_BYTES_MAX);
    free(topics);
    free(partitions);
}

/* Why nothing is read and written now; NULL: it is. */
static const char *unready(const struct watch_view *view)
{
    if (view->is_stopping)
        return "stopping";
    if (view->membership->count == 0)
        return "the group has given us no partition";
    if (lanes_connected(view->lanes) == 0)
        return "not connected to PostgreSQL";
    if (!lanes_are_claimed(view->lanes))
        return "claiming partitions";
    return view->is_paused ? "reading is paused: PostgreSQL does not keep up" : NULL;
}

void watch_tell(struct watch *watch, const struct watch_view *view, int64_t now_ms)
{
    if (!watch->http)
        return;
    http_beat(watch->http, unready(view));
    if (now_ms < watch->publish_at_ms)
        return;
    publish(watch, view);
    watch->publish_at_ms = now_ms + PUBLISH_EVERY_MS;
}
