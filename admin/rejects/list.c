#include <stdio.h>

#include "admin/rejects/print.h"
#include "admin/rejects/rejects.h"
#include "common/base/stop.h"

enum { PAGE_ROWS = 1000 };

/* How often the message was tried again, here or at its earlier places. */
#define ATTEMPTS "greatest(r.attempts, coalesce(made.attempt, 0))"
#define JOINS                                                                                      \
    SELECTION_FROM                                                                                 \
    " left join ingest.replay as made on made.stream_id = r.stream_id"                             \
    " and made.kafka_partition = r.kafka_partition and made.kafka_offset = r.kafka_offset"         \
    " left join ingest.replay as begun on begun.reject_id = r.reject_id"                           \
    " and begun.kafka_offset is null" SELECTION_WHERE

static const char text_sql[] =
    "select r.reject_id, r.state, r.reason, s.topic || '/' || r.kafka_partition || '/' ||"
    " r.kafka_offset, to_char(r.rejected_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), r.value_bytes,"
    " " ATTEMPTS ", concat_ws(', ', 'first was ' || made.first_reject_id,"
    " case when begun.reject_id is not null then 'a replay has begun' end)" JOINS;

static const char json_sql[] =
    "select r.reject_id, json_build_object('reject_id', r.reject_id, 'state', r.state,"
    " 'reason', r.reason, 'topic', s.topic, 'partition', r.kafka_partition,"
    " 'offset', r.kafka_offset, 'published_at', r.published_at, 'rejected_at', r.rejected_at,"
    " 'event_id', r.event_id, 'value_bytes', r.value_bytes, 'attempts', " ATTEMPTS ","
    " 'first_reject_id', made.first_reject_id, 'replay_has_begun', begun.reject_id is not null,"
    " 'settled_at', r.settled_at, 'settled_by', r.settled_by)" JOINS;

static void print_text_row(const PGresult *page, int row)
{
    printf("%9s  %-9s  ", PQgetvalue(page, row, 0), PQgetvalue(page, row, 1));
    print_text(PQgetvalue(page, row, 2));
    printf("%*s  %-30s  %s  %9s  %8s  %s\n",
           PQgetlength(page, row, 2) < 21 ? 21 - PQgetlength(page, row, 2) : 0, "",
           PQgetvalue(page, row, 3), PQgetvalue(page, row, 4), PQgetvalue(page, row, 5),
           PQgetvalue(page, row, 6), PQgetvalue(page, row, 7));
}

bool rejects_list(struct rejects_call *call, struct error *err)
{
    bool is_json = call->settings->rejects.is_json;
    const char *comma = "";
    int count = 0;

    if (is_json)
        printf("{\"rejects\": [");
    else
        printf("%9s  %-9s  %-21s  %-30s  %-20s  %9s  %8s  %s\n", "reject_id", "state", "reason",
               "place", "rejected_at", "bytes", "attempts", "note");
    do {
        PGresult *page =
            selection_page(call->selection, is_json ? json_sql : text_sql, PAGE_ROWS, err);

        if (!page)
            return false;
        count = PQntuples(page);
        for (int row = 0; row < count; row++) {
            if (!is_json) {
                print_text_row(page, row);
                continue;
            }
            printf("%s\n  %s", comma, PQgetvalue(page, row, 1));
            comma = ",";
        }
        PQclear(page);
    } while (count > 0 && !stop_requested());
    if (is_json)
        printf("\n]}\n");
    return true;
}
