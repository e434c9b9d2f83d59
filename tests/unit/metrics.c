/* The whole page, as docs/contract.md, section 6, has it. */
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "consumers/monitor/metrics.h"

#define HEAD(name, type, help) "# HELP " name " " help "\n# TYPE " name " " type "\n"
#define BUILD                                                                                      \
    HEAD("coop_build_info", "gauge", "Versions of the program and its libraries.")                 \
    "coop_build_info{version=\"" COOP_VERSION "\",librdkafka=\"2.0.2\",libpq=\"15.18\"} 1\n"
#define EVENTS                                                                                     \
    HEAD("coop_events_total", "counter", "Messages taken in, by topic and what became of them.")
#define LAG                                                                                        \
    HEAD("coop_lag_events", "gauge",                                                               \
         "Messages in Kafka that are not stored yet, of the partitions that are ours.")
#define AGE                                                                                        \
    HEAD("coop_newest_event_age_seconds", "gauge",                                                 \
         "Since the newest stored message was published, of the partitions that are ours.")
#define ROWS_HEAD HEAD("coop_batch_rows", "histogram", "Messages a batch.")
#define SECONDS_HEAD                                                                               \
    HEAD("coop_commit_seconds", "histogram", "From sending a batch to its commit in PostgreSQL.")
#define RETRIES                                                                                    \
    HEAD("coop_retries_total", "counter",                                                          \
         "Attempts that PostgreSQL or the network has cut short, by SQLSTATE.")
#define UP HEAD("coop_database_up", "gauge", "1 while every lane is connected to PostgreSQL.")
#define PAUSED                                                                                     \
    HEAD("coop_paused", "gauge", "1 while nothing is read because nothing can be written.")
#define HELD                                                                                       \
    HEAD("coop_held_partitions", "gauge",                                                          \
         "Partitions of ours that stand still until somebody acts.")
#define REBALANCES                                                                                 \
    HEAD("coop_rebalances_total", "counter", "How often the group has given us partitions.")
#define UNFOLDED                                                                                   \
    HEAD("coop_unfolded_events", "gauge", "Stored messages that are not in the reports yet.")

static const char full_page[] = BUILD EVENTS
    "coop_events_total{topic=\"a.v1\",outcome=\"stored\"} 9223372036854775807\n"
    "coop_events_total{topic=\"a.v1\",outcome=\"duplicate\"} 2\n"
    "coop_events_total{topic=\"a.v1\",outcome=\"rejected\"} 3\n"
    "coop_events_total{topic=\"b.v1\",outcome=\"stored\"} 0\n"
    "coop_events_total{topic=\"b.v1\",outcome=\"duplicate\"} 0\n"
    "coop_events_total{topic=\"b.v1\",outcome=\"rejected\"} 0\n" LAG
    "coop_lag_events{topic=\"a.v1\",partition=\"0\"} 0\n"
    "coop_lag_events{topic=\"b.v1\",partition=\"11\"} 12345678901\n" AGE
    "coop_newest_event_age_seconds{topic=\"a.v1\"} 1.500\n" ROWS_HEAD
    "coop_batch_rows_bucket{le=\"1\"} 1\n"
    "coop_batch_rows_bucket{le=\"10\"} 1\n"
    "coop_batch_rows_bucket{le=\"100\"} 1\n"
    "coop_batch_rows_bucket{le=\"500\"} 2\n"
    "coop_batch_rows_bucket{le=\"1000\"} 2\n"
    "coop_batch_rows_bucket{le=\"2500\"} 2\n"
    "coop_batch_rows_bucket{le=\"5000\"} 2\n"
    "coop_batch_rows_bucket{le=\"10000\"} 2\n"
    "coop_batch_rows_bucket{le=\"100000\"} 2\n"
    "coop_batch_rows_bucket{le=\"+Inf\"} 3\n"
    "coop_batch_rows_sum 200501\n"
    "coop_batch_rows_count 3\n" SECONDS_HEAD "coop_commit_seconds_bucket{le=\"0.001\"} 0\n"
    "coop_commit_seconds_bucket{le=\"0.0025\"} 0\n"
    "coop_commit_seconds_bucket{le=\"0.005\"} 1\n"
    "coop_commit_seconds_bucket{le=\"0.01\"} 1\n"
    "coop_commit_seconds_bucket{le=\"0.025\"} 1\n"
    "coop_commit_seconds_bucket{le=\"0.05\"} 1\n"
    "coop_commit_seconds_bucket{le=\"0.1\"} 2\n"
    "coop_commit_seconds_bucket{le=\"0.25\"} 2\n"
    "coop_commit_seconds_bucket{le=\"0.5\"} 2\n"
    "coop_commit_seconds_bucket{le=\"1\"} 2\n"
    "coop_commit_seconds_bucket{le=\"2.5\"} 2\n"
    "coop_commit_seconds_bucket{le=\"5\"} 2\n"
    "coop_commit_seconds_bucket{le=\"10\"} 2\n"
    "coop_commit_seconds_bucket{le=\"30\"} 2\n"
    "coop_commit_seconds_bucket{le=\"+Inf\"} 3\n"
    "coop_commit_seconds_sum 31.103\n"
    "coop_commit_seconds_count 3\n" RETRIES "coop_retries_total{sqlstate=\"57P01\"} 2\n"
    "coop_retries_total{sqlstate=\"none\"} 1\n" UP "coop_database_up 1\n" PAUSED
    "coop_paused 0\n" HELD "coop_held_partitions 4\n" REBALANCES
    "coop_rebalances_total 7\n" UNFOLDED "coop_unfolded_events 0\n";

