#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/audit/judge.h"
#include "admin/audit/outside.h"
#include "admin/kafka/topic_log.h"
#include "admin/meter.h"
#include "admin/verb.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { EXIT_WRONG = 1 };

/* One partition of a stream: the row of a query, and where its log lies. */
struct part {
    const char *topic;
    const char *table;
    int stream_id;
    int32_t partition;
    int64_t position;
    int64_t log_start;
    int64_t log_end;
};

struct audit {
    const struct admin_settings *settings;
    struct book book;
    struct known_schemas schemas;
    struct audit_counts counts;
    struct meter meter;
    PGresult *positions; /* What the parts point into. */
    struct part *parts;
    size_t part_count;
};

/* Of a topic made anew only the newest generation can be read again. */
static const char positions_sql[] =
    "with newest as (select distinct on (topic, event_table) stream_id, topic, event_table"
    " from ingest.stream order by topic, event_table, generation desc) "
    "select n.topic, n.event_table, n.stream_id, p.kafka_partition, p.next_offset"
    " from newest as n join ingest.position as p using (stream_id)"
    " order by n.topic, n.event_table, p.kafka_partition";

static bool is_asked_for(const struct audit *audit, const char *topic)
{
    const struct text_list *topics = &audit->settings->topics;

    for (size_t i = 0; i < topics->count; i++) {
        if (strcmp(topics->items[i], topic) == 0)
            return true;
    }
    return topics->count == 0;
}

static bool list_parts(struct audit *audit, struct error *err)
{
    audit->positions = query_ask(audit->book.connections[0], positions_sql, 0, NULL, err);
    if (!audit->positions)
        return false;
    int count = PQntuples(audit->positions);
    audit->parts = memory_new((size_t)count, sizeof(*audit->parts));
    for (int row = 0; row < count; row++) {
        struct part part = {
            .topic = PQgetvalue(audit->positions, row, 0),
            .table = PQgetvalue(audit->positions, row, 1),
            .stream_id = (int)query_number(audit->positions, row, 2),
            .partition = (int32_t)query_number(audit->positions, row, 3),
            .position = query_number(audit->positions, row, 4),
        };

        if (is_asked_for(audit, part.topic))
            audit->parts[audit->part_count++] = part;
    }
    if (audit->part_count == 0 && audit->settings->topics.count)
        return error_set(err, ERROR_CONFIGURATION,
                         "nothing has been taken in of topic \"%s\": see coop-admin position show",
                         audit->settings->topics.items[0]);
    return true;
}

/* The end of the parts of one stream that begin at `first`. */
static size_t stream_end(const struct audit *audit, size_t first)
{
    size_t end = first;

    while (end < audit->part_count && audit->parts[end].stream_id == audit->parts[first].stream_id)
        end++;
    return end;
}

static bool ask_log(struct audit *audit, struct topic_log *log, size_t first, size_t end,
                    struct error *err)
{
    int64_t total = 0;

    for (size_t i = first; i < end; i++) {
        struct part *part = &audit->parts[i];

        if (!topic_log_range(log, part->partition, &part->log_start, &part->log_end, err))
            return false;
        if (part->log_end > part->position)
            part->log_end = part->position;
        if (part->log_end > part->log_start)
            total += part->log_end - part->log_start;
    }
    audit->meter = meter_begin(total);
    return true;
}

/* Topic and table in step, one offset after the other. */
static bool audit_part(struct audit *audit, struct judge *judge, struct topic_log *log,
                       const struct part *part, struct error *err)
{
    enum topic_log_news news = TOPIC_LOG_END;
    struct message message;

    if (!book_turn(&audit->book, judge->table, part->stream_id, part->partition, err)
        || !topic_log_seek(log, part->partition, part->log_start, part->log_end, err))
        return false;
    while ((news = topic_log_next(log, &message, err)) == TOPIC_LOG_MESSAGE) {
        bool ok = judge_message(judge, &audit->book, &message, part->log_start, err);

        message_free(&message);
        meter_step(&audit->meter);
        if (!ok)
            return false;
    }
    return news == TOPIC_LOG_END
           && judge_rest(judge, &audit->book, part->partition, part->log_start, err);
}

static bool audit_stream(struct audit *audit, size_t first, size_t end, struct error *err)
{
    const struct part *part = &audit->parts[first];
    PGconn *connection = audit->book.connections[0];
    struct judge judge = {0};
    struct topic_log *log = NULL;
    struct table *table = table_describe(connection, part->table, err);
    bool ok = table != NULL;

    if (ok && !table_has_position(table)) {
        log_warning("topic \"%s\" is not judged: table %s has no stream_id, kafka_partition, "
                    "kafka_offset",
                    part->topic, part->table);
        goto done;
    }
    if (ok)
        judge_init(&judge, &audit->schemas, table, part->topic, &audit->counts);
    ok = ok && outside_count(connection, part->topic, part->table, &audit->counts, err)
         && (log = topic_log_open(&audit->settings->kafka, part->topic, err)) != NULL
         && ask_log(audit, log, first, end, err);
    for (size_t i = first; ok && i < end; i++)
        ok = audit_part(audit, &judge, log, &audit->parts[i], err);
    meter_wipe(&audit->meter);
done:
    topic_log_close(log);
    judge_clear(&judge);
    table_free(table);
    return ok;
}

static bool audit_all(struct audit *audit, struct error *err)
{
    if (!book_open(&audit->book, audit->settings->database, err)
        || !known_schemas_load(audit->book.connections[0], &audit->schemas, err)
        || !list_parts(audit, err))
        return false;
    for (size_t first = 0, end; first < audit->part_count; first = end) {
        end = stream_end(audit, first);
        if (!audit_stream(audit, first, end, err))
            return false;
    }
    return true;
}

static void print_counts(const struct audit_counts *counts)
{
    printf("records=%" PRId64 " stored=%" PRId64 " duplicates=%" PRId64 " rejects=%" PRId64
           " expired=%" PRId64 " missing=%" PRId64 " extra=%" PRId64 " altered=%" PRId64 "\n",
           counts->records, counts->stored, counts->duplicates, counts->rejects, counts->expired,
           counts->missing, counts->extra, counts->altered);
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    struct audit audit = {.settings = settings};

    if (!operands_are_none(operands, err))
        return false;
    bool ok = audit_all(&audit, err);
    if (ok) {
        print_counts(&audit.counts);
        if (audit.counts.missing || audit.counts.extra || audit.counts.altered)
            *exit_code = EXIT_WRONG;
    }
    free(audit.parts);
    PQclear(audit.positions);
    known_schemas_clear(&audit.schemas);
    book_close(&audit.book);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "topic",
     .letter = 't',
     .type = OPTION_LIST,
     .argument = "NAME",
     .offset = AT(topics),
     .help = "only this topic, repeatable; default: every topic that was read"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Audit", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb audit_verb = {
    .name = "audit",
    .program =
        {.name = "coop-admin audit",
         .usage = "[options]",
         .summary =
             "reads the topics again and proves every record against the database.\n"
             "Each must be a stored event, with the same bytes and columns that say what they\n"
             "say, a duplicate, or a reject with its bytes; and nothing else may be there.\n"
             "Exit 0 when nothing is missing, extra or altered, else 1.",
         .groups = groups,
         .epilogue =
             "records = stored + duplicates + rejects + missing. A reject that was replayed\n"
             "counts once, as what became of it. expired: rows of records that retention has\n"
             "removed, or of a topic's earlier generation; they are not judged."},
    .run = run,
};
