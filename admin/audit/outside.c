#include "admin/audit/outside.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/postgres/query.h"

enum { SQL_BYTES_MAX = 8 * 1024 };

/* Rows of `holder` that are the stream's, or nobody's where the holder is the event table. */
static bool write_query(struct buffer *sql, const char *holder, bool has_strays)
{
    return buffer_append_format(
        sql,
        "with held as (select stream_id, kafka_partition, count(*) as n from %s group by 1, 2),"
        " stream as (select stream_id, generation < max(generation) over () as is_old"
        "  from ingest.stream where topic = $1 and event_table = $2) "
        "select coalesce(sum(n) filter (where is_old), 0),"
        " coalesce(sum(n) filter (where is_old is not true), 0)"
        " from held left join stream using (stream_id)"
        " where is_old or not exists (select from ingest.position as p"
        "  where p.stream_id = held.stream_id and p.kafka_partition = held.kafka_partition)"
        " and (stream.stream_id is not null%s)",
        holder,
        has_strays ? " or not exists (select from ingest.stream as s"
                     " where s.stream_id = held.stream_id)"
                   : "");
}

static bool count_in(PGconn *connection, const char *holder, bool has_strays,
                     const char *const *parameters, struct audit_counts *counts, struct error *err)
{
    struct buffer sql;
    PGresult *result = NULL;

    buffer_init(&sql, SQL_BYTES_MAX);
    if (write_query(&sql, holder, has_strays) && buffer_text(&sql))
        result = query_ask(connection, buffer_text(&sql), 2, parameters, err);
    else
        error_set(err, ERROR_CONFIGURATION, "a query of %s would have more than %d bytes", holder,
                  SQL_BYTES_MAX);
    buffer_free(&sql);
    if (!result)
        return false;
    int64_t extra = strtoll(PQgetvalue(result, 0, 1), NULL, 10);
    counts->expired += strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    counts->extra += extra;
    if (extra)
        log_error("extra: %s has %s rows of partitions that were never claimed", holder,
                  PQgetvalue(result, 0, 1));
    PQclear(result);
    return true;
}

bool outside_count(PGconn *connection, const char *topic, const char *table,
                   struct audit_counts *counts, struct error *err)
{
    const char *const parameters[] = {topic, table};

    return count_in(connection, table, true, parameters, counts, err)
           && count_in(connection, "ingest.duplicate", false, parameters, counts, err)
           && count_in(connection, "ingest.reject", false, parameters, counts, err);
}
