#include "admin/rejects/selection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/postgres/query.h"

enum { LIST_BYTES_MAX = 1024 * 1024 };

enum { REASONS, TOPIC, SINCE, UNTIL, STATE, IDS, LAST, AFTER, ROWS };
static_assert(ROWS + 1 == SELECTION_PARAMETERS, "every parameter needs a name");

static bool too_long(struct error *err, const char *what)
{
    return error_set(err, ERROR_USAGE, "the %s have more than %d bytes together; try --help", what,
                     LIST_BYTES_MAX);
}

/* Joined by newlines: no name of a constraint has one. */
static bool set_reasons(struct selection *selection, const struct text_list *reasons,
                        struct error *err)
{
    if (reasons->count == 0)
        return true;
    for (size_t i = 0; i < reasons->count; i++) {
        if (!buffer_append_format(&selection->reasons, "%s%s", i ? "\n" : "", reasons->items[i]))
            return too_long(err, "reasons");
    }
    selection->parameters[REASONS] = buffer_text(&selection->reasons);
    return selection->parameters[REASONS] || too_long(err, "reasons");
}

static bool set_time(struct selection *selection, int place, const char *option, const char *text,
                     struct error *err)
{
    if (!text)
        return true;
    PGresult *result = query_ask(selection->connection, "select $1::timestamptz", 1, &text, err);
    if (!result && err->kind == ERROR_DATA)
        error_set(err, ERROR_USAGE,
                  "option \"--%s\": \"%s\" is no time such as 2022-06-20T10:00:00+05:00, or "
                  "2022-06-20 (in UTC); try --help",
                  option, text);
    PQclear(result);
    selection->parameters[place] = text;
    return result != NULL;
}

/* TOPIC/PARTITION/OFFSET from behind; NULL for anything else. */
static PGresult *find_by_place(PGconn *connection, const char *name, struct error *err)
{
    const char *offset = strrchr(name, '/');
    const char *partition = offset;
    char topic[256];

    while (partition && partition > name && *--partition != '/')
        continue;
    if (!partition || *partition != '/' || partition - name >= (ptrdiff_t)sizeof(topic)
        || strspn(partition + 1, "0123456789") != (size_t)(offset - partition - 1)
        || strspn(offset + 1, "0123456789") != strlen(offset + 1) || !offset[1]
        || offset == partition + 1 || strlen(offset) > 19 || offset - partition > 10) {
        error_set(err, ERROR_USAGE,
                  "\"%s\" is neither a reject's number nor TOPIC/PARTITION/OFFSET; try --help",
                  name);
        return NULL;
    }
    char partition_text[16];
    const char *const parameters[] = {topic, partition_text, offset + 1};
    snprintf(topic, sizeof(topic), "%.*s", (int)(partition - name), name);
    snprintf(partition_text, sizeof(partition_text), "%.*s", (int)(offset - partition - 1),
             partition + 1);
    return query_ask(connection,
                     "select r.reject_id from ingest.reject as r join ingest.stream as s "
                     "using (stream_id) where s.topic = $1 and r.kafka_partition = $2::bigint "
                     "and r.kafka_offset = $3::bigint order by r.reject_id",
                     3, parameters, err);
}

static PGresult *find_by_name(PGconn *connection, const char *name, struct error *err)
{
    size_t length = strlen(name);

    if (strspn(name, "0123456789") == length && length > 0 && length <= 18)
        return query_ask(connection,
                         "select reject_id from ingest.reject where reject_id = $1::bigint", 1,
                         &name, err);
    return find_by_place(connection, name, err);
}

