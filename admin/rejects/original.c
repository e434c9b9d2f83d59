#include "admin/rejects/original.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/rejects/kept_headers.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/postgres/query.h"

static const char row_sql[] =
    "select encode(key, 'hex'), encode(value, 'hex'), headers from ingest.reject"
    " where reject_id = $1::bigint";

/* The message itself, if Kafka has it still. Without an error where it is gone. */
static bool fetch(struct replay_page *page, const struct replay_row *row, struct message *out,
                  bool *is_there, struct error *err)
{
    uint8_t sha256[SHA256_BYTES];
    int64_t start;
    int64_t end;

    *is_there = false;
    if ((size_t)row->partition >= topic_log_partition_count(page->log))
        return true;
    if (!topic_log_range(page->log, row->partition, &start, &end, err))
        return false;
    if (row->offset < start || row->offset >= end)
        return true;
    if (!topic_log_seek(page->log, row->partition, row->offset, row->offset + 1, err))
        return false;
    enum topic_log_news news = topic_log_next(page->log, out, err);
    if (news != TOPIC_LOG_MESSAGE)
        return news == TOPIC_LOG_END;
    if (out->value)
        hash_sha256(out->value, out->value_length, sha256);
    *is_there = out->value && memcmp(sha256, row->sha256, sizeof(sha256)) == 0;
    if (!*is_there)
        message_free(out);
    return true;
}

bool original_check(struct replay_page *page, struct replay_row *row, struct error *err)
{
    struct message message = {0};
    bool is_there;

    if (!row->is_cut)
        return true;
    if (!fetch(page, row, &message, &is_there, err))
        return false;
    message_free(&message);
    return is_there
           || replay_leave(page, row,
                           "only the first MiB of its value was kept, and Kafka has the message no "
                           "more; publish it again from its source, then discard this");
}

/* NULL for null; the caller frees. */
static uint8_t *bytes_of(const PGresult *result, int column, size_t *length, struct error *err)
{
    size_t digits = (size_t)PQgetlength(result, 0, column);
    uint8_t *bytes = NULL;

    *length = digits / 2;
    if (PQgetisnull(result, 0, column))
        return NULL;
    bytes = memory_new(digits / 2 + 1, 1);
    if (!hex_parse(PQgetvalue(result, 0, column), digits, bytes)) {
        error_set(err, ERROR_DATA, "key or value of a reject is not in hex");
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* As they were, but that an earlier replay's header gives way to ours. */
static void set_header(struct kept_headers *headers, const struct replay_row *row)
{
    size_t kept = 0;

    assert(headers->items);
    for (size_t i = 0; i < headers->count; i++) {
        if (strcmp(headers->items[i].name, REPLAY_HEADER) != 0)
            headers->items[kept++] = headers->items[i];
    }
    headers->items[kept++] = (struct publisher_header){
        .name = REPLAY_HEADER, .value = row->place, .length = strlen(row->place)};
    headers->count = kept;
}

static bool send(struct replay_page *page, struct replay_row *row, struct publication *publication,
                 const char *headers_text, struct publisher *publisher, struct error *err)
{
    struct kept_headers headers = {0};
    json_t *list = admin_read_json(headers_text, err);
    bool ok = list && kept_headers_read(list, &headers, err);

    if (ok) {
        set_header(&headers, row);
        publication->topic = page->topic;
        publication->partition = row->to_partition;
        publication->headers = headers.items;
        publication->header_count = headers.count;
        ok = publisher_send(publisher, publication, &row->answer, err);
    }
    kept_headers_clear(&headers);
    json_decref(list);
    return ok;
}

bool original_publish(struct replay_page *page, struct replay_row *row, struct publisher *publisher,
                      struct error *err)
{
    char id[32];
    const char *const parameters[] = {id};
    struct publication publication = {0};
    struct message message = {0};
    uint8_t *key = NULL;
    uint8_t *value = NULL;
    bool is_there = true;
    bool ok = false;

    snprintf(id, sizeof(id), "%" PRId64, row->reject_id);
    PGresult *result = query_ask(page->call->connection, row_sql, 1, parameters, err);
    if (!result)
        goto done;
    key = bytes_of(result, 0, &publication.key_length, err);
    value = bytes_of(result, 1, &publication.value_length, err);
    if ((!key && !PQgetisnull(result, 0, 0)) || (!value && !PQgetisnull(result, 0, 1)))
        goto done;
    publication.key = key;
    publication.value = value;
    if (row->is_cut) {
        if (!fetch(page, row, &message, &is_there, err))
            goto done;
        publication.value = message.value;
        publication.value_length = message.value_length;
    }
    ok = is_there
             ? send(page, row, &publication, PQgetvalue(result, 0, 2), publisher, err)
             : replay_leave(page, row, "Kafka has lost the message while it was to be replayed");
done:
    message_free(&message);
    free(key);
    free(value);
    PQclear(result);
    return ok;
}
