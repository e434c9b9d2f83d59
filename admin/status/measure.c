#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/kafka/cluster.h"
#include "admin/status/measure.h"
#include "admin/verb.h"
#include "common/base/clock.h"
#include "common/kafka/client.h"
#include "common/postgres/query.h"

enum { WAIT_MS = 10000 };

struct sides {
    const struct kafka_settings *kafka;
    rd_kafka_t *client;
    PGresult *positions; /* topic, partition, next_offset, last_published_at in us */
};

/* Row of a partition, or -1 where it was never claimed. */
static int find_position(const PGresult *positions, const char *topic, int32_t partition)
{
    for (int row = 0; row < PQntuples(positions); row++) {
        if (!PQgetisnull(positions, row, 1) && strcmp(PQgetvalue(positions, row, 0), topic) == 0
            && strtol(PQgetvalue(positions, row, 1), NULL, 10) == partition)
            return row;
    }
    return -1;
}

static bool add_partition(const struct sides *sides, struct status *status, const char *topic,
                          int32_t partition, struct error *err)
{
    int64_t low;
    int64_t high;
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(sides->client, topic, partition, &low, &high, WAIT_MS);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return error_set(err, ERROR_UNAVAILABLE, "%s/%" PRId32 ": %s", topic, partition,
                         rd_kafka_err2str(code));
    int row = find_position(sides->positions, topic, partition);
    int64_t position = row < 0 ? -1 : query_number(sides->positions, row, 2);
    int64_t lag = high - (row < 0 ? low : position);
    json_t *age = json_null();
    if (row >= 0 && !PQgetisnull(sides->positions, row, 3))
        age = json_integer((clock_now_us() - query_number(sides->positions, row, 3)) / 1000000);
    json_t *line = json_pack("{s:s, s:i, s:I, s:o, s:I, s:o}", "topic", topic, "partition",
                             (int)partition, "end", (json_int_t)high, "position",
                             row < 0 ? json_null() : json_integer(position), "lag", (json_int_t)lag,
                             "newest_event_age_seconds", age);
    status->lag += lag > 0 ? lag : 0;
    if (lag < 0)
        snprintf(status->beyond, sizeof(status->beyond), "%s/%" PRId32, topic, partition);
    json_array_append_new(status->partitions, line);
    return true;
}

/* What this verb cannot tell is 69: a supervisor asks only that. */
static bool cannot_tell(struct error *err)
{
    if (err->kind != ERROR_NOT_AUTHORISED)
        err->kind = ERROR_UNAVAILABLE;
    return false;
}

static bool add_topic(const struct sides *sides, struct status *status, const char *topic,
                      struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(sides->client, topic, NULL);
    bool ok =
        handle && kafka_metadata(sides->client, sides->kafka, handle, WAIT_MS, &metadata, err);

    if (ok && metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR)
        ok = kafka_topic_error(topic, "read", metadata->topics[0].err, "--brokers", err)
             || cannot_tell(err);
    for (int i = 0; ok && i < metadata->topics[0].partition_cnt; i++)
        ok = add_partition(sides, status, topic, i, err);
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
    json_t *json = result ? admin_read_json(PQgetvalue(result, 0, 0), err) : NULL;

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

static bool add_topics(const struct sides *sides, struct status *status, struct error *err)
{
    const char *last = "";

    for (int row = 0; row < PQntuples(sides->positions); row++) {
        const char *topic = PQgetvalue(sides->positions, row, 0);

        if (strcmp(topic, last) != 0 && !add_topic(sides, status, topic, err))
            return false;
        last = topic;
    }
    return true;
}

bool status_measure(rd_kafka_t *client, const struct kafka_settings *kafka, PGconn *connection,
                    struct status *status, struct error *err)
{
    struct sides sides = {.kafka = kafka, .client = client};

    *status = (struct status){.partitions = json_array()};
    sides.positions = query_ask(connection, positions_sql, 0, NULL, err);
    bool ok = sides.positions != NULL;
    if (ok)
        status->totals = ask_json(connection, totals_sql, err);
    ok = status->totals && add_topics(&sides, status, err);
    status->unfolded = json_integer_value(json_object_get(status->totals, "unfolded"));
    PQclear(sides.positions);
    return ok;
}

void status_clear(struct status *status)
{
    json_decref(status->partitions);
    json_decref(status->totals);
    *status = (struct status){0};
}
