#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/rejects/kept_headers.h"
#include "admin/rejects/print.h"
#include "admin/rejects/rejects.h"
#include "admin/rejects/show_value.h"
#include "common/base/memory.h"
#include "common/base/text.h"

/* What has become of each attempt, from the first reject's on. */
#define REPLAYS_SQL                                                                                \
    "(select coalesce(json_agg(json_build_object('attempt', p.attempt, 'reject_id', p.reject_id,"  \
    " 'begun_at', p.begun_at, 'begun_by', p.begun_by, 'published_to',"                             \
    " n.topic || '/' || p.kafka_partition || '/' || p.kafka_offset, 'published_at',"               \
    " p.published_at, 'outcome', case when p.kafka_offset is null then 'not known to be "          \
    "published'"                                                                                   \
    " when f.reject_id is not null then 'reject ' || f.reject_id"                                  \
    " when d.event_id is not null then 'duplicate'"                                                \
    " when reached.next_offset > p.kafka_offset then 'stored' else 'not yet taken in' end)"        \
    " order by p.attempt), '[]') from ingest.replay as p join ingest.stream as n using "           \
    "(stream_id)"                                                                                  \
    " left join ingest.reject as f using (stream_id, kafka_partition, kafka_offset)"               \
    " left join ingest.duplicate as d using (stream_id, kafka_partition, kafka_offset)"            \
    " left join ingest.position as reached using (stream_id, kafka_partition)"                     \
    " where p.first_reject_id = coalesce(made.first_reject_id, r.reject_id))"

static const char page_sql[] =
    "select r.reject_id, json_build_object('reject_id', r.reject_id, 'topic', s.topic,"
    " 'partition', r.kafka_partition, 'offset', r.kafka_offset, 'stream_id', r.stream_id,"
    " 'generation', s.generation, 'event_table', s.event_table, 'state', r.state,"
    " 'reason', r.reason, 'detail', r.detail, 'sqlstate', r.sqlstate, 'event_id', r.event_id,"
    " 'published_at', r.published_at, 'rejected_at', r.rejected_at,"
    " 'attempts', greatest(r.attempts, coalesce(made.attempt, 0)),"
    " 'first_reject_id', made.first_reject_id, 'settled_at', r.settled_at,"
    " 'settled_by', r.settled_by, 'settled_why', r.settled_why,"
    " 'value_bytes', r.value_bytes, 'value_sha256', encode(r.value_sha256, 'hex'),"
    " 'key', encode(r.key, 'hex'), 'value', encode(r.value, 'hex'), 'headers', r.headers,"
    " 'replays', " REPLAYS_SQL ")" SELECTION_FROM
    " left join ingest.replay as made on made.stream_id = r.stream_id"
    " and made.kafka_partition = r.kafka_partition and made.kafka_offset = "
    "r.kafka_offset" SELECTION_WHERE;

/* Bytes as text where they are text, else in hex: {"text": …} or {"hex": …}. */
static json_t *readable(const void *bytes, size_t length)
{
    if (!bytes)
        return json_null();
    if (text_check(bytes, length) == TEXT_OK)
        return json_pack("{s:o}", "text", json_stringn(bytes, length));
    char *hex = memory_new(2 * length + 1, 1);
    hex_format(bytes, length, hex);
    json_t *object = json_pack("{s:s}", "hex", hex);
    free(hex);
    return object;
}

static bool add_headers(json_t *reject, struct error *err)
{
    struct kept_headers headers;
    json_t *list = json_array();
    bool ok = kept_headers_read(json_object_get(reject, "headers"), &headers, err);

    for (size_t i = 0; ok && i < headers.count; i++) {
        const struct publisher_header *header = &headers.items[i];

        json_array_append_new(list,
                              json_pack("[o, o]", readable(header->name, strlen(header->name)),
                                        readable(header->value, header->length)));
    }
    kept_headers_clear(&headers);
    json_object_set_new(reject, "headers", list);
    return ok;
}

/* The bytes of a member in hex; NULL with *length 0 for null. The caller frees. */
static uint8_t *bytes_of(const json_t *reject, const char *name, size_t *length)
{
    const json_t *hex = json_object_get(reject, name);
    uint8_t *bytes = json_is_string(hex) ? memory_new(json_string_length(hex) / 2 + 1, 1) : NULL;

    *length = bytes ? json_string_length(hex) / 2 : 0;
    if (bytes && !hex_parse(json_string_value(hex), json_string_length(hex), bytes))
        *length = 0;
    return bytes;
}

/* What of it can be read by a person. */
static bool add_readings(json_t *reject, const struct known_schemas *schemas, struct error *err)
{
    size_t key_length;
    size_t length;
    uint8_t *key = bytes_of(reject, "key", &key_length);
    uint8_t *value = bytes_of(reject, "value", &length);
    bool is_cut = (json_int_t)length < json_integer_value(json_object_get(reject, "value_bytes"));
    json_t *decoded = show_value_decode(schemas, value, length, is_cut);
    bool ok = add_headers(reject, err);

    json_object_set_new(reject, "key_text", readable(key, key_length));
    json_object_set_new(reject, "decoded", decoded);
    free(key);
    free(value);
    return ok;
}

