#include "admin/find/unread.h"

#include <stdlib.h>
#include <string.h>

#include "admin/kafka/topic_log.h"
#include "common/avro/temporal.h"
#include "common/base/clock.h"
#include "common/postgres/query.h"

/* The newest generation of each topic is the one that is read. */
static const char streams_sql[] = "select distinct on (topic) topic, stream_id, generation,"
                                  " regexp_replace(event_table, '^event[.]', '') from ingest.stream"
                                  " order by topic, generation desc";

static const char positions_sql[] =
    "select kafka_partition, next_offset from ingest.position where stream_id = $1";

struct search {
    const struct wanted *wanted;
    const PGresult *streams;
    int row; /* Of the stream that is searched. */
    struct topic_log *log;
    int64_t deadline_ms;
    json_t *found;
    struct unread_counts *counts;
};

static json_t *describe(const struct search *search, const struct message *message)
{
    char published_at[TEMPORAL_TEXT_BYTES] = "";

    if (message->published_us >= 0)
        temporal_timestamp_text(message->published_us, true, published_at);
    return json_pack("{s:s, s:s, s:i, s:i, s:I, s:s, s:s}", "type",
                     PQgetvalue(search->streams, search->row, 3), "topic",
                     PQgetvalue(search->streams, search->row, 0), "generation",
                     (int)strtol(PQgetvalue(search->streams, search->row, 2), NULL, 10),
                     "partition", (int)message->partition, "offset", (json_int_t)message->offset,
                     "published_at", published_at, "outcome", "not yet taken in");
}

static void take(struct search *search, const struct message *message)
{
    char id[UUID_TEXT_LENGTH + 1] = "";
    size_t length;
    const char *header = topic_log_header(message, "ce_id", &length);

    if (header && length == UUID_TEXT_LENGTH)
        memcpy(id, header, length);
    json_t *envelope =
        wanted_match(search->wanted, message->value, message->value_length, id[0] ? id : NULL);
    if (!envelope)
        return;
    json_t *item = describe(search, message);
    json_object_update(item, envelope);
    json_array_append_new(search->found, item);
    json_decref(envelope);
}

static bool search_partition(struct search *search, int32_t partition, int64_t from, int64_t end,
                             struct error *err)
{
    enum topic_log_news news = TOPIC_LOG_END;
    struct message message;
    int64_t next = from;

    if (clock_steady_ms() >= search->deadline_ms)
        return true;
    if (!topic_log_seek(search->log, partition, from, end, err))
        return false;
    while (clock_steady_ms() < search->deadline_ms
           && (news = topic_log_next(search->log, &message, err)) == TOPIC_LOG_MESSAGE) {
        take(search, &message);
        next = message.offset + 1;
        message_free(&message);
    }
    search->counts->read += (news == TOPIC_LOG_END ? end : next) - from;
    return news != TOPIC_LOG_FAILED;
}

/* A partition that was never claimed will be read from its beginning. */
static int64_t position_of(const PGresult *positions, int32_t partition, int64_t log_start)
{
    for (int row = 0; row < PQntuples(positions); row++) {
        int64_t position = strtoll(PQgetvalue(positions, row, 1), NULL, 10);

        if (strtol(PQgetvalue(positions, row, 0), NULL, 10) == partition)
            return position > log_start ? position : log_start;
    }
    return log_start;
}

static bool search_topic(struct search *search, const PGresult *positions, struct error *err)
{
    for (size_t i = 0; i < topic_log_partition_count(search->log); i++) {
        int32_t partition = (int32_t)i;
        int64_t start;
        int64_t end;

        if (!topic_log_range(search->log, partition, &start, &end, err))
            return false;
        int64_t from = position_of(positions, partition, start);
        if (from >= end)
            continue;
        search->counts->messages += end - from;
        if (!search_partition(search, partition, from, end, err))
            return false;
    }
    return true;
}

bool unread_find(const struct kafka_settings *kafka, PGconn *connection,
                 const struct wanted *wanted, int64_t wait_ms, json_t *found,
                 struct unread_counts *counts, struct error *err)
{
    PGresult *streams = query_ask(connection, streams_sql, 0, NULL, err);
    struct search search = {.wanted = wanted,
                            .streams = streams,
                            .deadline_ms = clock_steady_ms() + wait_ms,
                            .found = found,
                            .counts = counts};
    bool ok = streams != NULL;

    for (; ok && search.row < PQntuples(streams); search.row++) {
        const char *stream_id = PQgetvalue(streams, search.row, 1);
        PGresult *positions = query_ask(connection, positions_sql, 1, &stream_id, err);

        search.log =
            positions ? topic_log_open(kafka, PQgetvalue(streams, search.row, 0), err) : NULL;
        ok = search.log && search_topic(&search, positions, err);
        topic_log_close(search.log);
        PQclear(positions);
    }
    PQclear(streams);
    return ok;
}
