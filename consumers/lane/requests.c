#include "consumers/lane/inside.h"

#include "consumers/lane/rejects.h"

static void ask(struct lane *lane, const struct request *request, int64_t now_ms)
{
    lane->asked = request->kind;
    session_ask(lane->parts.session, request, now_ms);
}

void lane_ask_claim(struct lane *lane, enum request_kind kind, int64_t now_ms)
{
    ask(lane,
        &(struct request){.kind = kind,
                          .owner = lane->parts.owner,
                          .claims = lane->claims,
                          .claim_count = lane->count},
        now_ms);
}

static struct request moving(const struct lane *lane, enum request_kind kind)
{
    return (struct request){
        .kind = kind, .advances = lane->part.advances, .advance_count = lane->part.advance_count};
}

void lane_ask_confirm(struct lane *lane, int64_t now_ms)
{
    struct request request = moving(lane, REQUEST_CONFIRM);

    ask(lane, &request, now_ms);
}

static struct span rejects_of(struct lane *lane)
{
    buffer_clear(&lane->data);
    if (lane->part.reject_count)
        rejects_copy(&lane->part, &lane->data);
    return (struct span){lane->data.data, lane->data.length};
}

void lane_ask_write(struct lane *lane, int64_t now_ms)
{
    struct request request = moving(lane, REQUEST_WRITE);

    if (lane->part.row_count) {
        request.rows_sql = lane->part.batch->shape->copy_sql;
        request.rows = part_rows(&lane->part);
    }
    request.rejects = rejects_of(lane);
    ask(lane, &request, now_ms);
}

void lane_ask_prepare(struct lane *lane, int64_t now_ms)
{
    ask(lane,
        &(struct request){.kind = REQUEST_PREPARE,
                          .rows_sql = lane->part.batch->shape->prepare_sql},
        now_ms);
}

void lane_ask_sort(struct lane *lane, int64_t now_ms)
{
    buffer_clear(&lane->rows);
    buffer_clear(&lane->data);
    part_copy_rows(&lane->part, &lane->rows);
    part_copy_messages(&lane->part, &lane->data);
    ask(lane,
        &(struct request){.kind = REQUEST_SORT,
                          .rows_sql = lane->part.batch->shape->sort_sql,
                          .rows = {lane->rows.data, lane->rows.length},
                          .messages = {lane->data.data, lane->data.length}},
        now_ms);
}

void lane_ask_keep(struct lane *lane, int64_t now_ms)
{
    struct request request = moving(lane, REQUEST_KEEP);

    if (lane->part.row_count) {
        request.rows_sql = lane->part.batch->shape->keep_sql;
        request.repeats_sql = lane->part.batch->shape->repeats_sql;
    }
    request.rejects = rejects_of(lane);
    ask(lane, &request, now_ms);
}
