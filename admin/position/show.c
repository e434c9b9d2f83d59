#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/kafka/logs.h"
#include "admin/position/position.h"
#include "common/base/log.h"
#include "common/postgres/query.h"

/* Every generation; the last one of a topic into a table is the one that is read. */
static const char positions_sql[] =
    "select s.topic, s.generation, p.kafka_partition, p.next_offset, p.epoch, p.owner,"
    " to_char(p.updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
    " s.generation = max(s.generation) over (partition by s.topic, s.event_table)"
    " from ingest.stream as s left join ingest.position as p using (stream_id)"
    " where $1::text is null or s.topic = $1 order by s.topic, s.generation, p.kafka_partition";

enum { TOPIC, GENERATION, PARTITION, POSITION, EPOCH, OWNER, UPDATED, IS_NEWEST };

static json_t *value_at(const PGresult *result, int row, int column, bool is_number)
{
    const char *text = PQgetvalue(result, row, column);

    if (PQgetisnull(result, row, column))
        return json_null();
    return is_number ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
}

/* Without Kafka the rest is still worth showing. */
static bool ask_log(struct logs *logs, const PGresult *result, int row, int64_t *start,
                    int64_t *end)
{
    struct error err;

    if (!logs || PQgetvalue(result, row, IS_NEWEST)[0] != 't'
        || PQgetisnull(result, row, PARTITION))
        return false;
    if (logs_range(logs, PQgetvalue(result, row, TOPIC),
                   (int32_t)strtol(PQgetvalue(result, row, PARTITION), NULL, 10), start, end, &err))
        return true;
    log_warning("%s", err.message);
    return false;
}

static json_t *describe(struct logs *logs, const PGresult *result, int row)
{
    int64_t start;
    int64_t end;
    bool has_log = ask_log(logs, result, row, &start, &end);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "topic",
        value_at(result, row, TOPIC, false), "generation", value_at(result, row, GENERATION, true),
        "partition", value_at(result, row, PARTITION, true), "position",
        value_at(result, row, POSITION, true), "log_start",
        has_log ? json_integer(start) : json_null(), "log_end",
        has_log ? json_integer(end) : json_null(), "epoch", value_at(result, row, EPOCH, true),
        "owner", value_at(result, row, OWNER, false), "updated",
        value_at(result, row, UPDATED, false));
}

static void print_cell(const json_t *line, const char *name, int width)
{
    const json_t *value = json_object_get(line, name);

    if (json_is_integer(value))
        printf("%*lld ", width, (long long)json_integer_value(value));
    else
        printf("%*s ", width, json_is_string(value) ? json_string_value(value) : "-");
}

static void print_table(const json_t *lines)
{
    static const struct {
        const char *name;
        int width;
    } columns[] = {
        {"topic", -24},  {"generation", 10}, {"partition", 9}, {"position", 12}, {"log_start", 12},
        {"log_end", 12}, {"epoch", 8},       {"updated", -20}, {"owner", -1},
    };
    size_t i;
    const json_t *line;

    for (i = 0; i < ARRAY_LENGTH(columns); i++)
        printf("%*s ", columns[i].width, columns[i].name);
    printf("\n");
    json_array_foreach(lines, i, line)
    {
        for (size_t column = 0; column < ARRAY_LENGTH(columns); column++)
            print_cell(line, columns[column].name, columns[column].width);
        printf("\n");
    }
}

static bool print(const struct admin_settings *settings, const PGresult *result, struct logs *logs,
                  struct error *err)
{
    json_t *lines = json_array();
    bool ok = true;

    for (int row = 0; row < PQntuples(result); row++)
        json_array_append_new(lines, describe(logs, result, row));
    if (settings->is_json)
        ok = admin_print_json(lines, err);
    else
        print_table(lines);
    json_decref(lines);
    return ok;
}

bool position_show(const struct admin_settings *settings, PGconn *connection,
                   const struct operands *operands, struct error *err)
{
    const char *const topic = operands->count ? operands->items[0] : NULL;
    PGresult *result = query_ask(connection, positions_sql, 1, &topic, err);
    struct logs *logs = NULL;
    bool ok = false;

    if (!result)
        return false;
    if (topic && PQntuples(result) == 0) {
        error_set(err, ERROR_NO_INPUT, "topic \"%s\" was never read", topic);
        goto done;
    }
    logs = logs_open(&settings->kafka, err);
    if (!logs && err->kind == ERROR_CONFIGURATION)
        goto done;
    if (!logs)
        log_warning("%s: log_start and log_end are not known", err->message);
    ok = print(settings, result, logs, err);
done:
    logs_close(logs);
    PQclear(result);
    return ok;
}
