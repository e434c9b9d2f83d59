#include <inttypes.h>
#include <stdio.h>

#include "admin/rejects/rejects.h"
#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/postgres/query.h"

enum { PAGE_ROWS = 1000, LIST_BYTES_MAX = 64 * 1024 };

static const char page_sql[] =
    "select r.reject_id, s.topic || '/' || r.kafka_partition || '/' || r.kafka_offset, r.reason,"
    " begun.reject_id is not null" SELECTION_FROM
    " left join ingest.replay as begun on begun.reject_id = r.reject_id"
    " and begun.kafka_offset is null" SELECTION_WHERE;

/* Whoever changed a row meanwhile by other means was first. */
static const char settle_sql[] =
    "update ingest.reject set state = 'discarded', settled_at = now(), settled_by = $2,"
    " settled_why = $3 where reject_id = any ($1::bigint[]) and state = 'open'";

struct discard {
    struct rejects_call *call;
    int64_t discarded;
    int64_t left;
};

/*
 * A replay that has begun may have published the message: the filters do not mean that one.
 * Who names it has looked.
 */
static bool is_left(const struct discard *discard, const PGresult *page, int row)
{
    return PQgetvalue(page, row, 3)[0] == 't' && !discard->call->selection->is_by_name;
}

static bool settle(struct discard *discard, const char *ids, struct error *err)
{
    const char *const parameters[] = {ids, discard->call->by, discard->call->settings->rejects.why};
    PGresult *result = query_ask(discard->call->connection, settle_sql, 3, parameters, err);

    PQclear(result);
    return result != NULL;
}

static bool take_page(struct discard *discard, const PGresult *page, struct error *err)
{
    bool is_dry_run = discard->call->settings->rejects.is_dry_run;
    struct buffer ids;
    bool ok = true;

    buffer_init(&ids, LIST_BYTES_MAX);
    for (int row = 0; ok && row < PQntuples(page); row++) {
        if (is_left(discard, page, row)) {
            log_warning("reject %s is left: a replay of it has begun; run coop-admin rejects "
                        "replay %s, or discard it by its number",
                        PQgetvalue(page, row, 0), PQgetvalue(page, row, 0));
            discard->left++;
            continue;
        }
        ok = buffer_append_format(&ids, "%c%s", ids.length ? ',' : '{', PQgetvalue(page, row, 0));
    }
    const char *list =
        ok && (ids.length == 0 || buffer_append_byte(&ids, '}')) ? buffer_text(&ids) : NULL;
    if (!list)
        ok = error_set(err, ERROR_INTERNAL, "the numbers of a page have more than %d bytes",
                       LIST_BYTES_MAX);
    else if (!is_dry_run && ids.length > 0)
        ok = settle(discard, list, err);
    for (int row = 0; ok && row < PQntuples(page); row++) {
        if (is_left(discard, page, row))
            continue;
        printf("%s%s %s %s\n", is_dry_run ? "would discard " : "discarded ",
               PQgetvalue(page, row, 0), PQgetvalue(page, row, 1), PQgetvalue(page, row, 2));
        discard->discarded++;
    }
    buffer_free(&ids);
    return ok;
}

bool rejects_discard(struct rejects_call *call, struct error *err)
{
    struct discard discard = {.call = call};
    bool ok = rejects_tell_settled(call, "discarded", err);
    int count = 0;

    do {
        PGresult *page = ok ? selection_page(call->selection, page_sql, PAGE_ROWS, err) : NULL;

        ok = page && take_page(&discard, page, err);
        count = page ? PQntuples(page) : 0;
        PQclear(page);
    } while (ok && count > 0 && !stop_requested());
    if (!ok)
        return false;
    call->is_incomplete |= discard.left > 0;
    fprintf(stderr, "%s=%" PRId64 " left=%" PRId64 "\n",
            call->settings->rejects.is_dry_run ? "to_discard" : "discarded", discard.discarded,
            discard.left);
    return true;
}
