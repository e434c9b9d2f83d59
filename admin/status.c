#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/kafka/cluster.h"
#include "admin/verb.h"
#include "common/base/clock.h"
#include "common/kafka/client.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { WAIT_MS = 10000, EXIT_BEHIND = 1 };

struct status {
    const struct admin_settings *settings;
    rd_kafka_t *client;
    PGresult *positions; /* topic, partition, next_offset, last_published_at in us */
    json_t *partitions;
    int64_t lag;
    int64_t unfolded; /* Stored, and not in the reports yet. */
    char beyond[300]; /* A partition whose position the log does not have; "" for none. */
};

/* Row of a partition, or -1 where it was never claimed. */
static int find_position(const struct status *status, const char *topic, int32_t partition)
{
    for (int row = 0; row < PQntuples(status->positions); row++) {
        if (!PQgetisnull(status->positions, row, 1)
            && strcmp(PQgetvalue(status->positions, row, 0), topic) == 0
            && strtol(PQgetvalue(status->positions, row, 1), NULL, 10) == partition)
            return row;
    }
    return -1;
}

static bool add_partition(struct status *status, const char *topic, int32_t partition,
                          struct error *err)
{
    int64_t low;
    int64_t high;
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(status->client, topic, partition, &low, &high, WAIT_MS);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_UNAVAILABLE, "%s/%" PRId32 ": %s", topic, partition,
                         rd_kafka_err2str(code));
    int row = find_position(status, topic, partition);
    int64_t position = row < 0 ? -1 : query_number(status->positions, row, 2);
    int64_t lag = high - (row < 0 ? low : position);
    json_t *age = json_null();
    if (row >= 0 && !PQgetisnull(status->positions, row, 3))
        age = json_integer((clock_now_us() - query_number(status->positions, row, 3)) / 1000000);
    json_t *line = json_pack("{s:s, s:i, s:I, s:o, s:I, s:o}", "topic", topic, "partition",
                             (int)partition, "end", (json_int_t)high, "position",
                             row < 0 ? json_null() : json_integer(position), "lag", (json_int_t)lag,
                             "newest_event_age_seconds", age);
    status->lag += lag > 0 ? lag : 0;
    if (lag < 0)
        snprintf(status->beyond, sizeof(status->beyond), "%s/%" PRId32, topic, partition);
    return (line && json_array_append_new(status->partitions, line) == 0) || error_no_memory(err);
}

/* What this verb cannot tell is 69: a supervisor asks only that. */
static bool cannot_tell(struct error *err)
{
    if (err->kind != ERROR_NOT_AUTHORISED)
        err->kind = ERROR_UNAVAILABLE;
    return false;
}

static bool add_topic(struct status *status, const char *topic, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(status->client, topic, NULL);
    bool ok = handle
              && kafka_metadata(status->client, &status->settings->kafka, handle, WAIT_MS,
                                &metadata, err);

    if (ok && metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR)
        ok = kafka_topic_error(topic, "read", metadata->topics[0].err, "--brokers", err)
             || cannot_tell(err);
    for (int i = 0; ok && i < metadata->topics[0].partition_cnt; i++)
        ok = add_partition(status, topic, i, err);
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    if (handle)
        rd_kafka_topic_destroy(handle);
    return ok;
}

/* A query whose rows become a list of objects; numbers stay numbers. */
static json_t *ask_json(PGconn *connection, const char *sql, struct error *err)
{
    PGresult *result = query_ask(connection, sql, 0, NULL, err);
    json_t *json = result ? json_loads(PQgetvalue(result, 0, 0), JSON_DECODE_ANY, NULL) : NULL;

    PQclear(result);
    return json;
}

static const char totals_sql[] =
    "select json_build_object("
    "'stored', (select count(*) from event.outreach) + (select count(*) from event.agreement)"
    " + (select count(*) from event.training),"
    "'duplicates', (select count(*) from ingest.duplicate),"
    "'rejects_open', (select count(*) from ingest.reject where state = 'open'),"
    "'unfolded', state.behind(),"
    "'ids_with_other_content', (select coalesce(json_object_agg(source, ids), '{}') from ("
    " select e.source, count(distinct d.event_id) as ids from ingest.duplicate as d"
    " join ingest.stream as s using (stream_id) join state.event as e on e.event_id = d.event_id"
    " and s.event_table = 'event.' || e.event_type where not d.same_content"
    " group by e.source) as o))";

