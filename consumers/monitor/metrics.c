#include "consumers/monitor/metrics.h"

#include <inttypes.h>

#include "common/base/compiler.h"

/*
 * Names, units and help as https://prometheus.io/docs/practices/naming asks: promtool check
 * metrics has nothing to say. Topics and SQLSTATEs need no escapes: Kafka and PostgreSQL allow
 * no quotes in them.
 */

static bool head(struct buffer *out, const char *name, const char *type, const char *help)
{
    return buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static bool write_build(const struct metrics *metrics, struct buffer *out)
{
    int libpq = metrics->libpq_version;

    return head(out, "coop_build_info", "gauge", "Versions of the program and its libraries.")
           && buffer_append_format(
               out, "coop_build_info{version=\"%s\",librdkafka=\"%s\",libpq=\"%d.%d\"} 1\n",
               COOP_VERSION, metrics->kafka_version, libpq / 10000, libpq % 10000);
}

static bool write_events(const struct metrics *metrics, struct buffer *out)
{
    bool ok = head(out, "coop_events_total", "counter",
                   "Messages taken in, by topic and what became of them.");

    for (size_t i = 0; ok && i < metrics->topic_count; i++) {
        const struct topic_metrics *topic = &metrics->topics[i];
        const struct {
            const char *outcome;
            int64_t number;
        } outcomes[] = {{"stored", topic->counts.stored},
                        {"duplicate", topic->counts.duplicates},
                        {"rejected", topic->counts.rejects}};

        for (size_t j = 0; ok && j < ARRAY_LENGTH(outcomes); j++)
            ok = buffer_append_format(
                out, "coop_events_total{topic=\"%s\",outcome=\"%s\"} %" PRId64 "\n", topic->topic,
                outcomes[j].outcome, outcomes[j].number);
    }
    return ok;
}

static bool write_lag(const struct metrics *metrics, struct buffer *out)
{
    bool ok = head(out, "coop_lag_events", "gauge",
                   "Messages in Kafka that are not stored yet, of the partitions that are ours.");

    for (size_t i = 0; ok && i < metrics->partition_count; i++) {
        const struct partition_metrics *partition = &metrics->partitions[i];

        ok = buffer_append_format(
            out, "coop_lag_events{topic=\"%s\",partition=\"%" PRId32 "\"} %" PRId64 "\n",
            partition->topic, partition->partition, partition->lag);
    }
    return ok;
}

static bool write_ages(const struct metrics *metrics, struct buffer *out)
{
    bool ok =
        head(out, "coop_newest_event_age_seconds", "gauge",
             "Since the newest stored message was published, of the partitions that are ours.");

    for (size_t i = 0; ok && i < metrics->topic_count; i++) {
        const struct topic_metrics *topic = &metrics->topics[i];

        if (topic->has_newest)
            ok = buffer_append_format(out, "coop_newest_event_age_seconds{topic=\"%s\"} %.3f\n",
                                      topic->topic, topic->newest_age);
    }
    return ok;
}

static bool write_histogram(struct buffer *out, const char *name, const char *help,
                            const struct histogram *histogram)
{
    bool ok = head(out, name, "histogram", help);
    int64_t up_to = 0;

    for (size_t i = 0; ok && i < histogram->bound_count; i++) {
        up_to += histogram->counts[i];
        ok = buffer_append_format(out, "%s_bucket{le=\"%g\"} %" PRId64 "\n", name,
                                  histogram->bounds[i], up_to);
    }
    up_to += histogram->counts[histogram->bound_count];
    return ok
           && buffer_append_format(
               out, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n%s_sum %.9g\n%s_count %" PRId64 "\n", name,
               up_to, name, histogram->sum, name, up_to);
}

static bool write_counters(const struct counters *counters, struct buffer *out)
{
    bool ok = write_histogram(out, "coop_batch_rows", "Messages a batch.", &counters->batch_rows)
              && write_histogram(out, "coop_commit_seconds",
                                 "From sending a batch to its commit in PostgreSQL.",
                                 &counters->commit_seconds)
              && head(out, "coop_retries_total", "counter",
                      "Attempts that PostgreSQL or the network has cut short, by SQLSTATE.");

    for (size_t i = 0; ok && i < counters->outage_count; i++)
        ok = buffer_append_format(out, "coop_retries_total{sqlstate=\"%s\"} %" PRId64 "\n",
                                  counters->outages[i].sqlstate, counters->outages[i].retries);
    return ok;
}

static bool write_number(struct buffer *out, const char *name, const char *type, const char *help,
                         int64_t number)
{
    return head(out, name, type, help)
           && buffer_append_format(out, "%s %" PRId64 "\n", name, number);
}

bool metrics_write(const struct metrics *metrics, struct buffer *out)
{
    buffer_clear(out);
    return write_build(metrics, out) && write_events(metrics, out) && write_lag(metrics, out)
           && write_ages(metrics, out) && write_counters(&metrics->counters, out)
           && write_number(out, "coop_database_up", "gauge",
                           "1 while every lane is connected to PostgreSQL.",
                           metrics->is_database_up)
           && write_number(out, "coop_paused", "gauge",
                           "1 while nothing is read because nothing can be written.",
                           metrics->is_paused)
           && write_number(out, "coop_held_partitions", "gauge",
                           "Partitions of ours that stand still until somebody acts.",
                           metrics->held_partitions)
           && write_number(out, "coop_rebalances_total", "counter",
                           "How often the group has given us partitions.", metrics->rebalances)
           && (!metrics->has_unfolded
               || write_number(out, "coop_unfolded_events", "gauge",
                               "Stored messages that are not in the reports yet.",
                               metrics->unfolded));
}