/* A place may have a reject in each of several streams: they are all meant. */
static bool set_ids(struct selection *selection, char *const *names, int count, struct error *err)
{
    bool ok = count == 0 || buffer_append_byte(&selection->ids, '{');

    for (int i = 0; ok && i < count; i++) {
        PGresult *found = find_by_name(selection->connection, names[i], err);

        if (found && PQntuples(found) == 0)
            error_set(err, ERROR_DATA, "there is no reject %s", names[i]);
        bool is_there = found && PQntuples(found) > 0;
        for (int row = 0; is_there && ok && row < PQntuples(found); row++)
            ok = buffer_append_format(&selection->ids, "%s%s", i + row ? "," : "",
                                      PQgetvalue(found, row, 0));
        PQclear(found);
        if (!is_there)
            return false;
    }
    if (count == 0)
        return true;
    ok = ok && buffer_append_byte(&selection->ids, '}');
    selection->parameters[IDS] = ok ? buffer_text(&selection->ids) : NULL;
    selection->is_by_name = true;
    return selection->parameters[IDS] || too_long(err, "names of rejects");
}

static bool set_last(struct selection *selection, struct error *err)
{
    PGresult *result =
        query_ask(selection->connection, "select coalesce(max(reject_id), 0) from ingest.reject", 0,
                  NULL, err);

    if (!result)
        return false;
    snprintf(selection->last, sizeof(selection->last), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return true;
}

bool selection_init(struct selection *out, PGconn *connection,
                    const struct rejects_settings *settings, char *const *names, int name_count,
                    struct error *err)
{
    static const char *const states[] = {
        [REJECTS_OPEN] = "open",
        [REJECTS_REPLAYED] = "replayed",
        [REJECTS_DISCARDED] = "discarded",
        [REJECTS_ALL] = NULL,
    };

    *out = (struct selection){.connection = connection,
                              .left = settings->limit ? settings->limit : INT64_MAX};
    buffer_init(&out->reasons, LIST_BYTES_MAX);
    buffer_init(&out->ids, LIST_BYTES_MAX);
    out->parameters[TOPIC] = settings->topic;
    out->parameters[STATE] = states[settings->state];
    out->parameters[LAST] = out->last;
    out->parameters[AFTER] = out->after;
    out->parameters[ROWS] = out->rows;
    selection_rewind(out, settings->topic);
    return set_reasons(out, &settings->reasons, err)
           && set_time(out, SINCE, "since", settings->since, err)
           && set_time(out, UNTIL, "until", settings->until, err)
           && set_ids(out, names, name_count, err) && set_last(out, err);
}

void selection_clear(struct selection *selection)
{
    buffer_free(&selection->reasons);
    buffer_free(&selection->ids);
}

void selection_rewind(struct selection *selection, const char *topic)
{
    selection->parameters[TOPIC] = topic;
    snprintf(selection->after, sizeof(selection->after), "0");
}

void selection_only_open(struct selection *selection, bool is_so)
{
    selection->parameters[STATE] = is_so ? "open" : NULL;
}

PGresult *selection_topics(struct selection *selection, struct error *err)
{
    static const char sql[] = "select t.topic, max(max(t.reject_id)) over () from ("
                              "select s.topic, r.reject_id" SELECTION_FROM SELECTION_WHERE
                              ") as t group by t.topic order by t.topic";

    snprintf(selection->rows, sizeof(selection->rows), "%" PRId64, selection->left);
    PGresult *topics =
        query_ask(selection->connection, sql, SELECTION_PARAMETERS, selection->parameters, err);
    if (topics && PQntuples(topics) > 0)
        snprintf(selection->last, sizeof(selection->last), "%s", PQgetvalue(topics, 0, 1));
    selection->left = INT64_MAX;
    return topics;
}

PGresult *selection_page(struct selection *selection, const char *sql, int rows, struct error *err)
{
    int64_t wanted = selection->left < rows ? selection->left : rows;

    snprintf(selection->rows, sizeof(selection->rows), "%" PRId64, wanted);
    PGresult *page =
        query_ask(selection->connection, sql, SELECTION_PARAMETERS, selection->parameters, err);
    if (!page)
        return NULL;
    int count = PQntuples(page);
    if (count > 0)
        snprintf(selection->after, sizeof(selection->after), "%s", PQgetvalue(page, count - 1, 0));
    if (selection->left != INT64_MAX)
        selection->left -= count;
    return page;
}