/* The newest generation of each topic is the one that is read. */
static const char positions_sql[] =
    "select s.topic, p.kafka_partition, p.next_offset,"
    " (extract(epoch from p.last_published_at) * 1000000)::bigint from (select distinct on (topic)"
    " topic, stream_id from ingest.stream order by topic, generation desc) as s"
    " left join ingest.position as p using (stream_id) order by s.topic, p.kafka_partition";

static void print_text(const json_t *partitions, const json_t *totals)
{
    const char *source;
    json_t *ids;

    printf("%-24s %9s %12s %12s %12s %12s\n", "topic", "partition", "end", "position", "lag",
           "newest_age_s");
    for (size_t i = 0; i < json_array_size(partitions); i++) {
        const json_t *line = json_array_get(partitions, i);
        char *position = json_dumps(json_object_get(line, "position"), JSON_ENCODE_ANY);
        char *age = json_dumps(json_object_get(line, "newest_event_age_seconds"), JSON_ENCODE_ANY);

        printf("%-24s %9lld %12lld %12s %12lld %12s\n",
               json_string_value(json_object_get(line, "topic")),
               (long long)json_integer_value(json_object_get(line, "partition")),
               (long long)json_integer_value(json_object_get(line, "end")),
               position && strcmp(position, "null") != 0 ? position : "-",
               (long long)json_integer_value(json_object_get(line, "lag")),
               age && strcmp(age, "null") != 0 ? age : "-");
        free(position);
        free(age);
    }
    printf("stored=%lld duplicates=%lld rejects_open=%lld unfolded=%lld\n",
           (long long)json_integer_value(json_object_get(totals, "stored")),
           (long long)json_integer_value(json_object_get(totals, "duplicates")),
           (long long)json_integer_value(json_object_get(totals, "rejects_open")),
           (long long)json_integer_value(json_object_get(totals, "unfolded")));
    json_object_foreach(json_object_get(totals, "ids_with_other_content"), source, ids)
        printf("%s has used %lld ids again with other content\n", source,
               (long long)json_integer_value(ids));
}

static bool collect(struct status *status, struct error *err)
{
    const char *last = "";

    for (int row = 0; row < PQntuples(status->positions); row++) {
        const char *topic = PQgetvalue(status->positions, row, 0);

        if (strcmp(topic, last) != 0 && !add_topic(status, topic, err))
            return false;
        last = topic;
    }
    return true;
}

static bool report(struct status *status, PGconn *connection, struct error *err)
{
    json_t *totals = ask_json(connection, totals_sql, err);
    bool ok = totals && collect(status, err);

    status->unfolded = json_integer_value(json_object_get(totals, "unfolded"));
    if (ok && status->settings->is_json) {
        json_t *document = json_pack("{s:O, s:O, s:I}", "partitions", status->partitions, "totals",
                                     totals, "lag", (json_int_t)status->lag);

        ok = json_dumpf(document, stdout, JSON_INDENT(2)) == 0;
        printf("\n");
        json_decref(document);
    } else if (ok) {
        print_text(status->partitions, totals);
    }
    json_decref(totals);
    if (ok && status->beyond[0])
        return error_set(
            err, ERROR_UNAVAILABLE,
            "%s: the position lies beyond the end of the log: the topic was made anew, "
            "or has lost its end",
            status->beyond);
    return ok;
}

/* What this verb cannot tell is 69, whatever the cause: a supervisor asks only that. */
static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    struct status status = {.settings = settings, .partitions = json_array()};
    PGconn *connection = NULL;
    bool ok = false;

    if (!operands_are_none(operands, err))
        goto done;
    status.client = cluster_client_new(&settings->kafka, err);
    connection = status.client ? admin_connect(settings->database, err) : NULL;
    status.positions = connection ? query_ask(connection, positions_sql, 0, NULL, err) : NULL;
    ok = status.positions && report(&status, connection, err);
    *exit_code = status.lag > 0 || status.unfolded > 0 ? EXIT_BEHIND : 0;
    if (!ok && err->kind != ERROR_CONFIGURATION && err->kind != ERROR_NOT_AUTHORISED)
        err->kind = ERROR_UNAVAILABLE;
done:
    PQclear(status.positions);
    PQfinish(connection);
    if (status.client)
        rd_kafka_destroy(status.client);
    json_decref(status.partitions);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = AT(is_json),
     .help = "one JSON document instead of a table"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Output", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb status_verb = {
    .name = "status",
    .program =
        {.name = "coop-admin status",
         .usage = "[options]",
         .summary =
             "says how far the consumer is, and the reports.\n"
             "Exit 0 when it has caught up, 1 when it is behind, 69 when that cannot be told.",
         .groups = groups},
    .run = run,
};