static const struct topic_metrics topics[] = {
    {"a.v1", {INT64_MAX, 2, 3, 90, 91}, true, 1.5},
    {"b.v1", {0}, false, 99},
};

static const struct partition_metrics partitions[] = {{"a.v1", 0, 0}, {"b.v1", 11, 12345678901}};

static struct metrics full_metrics(void)
{
    struct metrics metrics = {.kafka_version = "2.0.2",
                              .libpq_version = 150018,
                              .topics = topics,
                              .topic_count = ARRAY_LENGTH(topics),
                              .partitions = partitions,
                              .partition_count = ARRAY_LENGTH(partitions),
                              .is_database_up = true,
                              .held_partitions = 4,
                              .rebalances = 7,
                              .has_unfolded = true};

    counters_init(&metrics.counters);
    counters_note_commit(&metrics.counters, 1, 3);
    counters_note_commit(&metrics.counters, 500, 100);
    counters_note_commit(&metrics.counters, 200000, 31000);
    counters_note_retry(&metrics.counters, "57P01");
    counters_note_retry(&metrics.counters, "");
    counters_note_retry(&metrics.counters, "57P01");
    return metrics;
}

static void a_page_has_all_that_is_known(void **state)
{
    struct metrics metrics = full_metrics();
    struct buffer out;

    (void)state;
    buffer_init(&out, sizeof(full_page));
    assert_true(buffer_append_text(&out, "what was there before"));
    assert_true(metrics_write(&metrics, &out));
    assert_string_equal(buffer_text(&out), full_page);
    buffer_free(&out);
}

/* Heads stay, so that a name is never unknown; of what is not known there is no line. */
static void a_consumer_without_partitions_has_heads_alone(void **state)
{
    struct metrics metrics = {.kafka_version = "2.0.2", .libpq_version = 150018, .is_paused = true};
    struct buffer out;

    (void)state;
    counters_init(&metrics.counters);
    buffer_init(&out, sizeof(full_page));
    assert_true(metrics_write(&metrics, &out));
    const char *text = buffer_text(&out);
    assert_ptr_equal(strstr(text, BUILD EVENTS LAG AGE ROWS_HEAD), text);
    assert_non_null(strstr(text, "coop_batch_rows_bucket{le=\"+Inf\"} 0\ncoop_batch_rows_sum 0\n"
                                 "coop_batch_rows_count 0\n" SECONDS_HEAD));
    assert_non_null(strstr(text,
                           "coop_commit_seconds_count 0\n" RETRIES UP "coop_database_up 0\n" PAUSED
                           "coop_paused 1\n" HELD "coop_held_partitions 0\n" REBALANCES));
    assert_string_equal(strstr(text, "coop_rebalances_total 0\n"), "coop_rebalances_total 0\n");
    buffer_free(&out);
}

static void counts_of_lanes_add_up(void **state)
{
    struct lane_counts counts = {1, 2, 3, 4, 5};

    (void)state;
    lane_counts_add(&counts, &(struct lane_counts){10, 20, 30, 40, 50});
    assert_int_equal(counts.stored, 11);
    assert_int_equal(counts.duplicates, 22);
    assert_int_equal(counts.rejects, 33);
    assert_int_equal(counts.batches, 44);
    assert_int_equal(counts.sieved, 55);
}

/* Wherever the room ends, nobody takes what there is for a page. */
static void a_page_that_does_not_fit_is_none(void **state)
{
    struct metrics metrics = full_metrics();

    (void)state;
    for (size_t limit = 0; limit < sizeof(full_page) - 1; limit++) {
        struct buffer out;

        buffer_init(&out, limit);
        assert_false(metrics_write(&metrics, &out));
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_all_that_is_known),
        cmocka_unit_test(a_consumer_without_partitions_has_heads_alone),
        cmocka_unit_test(counts_of_lanes_add_up),
        cmocka_unit_test(a_page_that_does_not_fit_is_none),
    };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