static void print_json(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);

    print_text(text ? text : "");
    free(text);
}

/* Text without quotes, bytes in hex with \x, a dash for none. */
static void print_readable(const json_t *value)
{
    const char *text = json_string_value(json_object_get(value, "text"));
    const char *hex = json_string_value(json_object_get(value, "hex"));

    if (!text && !hex)
        printf("-");
    else if (!text)
        printf("\\x");
    print_text(text ? text : hex ? hex : "");
}

static void print_headers(const json_t *headers)
{
    const json_t *pair;
    size_t i;

    printf("headers\n");
    json_array_foreach(headers, i, pair)
    {
        printf("  ");
        print_readable(json_array_get(pair, 0));
        printf(": ");
        print_readable(json_array_get(pair, 1));
        printf("\n");
    }
}

static void print_replays(const json_t *replays)
{
    const json_t *replay;
    size_t i;

    if (json_array_size(replays))
        printf("replays\n");
    json_array_foreach(replays, i, replay)
    {
        const char *place = json_string_value(json_object_get(replay, "published_to"));

        printf("  attempt %lld: reject %lld, begun ",
               (long long)json_integer_value(json_object_get(replay, "attempt")),
               (long long)json_integer_value(json_object_get(replay, "reject_id")));
        print_text(json_string_value(json_object_get(replay, "begun_at")));
        printf(" by ");
        print_text(json_string_value(json_object_get(replay, "begun_by")));
        printf(", %s%s: %s\n", place ? "published as " : "", place ? place : "",
               json_string_value(json_object_get(replay, "outcome")));
    }
}

static void print_stop(const json_t *stopped)
{
    printf("  stopped in field \"");
    print_text(json_string_value(json_object_get(stopped, "field")));
    printf("\", at byte %lld of the body, byte %lld of the value: %s, %s\n",
           (long long)json_integer_value(json_object_get(stopped, "body_offset")),
           (long long)json_integer_value(json_object_get(stopped, "value_offset")),
           json_string_value(json_object_get(stopped, "reason")),
           json_string_value(json_object_get(stopped, "why")));
}

static void print_decoded(const json_t *decoded)
{
    static const char *const scalars[] = {"frame",  "fingerprint", "registry_id",
                                          "schema", "why",         "advice"};
    const json_t *field;
    size_t i;

    printf("decoded\n");
    for (i = 0; i < ARRAY_LENGTH(scalars); i++) {
        const json_t *value = json_object_get(decoded, scalars[i]);

        if (!value)
            continue;
        printf("  %s: ", scalars[i]);
        print_json(value);
        printf("\n");
    }
    json_array_foreach(json_object_get(decoded, "fields"), i, field)
    {
        printf("    ");
        print_text(json_string_value(json_object_get(field, "field")));
        printf(": ");
        print_json(json_object_get(field, "value"));
        printf("\n");
    }
    if (json_is_object(json_object_get(decoded, "stopped")))
        print_stop(json_object_get(decoded, "stopped"));
    else if (json_object_get(decoded, "fields"))
        printf("  the body is whole\n");
}

static void print_reject(const json_t *reject)
{
    size_t length;
    uint8_t *value = bytes_of(reject, "value", &length);
    const char *name;
    json_t *member;

    json_object_foreach((json_t *)reject, name, member)
    {
        if (json_is_array(member) || json_is_object(member) || strcmp(name, "value") == 0)
            continue;
        printf("%-16s ", name);
        if (json_is_string(member))
            print_text(json_string_value(member));
        else if (json_is_null(member))
            printf("-");
        else
            print_json(member);
        printf("\n");
    }
    printf("%-16s ", "key_text");
    print_readable(json_object_get(reject, "key_text"));
    printf("\n");
    print_headers(json_object_get(reject, "headers"));
    print_replays(json_object_get(reject, "replays"));
    print_decoded(json_object_get(reject, "decoded"));
    printf("value, %zu bytes kept of %lld\n", length,
           (long long)json_integer_value(json_object_get(reject, "value_bytes")));
    print_hex_dump(value, length);
    free(value);
}

static bool show(const PGresult *page, const struct known_schemas *schemas, json_t *list,
                 struct error *err)
{
    json_t *reject = admin_read_json(PQgetvalue(page, 0, 1), err);
    bool ok = reject && add_readings(reject, schemas, err);

    if (ok && list)
        json_array_append(list, reject);
    else if (ok)
        print_reject(reject);
    json_decref(reject);
    return ok;
}

bool rejects_show(struct rejects_call *call, struct error *err)
{
    json_t *list = call->settings->rejects.is_json ? json_array() : NULL;
    struct known_schemas schemas;
    bool ok = known_schemas_load(call->connection, &schemas, err);
    int count = 0;

    do {
        PGresult *page = ok ? selection_page(call->selection, page_sql, 1, err) : NULL;

        count = page ? PQntuples(page) : 0;
        ok = page && (count == 0 || show(page, &schemas, list, err));
        PQclear(page);
    } while (ok && count > 0);
    if (ok && list) {
        json_t *document = json_pack("{s:O}", "rejects", list);

        ok = admin_print_json(document, err);
        json_decref(document);
    }
    json_decref(list);
    known_schemas_clear(&schemas);
    return ok;
}
