#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "admin/find/stored.h"
#include "admin/find/unread.h"
#include "admin/verb.h"
#include "common/base/log.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { EXIT_NOTHING = 1 };

static const char *text_of(const json_t *item, const char *field)
{
    const char *text = json_string_value(json_object_get(item, field));

    return text ? text : "";
}

/* What an event holds is foreign: a terminal shall not obey it. */
static void print_text(const char *text)
{
    for (; *text; text++)
        putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
}

static void print_events(const char *words, const json_t *events)
{
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);

        printf("%s%s (%s)", i ? ", " : words, text_of(event, "event_id"), text_of(event, "action"));
    }
}

static void print_outcome(const json_t *item)
{
    const char *outcome = text_of(item, "outcome");

    if (strcmp(outcome, "reject") == 0) {
        printf("rejected, %s: ", text_of(item, "reason"));
        print_text(text_of(item, "detail"));
        printf(" (%s)", text_of(item, "state"));
    } else if (strcmp(outcome, "duplicate") == 0) {
        printf("duplicate, %s: the first stands",
               json_is_true(json_object_get(item, "same_content")) ? "the same content"
                                                                   : "with other content");
    } else {
        printf("%s", outcome);
    }
    if (json_is_true(json_object_get(item, "effective")))
        printf(", effective");
    print_events(", superseded by ", json_object_get(item, "superseded_by"));
    print_events(", overruled by ", json_object_get(item, "overruled_by"));
    if (strcmp(text_of(item, "action"), "RETRACT") == 0
        || strcmp(text_of(item, "action"), "CORRECT") == 0)
        printf("; it %ss %s", text_of(item, "action")[0] == 'C' ? "correct" : "retract",
               text_of(item, "supersedes_event_id"));
    printf("\n");
}

static void print_item(const json_t *item)
{
    const char *id = text_of(item, "event_id");

    printf("%s %s ", id[0] ? id : "(no event_id to be read)", text_of(item, "type"));
    print_text(text_of(item, "action"));
    printf("\n  source   ");
    print_text(text_of(item, "source"));
    printf(", record ");
    print_text(text_of(item, "source_record_id"));
    printf("\n  kafka    %s/%lld at %lld, published %s\n  outcome  ", text_of(item, "topic"),
           (long long)json_integer_value(json_object_get(item, "partition")),
           (long long)json_integer_value(json_object_get(item, "offset")),
           text_of(item, "published_at"));
    print_outcome(item);
}

static bool print_found(const struct admin_settings *settings, const char *record, json_t *found,
                        const struct unread_counts *counts, struct error *err)
{
    if (!settings->is_json) {
        for (size_t i = 0; i < json_array_size(found); i++)
            print_item(json_array_get(found, i));
        return true;
    }
    json_t *document =
        json_pack("{s:s, s:O, s:{s:I, s:I}}", "record", record, "found", found, "not_yet_taken_in",
                  "messages", (json_int_t)counts->messages, "read", (json_int_t)counts->read);
    bool ok = admin_print_json(document, err);
    json_decref(document);
    return ok;
}

/* What Kafka would not say matters most where nothing else was found. */
static bool conclude(const char *record, size_t count, bool has_asked,
                     const struct unread_counts *counts, int *exit_code, struct error *err)
{
    int64_t left = counts->messages - counts->read;

    if (!has_asked && count == 0)
        return error_context(err, "\"%s\" is not in the database, and Kafka cannot be asked",
                             record);
    if (!has_asked)
        log_warning("what is not yet taken in could not be asked for: %s", err->message);
    else if (left > 0)
        log_warning("%" PRId64 " messages that are not yet taken in were not looked at; let it "
                    "--wait longer",
                    left);
    if (count == 0) {
        fprintf(stderr,
                "nothing found for \"%s\": no event, duplicate or reject, and none of %" PRId64
                " messages not yet taken in\n",
                record, counts->read);
        *exit_code = EXIT_NOTHING;
    }
    return true;
}

static bool find(const struct admin_settings *settings, PGconn *connection, const char *record,
                 json_t *found, int *exit_code, struct error *err)
{
    struct known_schemas schemas = {0};
    struct unread_counts counts = {0};
    struct wanted wanted = {0};
    bool ok = known_schemas_load(connection, &schemas, err)
              && wanted_init(&wanted, record, &schemas, err)
              && stored_find(connection, &wanted, found, err);

    if (ok) {
        bool has_asked = settings->wait_s == 0
                         || unread_find(&settings->kafka, connection, &wanted,
                                        settings->wait_s * 1000, found, &counts, err);

        ok = print_found(settings, record, found, &counts, err)
             && conclude(record, json_array_size(found), has_asked, &counts, exit_code, err);
    }
    wanted_clear(&wanted);
    known_schemas_clear(&schemas);
    return ok;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    if (operands->count != 1)
        return error_set(err, ERROR_USAGE, "name one event_id or one source_record_id; try --help");
    json_t *found = json_array();
    PGconn *connection = admin_connect(settings->database, err);
    bool ok = connection && find(settings, connection, operands->items[0], found, exit_code, err);

    PQfinish(connection);
    json_decref(found);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = AT(is_json),
     .help = "one JSON document instead of text"},
    {.name = "wait",
     .type = OPTION_NUMBER,
     .argument = "SECONDS",
     .initial = "30",
     .offset = AT(wait_s),
     .minimum = 0,
     .maximum = 86400,
     .help = "how long to read what is not yet taken in; 0: not at all"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Search", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb find_verb = {
    .name = "find",
    .program =
        {.name = "coop-admin find",
         .usage = "[options] RECORD",
         .summary =
             "says what became of an event, or of all events of a record.\n"
             "RECORD is an event_id or a source_record_id. Each event, duplicate and reject is\n"
             "told with its place in Kafka, and whether it counts or by what it is superseded;\n"
             "so is what lies in Kafka and is not yet taken in.\n"
             "Exit 0 when something is found, 1 when nothing is, 69 when that cannot be told.",
         .groups = groups},
    .run = run,
};
