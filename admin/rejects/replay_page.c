#include "admin/rejects/replay_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/postgres/query.h"

/*
 * Grace: a broker may take a message for as long as the publisher tries, and what has reached
 * it by then may lie in its queue for a while.
 */
enum { PAGE_ROWS = 500, ARRAY_BYTES_MAX = 64 * 1024, GRACE_S = 2 * PUBLISHER_TIMEOUT_S };

#define NEWEST_STREAM                                                                              \
    "(select n.stream_id from ingest.stream as n where n.topic = s.topic"                          \
    " and n.event_table = s.event_table order by n.generation desc limit 1)"

enum column { ID, PARTITION, OFFSET, KEY, SHA256, IS_CUT, IS_BEGUN, TO_PARTITION, FROM, AGE_S };

/* A replay begun in an earlier generation of the topic is gone with it. */
static const char page_sql[] =
    "select r.reject_id, r.kafka_partition, r.kafka_offset, encode(r.key, 'hex'),"
    " encode(r.value_sha256, 'hex'), octet_length(r.value) < r.value_bytes,"
    " begun.reject_id is not null, begun.kafka_partition, begun.from_offset,"
    " extract(epoch from now() - begun.begun_at)::bigint" SELECTION_FROM
    " left join ingest.replay as begun on begun.reject_id = r.reject_id"
    " and begun.kafka_offset is null and begun.stream_id = " NEWEST_STREAM SELECTION_WHERE;

static const char begin_sql[] =
    "insert into ingest.replay as p (reject_id, first_reject_id, attempt, stream_id,"
    " kafka_partition, from_offset, begun_by)"
    " select r.reject_id, coalesce(made.first_reject_id, r.reject_id),"
    " coalesce(made.attempt, 0) + 1, " NEWEST_STREAM ", w.to_partition, w.from_offset, $4"
    " from unnest($1::bigint[], $2::integer[], $3::bigint[])"
    " as w (reject_id, to_partition, from_offset)"
    " join ingest.reject as r using (reject_id) join ingest.stream as s using (stream_id)"
    " left join ingest.replay as made on made.stream_id = r.stream_id"
    " and made.kafka_partition = r.kafka_partition and made.kafka_offset = r.kafka_offset"
    " on conflict (reject_id) do update set stream_id = excluded.stream_id,"
    " kafka_partition = excluded.kafka_partition, from_offset = excluded.from_offset,"
    " begun_at = now(), begun_by = excluded.begun_by where p.kafka_offset is null";

static const char note_sql[] =
    "with noted as ("
    " update ingest.replay as p set kafka_offset = w.kafka_offset, published_at ="
    " timestamptz '1970-01-01 00:00:00Z' + w.published_us * interval '1 microsecond'"
    " from unnest($1::bigint[], $2::bigint[], $3::bigint[])"
    " as w (reject_id, kafka_offset, published_us)"
    " where p.reject_id = w.reject_id and p.kafka_offset is null"
    " returning p.reject_id, p.attempt, p.begun_by, p.kafka_partition, p.kafka_offset)"
    " update ingest.reject as r set state = 'replayed', attempts = n.attempt, settled_at = now(),"
    " settled_by = n.begun_by, settled_why = coalesce($4, 'published again, partition '"
    " || n.kafka_partition || ', offset ' || n.kafka_offset)"
    " from noted as n where r.reject_id = n.reject_id";

static bool is_true(const PGresult *result, int row, enum column column)
{
    return PQgetvalue(result, row, (int)column)[0] == 't';
}

/* Where its key falls today, as for any publisher; without one, where it was. */
static int32_t choose_partition(const struct replay_page *page, const PGresult *result, int row,
                                struct error *err)
{
    size_t count = topic_log_partition_count(page->log);
    size_t length = (size_t)PQgetlength(result, row, KEY);
    uint8_t *key = NULL;

    if (PQgetisnull(result, row, KEY))
        return (int32_t)((size_t)query_number(result, row, PARTITION) % count);
    key = memory_new(length / 2 + 1, 1);
    if (!hex_parse(PQgetvalue(result, row, KEY), length, key)) {
        free(key);
        error_set(err, ERROR_DATA, "the key of a reject is not in hex");
        return -1;
    }
    int32_t partition = publisher_partition(key, length / 2, count);
    free(key);
    return partition;
}

static bool read_row(struct replay_page *page, const PGresult *result, int i, struct error *err)
{
    struct replay_row *row = &page->rows[i];
    int64_t age_s = query_number(result, i, AGE_S);

    *row = (struct replay_row){
        .reject_id = query_number(result, i, ID),
        .state = is_true(result, i, IS_BEGUN) ? REPLAY_BEGUN : REPLAY_OPEN,
        .is_cut = is_true(result, i, IS_CUT),
        .partition = (int32_t)query_number(result, i, PARTITION),
        .offset = query_number(result, i, OFFSET),
        .has_value = !PQgetisnull(result, i, SHA256),
        .from_offset = query_number(result, i, FROM),
        .wait_s = age_s < GRACE_S ? GRACE_S - age_s : 0,
    };
    snprintf(row->place, sizeof(row->place), "%s/%" PRId32 "/%" PRId64, page->topic, row->partition,
             row->offset);
    if (row->has_value
        && (PQgetlength(result, i, SHA256) != 2 * SHA256_BYTES
            || !hex_parse(PQgetvalue(result, i, SHA256), sizeof(row->sha256) * 2, row->sha256)))
        return error_set(err, ERROR_DATA, "reject %" PRId64 " has no SHA-256", row->reject_id);
    row->to_partition = row->state == REPLAY_BEGUN ? (int32_t)query_number(result, i, TO_PARTITION)
                                                   : choose_partition(page, result, i, err);
    return row->to_partition >= 0;
}

