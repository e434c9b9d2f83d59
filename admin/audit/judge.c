#include "admin/audit/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/base/hash.h"
#include "common/base/log.h"
#include "common/base/memory.h"

enum {
    SCRATCH_MAX = 64 * 1024 * 1024,
    KEPT_VALUE_MAX = 1024 * 1024, /* docs/contract.md §5 */
    TOLD_MAX = 100,
};

void judge_init(struct judge *out, const struct known_schemas *schemas, const struct table *table,
                const char *topic, struct audit_counts *counts)
{
    *out = (struct judge){.schemas = schemas, .table = table, .topic = topic, .counts = counts};
    buffer_init(&out->scratch, SCRATCH_MAX);
    out->plans = memory_new(schemas->count, sizeof(struct plan *));
    out->is_planned = memory_new(schemas->count, sizeof(*out->is_planned));
    decoded_init(&out->decoded, table->column_count);
}

void judge_clear(struct judge *judge)
{
    for (size_t i = 0; judge->plans && i < judge->schemas->count; i++)
        plan_free(judge->plans[i]);
    free(judge->plans);
    free(judge->is_planned);
    decoded_clear(&judge->decoded);
    buffer_free(&judge->scratch);
    *judge = (struct judge){0};
}

static void tell(const struct judge *judge, int32_t partition, int64_t offset, const char *what,
                 const char *words)
{
    int64_t told = judge->counts->missing + judge->counts->extra + judge->counts->altered;

    if (told <= TOLD_MAX)
        log_error("%s: %s/%" PRId32 ", offset %" PRId64 ": %s", what, judge->topic, partition,
                  offset, words);
    if (told == TOLD_MAX)
        log_error("more is wrong, and counted only");
}

/* Says what is wrong with the row in hand. Always false, so that a check can return it. */
PRINTF_LIKE(2, 3)
static bool differs(struct judge *judge, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(judge->words, sizeof(judge->words), format, arguments);
    va_end(arguments);
    return false;
}

static const struct plan *plan_of(struct judge *judge, size_t schema)
{
    struct error err;

    if (!judge->is_planned[schema]) {
        judge->is_planned[schema] = true;
        judge->plans[schema] =
            plan_compile(judge->schemas->items[schema].schema, judge->table->columns,
                         judge->table->column_count, &err);
    }
    return judge->plans[schema];
}

/* Into judge->decoded; the frame tells where the body is. */
static bool decode(struct judge *judge, const struct message *message, struct frame *frame)
{
    if (!message->value)
        return differs(judge, "the message has no value");
    *frame = frame_read(message->value, message->value_length);
    if (frame->kind != FRAME_SINGLE_OBJECT)
        return differs(judge, "the message is not framed");
    size_t schema = known_schemas_find(judge->schemas, frame->fingerprint);
    const struct plan *plan = schema == SIZE_MAX ? NULL : plan_of(judge, schema);
    if (!plan)
        return differs(judge, "ingest.schema has no schema for the message that fits the table");
    if (!plan_run(plan, frame->body, frame->body_length, &judge->decoded))
        return differs(judge, "the message cannot be decoded: %s",
                       reason_name(judge->decoded.reason));
    return true;
}

static bool is_schema(const struct judge *judge, const struct value *id,
                      const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    int64_t number;

    if (!value_bigint(id, &number))
        return false;
    for (size_t i = 0; i < judge->schemas->count; i++) {
        const struct known_schema *known = &judge->schemas->items[i];

        if (known->id == number)
            return memcmp(known->schema->fingerprint, fingerprint, FINGERPRINT_BYTES) == 0;
    }
    return false;
}

/* Fields say what the columns hold; a column that no field fills has its default. */
static bool check_columns(struct judge *judge, const struct value *values)
{
    for (size_t i = 0; i < judge->table->column_count; i++) {
        const struct plan_column *column = &judge->table->columns[i];
        const struct cell *cell = &judge->decoded.cells[i];

        if (cell->kind == CELL_DEFAULT && column->has_default)
            continue;
        if (!value_says(&values[i], cell, column->type, judge->decoded.items, &judge->scratch))
            return differs(judge, "column \"%s\" is not what the message says", column->name);
    }
    return true;
}

