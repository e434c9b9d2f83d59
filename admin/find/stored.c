#include "admin/find/stored.h"

#include <stdlib.h>

#include "admin/verb.h"
#include "common/base/memory.h"
#include "common/postgres/query.h"

/* Where a message lies, in the words that all of them share. */
#define PLACE(row)                                                                                 \
    "'type', regexp_replace(s.event_table, '^event[.]', ''), 'topic', s.topic,"                    \
    " 'generation', s.generation, 'partition', " row ".kafka_partition,"                           \
    " 'offset', " row ".kafka_offset, 'published_at',"                                             \
    " to_char(" row ".published_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
#define ENVELOPE                                                                                   \
    "'event_id', f.event_id, 'source', f.source, 'source_record_id', f.source_record_id,"          \
    " 'action', f.action, 'supersedes_event_id', f.supersedes_event_id, "
#define OTHERS                                                                                     \
    "select json_agg(json_build_object('event_id', o.event_id, 'action', o.action)"                \
    " order by o.recorded_at, o.event_id) as events from state.event as o"                         \
    " where o.event_type = f.event_type and o.action in ('CORRECT', 'RETRACT') and "

#define FOUND(column) "with found as materialized (select * from state.event where " column " = $1)"

/* An event counts iff it states something, nothing names it, and of rivals it is the last. */
#define EVENTS(column)                                                                             \
    FOUND(column)                                                                                  \
    " select json_build_object(" ENVELOPE PLACE(                                                   \
        "f") ", 'outcome', 'stored',"                                                              \
             " 'effective', f.action <> 'RETRACT' and direct.events is null and rival.events is "  \
             "null,"                                                                               \
             " 'superseded_by', coalesce(direct.events, '[]'),"                                    \
             " 'overruled_by', coalesce(rival.events, '[]')) from found as f"                      \
             " join ingest.stream as s using (stream_id)"                                          \
             " cross join lateral (" OTHERS "o.supersedes_event_id = f.event_id) as direct"        \
             " cross join lateral (" OTHERS "f.action = 'CORRECT'"                                 \
             " and o.supersedes_event_id = f.supersedes_event_id"                                  \
             " and (o.recorded_at, o.event_id) > (f.recorded_at, f.event_id)) as rival"            \
             " order by f.event_type, f.recorded_at, f.action, f.event_id"

#define DUPLICATES(column)                                                                         \
    FOUND(column)                                                                                  \
    " select json_build_object(" ENVELOPE PLACE(                                                   \
        "d") ", 'outcome', 'duplicate',"                                                           \
             " 'same_content', d.same_content) from found as f"                                    \
             " join ingest.duplicate as d on d.event_id = f.event_id"                              \
             " join ingest.stream as s on s.stream_id = d.stream_id"                               \
             " and s.event_table = 'event.' || f.event_type"                                       \
             " order by s.stream_id, d.kafka_partition, d.kafka_offset"

/* The bytes are only a hint: whoever reads them decides. */
static const char rejects_sql[] = "select json_build_object('event_id', r.event_id, " PLACE(
    "r") ", 'outcome', 'reject',"
         " 'reason', r.reason, 'detail', r.detail, 'state', r.state), r.value, r.event_id"
         " from ingest.reject as r join ingest.stream as s using (stream_id)"
         " where r.event_id = nullif($1, '')::uuid or position(convert_to($2, 'UTF8') in r.value) "
         "> 0"
         " order by r.reject_id";

static json_t *row_json(const PGresult *result, int row, struct error *err)
{
    return admin_read_json(PQgetvalue(result, row, 0), err);
}

static bool ask(PGconn *connection, const char *sql, const char *value, json_t *found,
                struct error *err)
{
    bool ok = true;
    PGresult *result = query_ask(connection, sql, 1, &value, err);

    for (int row = 0; ok && result && row < PQntuples(result); row++)
        ok = json_array_append_new(found, row_json(result, row, err)) == 0;
    PQclear(result);
    return ok && result;
}

/* What the body says beside what the table says; false where it is about something else. */
static bool complete_reject(const struct wanted *wanted, const PGresult *result, int row,
                            json_t *item)
{
    size_t length = 0;
    const char *id = PQgetisnull(result, row, 2) ? NULL : PQgetvalue(result, row, 2);
    unsigned char *value =
        PQgetisnull(result, row, 1)
            ? NULL
            : PQunescapeBytea((const unsigned char *)PQgetvalue(result, row, 1), &length);

    if (!value && !PQgetisnull(result, row, 1))
        memory_exhausted();
    json_t *envelope = wanted_match(wanted, value, length, id);
    bool is_it = envelope && json_object_update(item, envelope) == 0;
    json_decref(envelope);
    PQfreemem(value);
    return is_it;
}

static bool find_rejects(PGconn *connection, const struct wanted *wanted, json_t *found,
                         struct error *err)
{
    const char *parameters[] = {wanted->event_id, wanted->record};
    PGresult *result = query_ask(connection, rejects_sql, 2, parameters, err);
    bool ok = true;

    for (int row = 0; ok && result && row < PQntuples(result); row++) {
        json_t *item = row_json(result, row, err);

        ok = item != NULL;
        if (ok && complete_reject(wanted, result, row, item))
            json_array_append(found, item);
        json_decref(item);
    }
    PQclear(result);
    return ok && result;
}

bool stored_find(PGconn *connection, const struct wanted *wanted, json_t *found, struct error *err)
{
    const char *id = wanted->event_id;
    const char *record = wanted->record;

    if (id[0]
        && (!ask(connection, EVENTS("event_id"), id, found, err)
            || !ask(connection, DUPLICATES("event_id"), id, found, err)))
        return false;
    /* A record's name may look like an id; reading every event is left until it is needed. */
    if (json_array_size(found) == 0
        && (!ask(connection, EVENTS("source_record_id"), record, found, err)
            || !ask(connection, DUPLICATES("source_record_id"), record, found, err)))
        return false;
    return find_rejects(connection, wanted, found, err);
}