bool replay_page_read(struct replay_page *page, struct error *err)
{
    PGresult *result = selection_page(page->call->selection, page_sql, PAGE_ROWS, err);
    int count = result ? PQntuples(result) : 0;
    bool ok = result != NULL;

    page->count = 0;
    page->rows = memory_new((size_t)count, sizeof(*page->rows));
    for (int i = 0; ok && i < count; i++) {
        ok = read_row(page, result, i, err);
        page->count++;
    }
    PQclear(result);
    return ok;
}

void replay_page_clear(struct replay_page *page)
{
    free(page->rows);
    page->rows = NULL;
    page->count = 0;
}

bool replay_leave(struct replay_page *page, struct replay_row *row, const char *why)
{
    row->state = REPLAY_LEFT;
    page->call->is_incomplete = true;
    log_warning("reject %" PRId64 ", %s, is left: %s", row->reject_id, row->place, why);
    return true;
}

/* The end of each partition that something goes to, asked for once. */
static bool find_ends(struct replay_page *page, struct error *err)
{
    size_t count = topic_log_partition_count(page->log);
    int64_t *ends = memory_new(count, sizeof(*ends));
    bool *is_known = memory_new(count, sizeof(*is_known));
    bool ok = true;

    for (size_t i = 0; ok && i < page->count; i++) {
        struct replay_row *row = &page->rows[i];
        int64_t start;

        if (row->state != REPLAY_OPEN)
            continue;
        if (!is_known[row->to_partition])
            ok = topic_log_range(page->log, row->to_partition, &start, &ends[row->to_partition],
                                 err);
        is_known[row->to_partition] = ok;
        row->from_offset = ends[row->to_partition];
    }
    free(ends);
    free(is_known);
    return ok;
}

/* Columns of the rows in one state, as PostgreSQL writes arrays. */
struct arrays {
    struct buffer of[3];
    size_t count;
};

static void arrays_init(struct arrays *arrays)
{
    arrays->count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(arrays->of); i++)
        buffer_init(&arrays->of[i], ARRAY_BYTES_MAX);
}

static void arrays_clear(struct arrays *arrays)
{
    for (size_t i = 0; i < ARRAY_LENGTH(arrays->of); i++)
        buffer_free(&arrays->of[i]);
}

static bool too_long(struct error *err)
{
    return error_set(err, ERROR_INTERNAL, "the numbers of a page have more than %d bytes",
                     ARRAY_BYTES_MAX);
}

static bool arrays_add(struct arrays *arrays, int64_t first, int64_t second, int64_t third)
{
    const int64_t numbers[] = {first, second, third};
    char sign = arrays->count ? ',' : '{';

    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        if (!buffer_append_format(&arrays->of[i], "%c%" PRId64, sign, numbers[i]))
            return false;
    }
    arrays->count++;
    return true;
}

static bool arrays_write(struct arrays *arrays, PGconn *connection, const char *sql,
                         const char *last, struct error *err)
{
    const char *parameters[] = {NULL, NULL, NULL, last};

    if (arrays->count == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(arrays->of); i++) {
        if (!buffer_append_byte(&arrays->of[i], '}')
            || !(parameters[i] = buffer_text(&arrays->of[i])))
            return too_long(err);
    }
    PGresult *result = query_ask(connection, sql, ARRAY_LENGTH(parameters), parameters, err);
    PQclear(result);
    return result != NULL;
}

bool replay_page_begin(struct replay_page *page, struct error *err)
{
    struct arrays arrays;
    bool ok = find_ends(page, err);

    arrays_init(&arrays);
    for (size_t i = 0; ok && i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_OPEN
            && !arrays_add(&arrays, row->reject_id, row->to_partition, row->from_offset))
            ok = too_long(err);
    }
    ok = ok && arrays_write(&arrays, page->call->connection, begin_sql, page->call->by, err);
    arrays_clear(&arrays);
    return ok;
}

bool replay_page_note(struct replay_page *page, struct error *err)
{
    struct arrays arrays;
    bool ok = true;

    arrays_init(&arrays);
    for (size_t i = 0; ok && i < page->count; i++) {
        const struct replay_row *row = &page->rows[i];

        if (row->state == REPLAY_PUBLISHED
            && !arrays_add(&arrays, row->reject_id, row->answer.offset, row->answer.published_us))
            ok = too_long(err);
    }
    ok = ok
         && arrays_write(&arrays, page->call->connection, note_sql,
                         page->call->settings->rejects.why, err);
    arrays_clear(&arrays);
    return ok;
}