static bool check_event(struct judge *judge, const struct message *message,
                        const struct value *fields)
{
    const bool *has = judge->table->has_origin;
    struct frame frame = {.kind = FRAME_NONE};

    if (!decode(judge, message, &frame))
        return false;
    if (has[ORIGIN_AVRO] && !value_is(&fields[EVENT_AVRO], frame.body, frame.body_length))
        return differs(judge, "column \"avro\" is not the body of the message");
    if (has[ORIGIN_ENTITY_KEY] && !value_is(&fields[EVENT_KEY], message->key, message->key_length))
        return differs(judge, "column \"entity_key\" is not the key of the message");
    if (has[ORIGIN_PUBLISHED_AT]
        && !value_is_instant(&fields[EVENT_PUBLISHED], message->published_us))
        return differs(judge, "column \"published_at\" is not the timestamp of the message");
    if (has[ORIGIN_SCHEMA_ID] && !is_schema(judge, &fields[EVENT_SCHEMA], frame.fingerprint))
        return differs(judge, "column \"schema_id\" names another schema than the message");
    return check_columns(judge, fields + EVENT_COLUMNS);
}

/* The body, or where the table keeps none, every column of the event that is repeated. */
static bool has_same_content(struct judge *judge, const struct frame *frame,
                             const struct value *fields)
{
    if (judge->table->has_origin[ORIGIN_AVRO])
        return value_is(&fields[DUPLICATE_STORED_AVRO], frame->body, frame->body_length);
    return check_columns(judge, fields + DUPLICATE_COLUMNS);
}

static bool check_duplicate(struct judge *judge, const struct message *message,
                            const struct value *fields)
{
    struct frame frame = {.kind = FRAME_NONE};
    int64_t is_stored = 0;
    int64_t is_marked_same = 0;

    if (!decode(judge, message, &frame))
        return false;
    const struct cell *event_id = &judge->decoded.cells[judge->table->event_id];
    if (!value_bigint(&fields[DUPLICATE_IS_STORED], &is_stored) || !is_stored)
        return differs(judge, "the event that it repeats is not stored");
    if (event_id->kind != CELL_UUID
        || !value_is(&fields[DUPLICATE_EVENT_ID], event_id->as.uuid, UUID_BYTES))
        return differs(judge, "column \"event_id\" of ingest.duplicate is not the message's");
    if (!value_is_instant(&fields[DUPLICATE_PUBLISHED], message->published_us))
        return differs(judge, "column \"published_at\" of ingest.duplicate is not the message's");
    bool is_same = has_same_content(judge, &frame, fields);
    if (!value_bigint(&fields[DUPLICATE_SAME], &is_marked_same) || is_same != (is_marked_same != 0))
        return differs(judge, "marked as %s content, and it is not",
                       is_marked_same ? "the same" : "other");
    if (!value_is(&fields[DUPLICATE_AVRO], is_same ? NULL : frame.body, frame.body_length))
        return differs(judge, "column \"avro\" of ingest.duplicate is not the body of the message");
    return true;
}

static bool is_number(const struct value *value, size_t number)
{
    int64_t stored;

    return value_bigint(value, &stored) && stored == (int64_t)number;
}

static bool check_reject_value(struct judge *judge, const struct message *message,
                               const struct value *fields)
{
    size_t kept = message->value_length < KEPT_VALUE_MAX ? message->value_length : KEPT_VALUE_MAX;
    uint8_t whole[SHA256_BYTES];
    uint8_t part[SHA256_BYTES];

    if (!is_number(&fields[REJECT_BYTES], message->value_length))
        return differs(judge, "column \"value_bytes\" of ingest.reject is not the message's");
    if (!message->value)
        return (!fields[REJECT_SHA256].bytes && !fields[REJECT_KEPT_BYTES].bytes)
               || differs(judge, "ingest.reject has a value, and the message has none");
    hash_sha256(message->value, message->value_length, whole);
    hash_sha256(message->value, kept, part);
    if (!value_is(&fields[REJECT_SHA256], whole, SHA256_BYTES))
        return differs(judge, "column \"value_sha256\" of ingest.reject is not the message's");
    if (!is_number(&fields[REJECT_KEPT_BYTES], kept)
        || !value_is(&fields[REJECT_KEPT_SHA256], part, SHA256_BYTES))
        return differs(judge, "column \"value\" of ingest.reject has not the message's bytes");
    return true;
}

