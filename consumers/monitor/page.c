#include "consumers/monitor/page.h"

#include <inttypes.h>

#include "common/base/clock.h"
#include "common/kafka/client.h"
#include "common/postgres/connection.h"

/*
 * Names, units and help as https://prometheus.io/docs/practices/naming asks: promtool check
 * metrics has nothing to say. Topics and SQLSTATEs need no escapes: Kafka and PostgreSQL allow
 * no quotes in them.
 */

static bool head(struct buffer *out, const char *name, const char *type, const char *help)
{
    return buffer_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static bool write_build(struct buffer *out)
{
    int libpq = connection_library_version();

    return head(out, "coop_build_info", "gauge", "Versions of the program and its libraries.")
           && buffer_append_format(
               out, "coop_build_info{version=\"%s\",librdkafka=\"%s\",libpq=\"%d.%d\"} 1\n",
               COOP_VERSION, kafka_library_version(), libpq / 10000, libpq % 10000);
}

static bool write_events(const struct page_view *view, struct buffer *out)
{
    bool ok = head(out, "coop_events_total", "counter",
                   "Messages taken in, by topic and what became of them.");

    for (size_t i = 0; ok && i < view->routes->count; i++) {
        struct lane_counts counts = lanes_counts(view->lanes, view->lane_count, i);
        const char *topic = view->routes->items[i].topic;
        const struct {
            const char *outcome;
            int64_t number;
        } outcomes[] = {{"stored", counts.stored},
                        {"duplicate", counts.duplicates},
                        {"rejected", counts.rejects}};

        for (size_t j = 0; ok && j < 3; j++)
            ok = buffer_append_format(
                out, "coop_events_total{topic=\"%s\",outcome=\"%s\"} %" PRId64 "\n", topic,
                outcomes[j].outcome, outcomes[j].number);
    }
    return ok;
}

static bool is_ours(const struct partition *partition)
{
    return partition->state != PARTITION_IDLE && partition->state != PARTITION_CLAIMING;
}

static int64_t lag(const struct page_view *view, const struct partition *partition)
{
    int64_t end = source_log_end(view->source, partition->route->number, partition->number);

    if (end < partition->log_end)
        end = partition->log_end;
    return end > partition->position ? end - partition->position : 0;
}

static bool write_lag(const struct page_view *view, struct buffer *out)
{
    bool ok = head(out, "coop_lag_events", "gauge",
                   "Messages in Kafka that are not stored yet, of the partitions that are ours.");

    for (size_t i = 0; i < view->routes->count; i++) {
        const struct route *route = &view->routes->items[i];

        for (size_t j = 0; ok && j < route->partition_count; j++) {
            const struct partition *partition = route->partitions[j];

            if (is_ours(partition))
                ok = buffer_append_format(
                    out, "coop_lag_events{topic=\"%s\",partition=\"%" PRId32 "\"} %" PRId64 "\n",
                    route->topic, partition->number, lag(view, partition));
        }
    }
    return ok;
}

/* Of the partitions that are ours the latest message; -1: none is stored. */
static int64_t newest_us(const struct route *route)
{
    int64_t newest = -1;

    for (size_t i = 0; i < route->partition_count; i++) {
        const struct partition *partition = route->partitions[i];

        if (is_ours(partition) && partition->has_last_published
            && partition->last_published_us > newest)
            newest = partition->last_published_us;
    }
    return newest;
}

static bool write_ages(const struct page_view *view, struct buffer *out)
{
    int64_t now_us = clock_now_us();
    bool ok =
        head(out, "coop_newest_event_age_seconds", "gauge",
             "Since the newest stored message was published, of the partitions that are ours.");

    for (size_t i = 0; ok && i < view->routes->count; i++) {
        int64_t newest = newest_us(&view->routes->items[i]);

        if (newest >= 0)
            ok =
                buffer_append_format(out, "coop_newest_event_age_seconds{topic=\"%s\"} %.3f\n",
                                     view->routes->items[i].topic, (double)(now_us - newest) / 1e6);
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

static bool write_tally(const struct page_view *view, struct buffer *out)
{
    struct tally tally;

    tally_init(&tally);
    for (size_t i = 0; i < view->lane_count; i++)
        tally_add(&tally, lane_tally(view->lanes[i]));
    bool ok = write_histogram(out, "coop_batch_rows", "Messages a batch.", &tally.batch_rows)
              && write_histogram(out, "coop_commit_seconds",
                                 "From sending a batch to its commit in PostgreSQL.",
                                 &tally.commit_seconds)
              && head(out, "coop_retries_total", "counter",
                      "Attempts that PostgreSQL or the network has cut short, by SQLSTATE.");

    for (size_t i = 0; ok && i < tally.outage_count; i++)
        ok = buffer_append_format(out, "coop_retries_total{sqlstate=\"%s\"} %" PRId64 "\n",
                                  tally.outages[i].sqlstate, tally.outages[i].retries);
    return ok;
}

static bool write_number(struct buffer *out, const char *name, const char *type, const char *help,
                         int64_t number)
{
    return head(out, name, type, help)
           && buffer_append_format(out, "%s %" PRId64 "\n", name, number);
}

static int64_t count_held(const struct routes *routes)
{
    int64_t held = 0;

    for (size_t i = 0; i < routes->count; i++) {
        for (size_t j = 0; j < routes->items[i].partition_count; j++)
            held += routes->items[i].partitions[j]->state == PARTITION_HELD;
    }
    return held;
}

static bool is_database_up(const struct page_view *view)
{
    for (size_t i = 0; i < view->lane_count; i++) {
        if (!lane_is_connected(view->lanes[i]))
            return false;
    }
    return true;
}

bool page_write(const struct page_view *view, struct buffer *out)
{
    buffer_clear(out);
    return write_build(out) && write_events(view, out) && write_lag(view, out)
           && write_ages(view, out) && write_tally(view, out)
           && write_number(out, "coop_database_up", "gauge",
                           "1 while every lane is connected to PostgreSQL.", is_database_up(view))
           && write_number(out, "coop_paused", "gauge",
                           "1 while nothing is read because nothing can be written.",
                           view->is_paused)
           && write_number(out, "coop_held_partitions", "gauge",
                           "Partitions of ours that stand still until somebody acts.",
                           count_held(view->routes))
           && write_number(out, "coop_rebalances_total", "counter",
                           "How often the group has given us partitions.", view->rebalances)
           && (folds_behind(view->folds) < 0
               || write_number(out, "coop_unfolded_events", "gauge",
                               "Stored messages that are not in the reports yet.",
                               folds_behind(view->folds)));
}