static bool check_reject(struct judge *judge, const struct message *message,
                         const struct value *fields)
{
    if (!value_is(&fields[REJECT_KEY], message->key, message->key_length))
        return differs(judge, "column \"key\" of ingest.reject is not the message's");
    if (!value_is_instant(&fields[REJECT_PUBLISHED], message->published_us))
        return differs(judge, "column \"published_at\" of ingest.reject is not the message's");
    return check_reject_value(judge, message, fields);
}

static const char *const kind_names[] = {
    [BOOK_EVENTS] = "an event", [BOOK_DUPLICATES] = "a duplicate", [BOOK_REJECTS] = "a reject"};

/* Rows before an offset that no message has come for. */
static bool pass_rows(struct judge *judge, struct book *book, int32_t partition, int64_t offset,
                      int64_t log_start, struct error *err)
{
    for (size_t i = 0; i < BOOK_KINDS; i++) {
        struct row_stream *stream = &book->streams[i];

        while (stream->offset < offset) {
            if (stream->offset < log_start) {
                judge->counts->expired++;
            } else {
                judge->counts->extra++;
                differs(judge, "the database has %s, and the log has no such message",
                        kind_names[i]);
                tell(judge, partition, stream->offset, "extra", judge->words);
            }
            if (!row_stream_next(stream, err))
                return false;
        }
    }
    return true;
}

/* The same reject at a later offset, or what became of it there, is what counts. */
static bool is_replayed(const struct row_stream *rejects)
{
    int64_t is_true = 0;

    return value_bigint(&rejects->fields[REJECT_IS_REPLAYED], &is_true) && is_true;
}

static void judge_row(struct judge *judge, const struct row_stream *stream, enum book_kind kind,
                      const struct message *message)
{
    static bool (*const checks[])(struct judge *, const struct message *, const struct value *) = {
        [BOOK_EVENTS] = check_event,
        [BOOK_DUPLICATES] = check_duplicate,
        [BOOK_REJECTS] = check_reject,
    };
    struct audit_counts *counts = judge->counts;
    int64_t *const count[] = {[BOOK_EVENTS] = &counts->stored,
                              [BOOK_DUPLICATES] = &counts->duplicates,
                              [BOOK_REJECTS] = &counts->rejects};

    if (kind == BOOK_REJECTS && is_replayed(stream)) {
        counts->records--;
    } else {
        ++*count[kind];
    }
    if (!checks[kind](judge, message, stream->fields)) {
        counts->altered++;
        tell(judge, message->partition, message->offset, "altered", judge->words);
    }
}

bool judge_message(struct judge *judge, struct book *book, const struct message *message,
                   int64_t log_start, struct error *err)
{
    bool is_found = false;

    if (!pass_rows(judge, book, message->partition, message->offset, log_start, err))
        return false;
    judge->counts->records++;
    for (size_t i = 0; i < BOOK_KINDS; i++) {
        struct row_stream *stream = &book->streams[i];

        if (stream->offset != message->offset)
            continue;
        if (is_found) {
            judge->counts->extra++;
            tell(judge, message->partition, message->offset, "extra",
                 "the database has this message twice");
        } else {
            judge_row(judge, stream, (enum book_kind)i, message);
        }
        is_found = true;
        if (!row_stream_next(stream, err))
            return false;
    }
    if (!is_found) {
        judge->counts->missing++;
        tell(judge, message->partition, message->offset, "missing",
             "neither stored nor a duplicate nor a reject");
    }
    return true;
}

bool judge_rest(struct judge *judge, struct book *book, int32_t partition, int64_t log_start,
                struct error *err)
{
    return pass_rows(judge, book, partition, INT64_MAX, log_start, err);
}
