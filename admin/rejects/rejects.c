#include "admin/rejects/rejects.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/stop.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)
#define IN(member) offsetof(struct rejects_settings, member)

/*
 * Replays and discards are done one after another; whoever is second waits. Any number will do,
 * as long as nobody else on the server uses it.
 */
#define LOCK "(4850270863)"

enum { EXIT_DATA = 65, PAGE_ROWS = 1000 };

struct sub_verb {
    const char *name;
    bool (*run)(struct rejects_call *call, struct error *err);
    bool settles; /* Changes rejects, and so wants to be told which. */
    bool by_name_only;
};

static const struct sub_verb sub_verbs[] = {
    {"list", rejects_list, false, false},
    {"show", rejects_show, false, true},
    {"replay", rejects_replay, true, false},
    {"discard", rejects_discard, true, false},
};

static bool take_lock(PGconn *connection, struct error *err)
{
    PGresult *result = query_ask(connection, "select pg_try_advisory_lock" LOCK, 0, NULL, err);
    bool ok = result != NULL;
    bool is_ours = ok && PQgetvalue(result, 0, 0)[0] == 't';

    PQclear(result);
    if (!ok || is_ours)
        return ok;
    log_info("another replay or discard is under way: waiting for its end");
    return query_run(connection, "select pg_advisory_lock" LOCK, err);
}

static const char settled_sql[] =
    "select r.reject_id, r.state, r.settled_by, r.settled_at, r.settled_why" SELECTION_FROM
        SELECTION_WHERE;

bool rejects_tell_settled(struct rejects_call *call, const char *wanted, struct error *err)
{
    int count = 0;

    if (!call->selection->is_by_name)
        return true;
    selection_only_open(call->selection, false);
    do {
        PGresult *page = selection_page(call->selection, settled_sql, PAGE_ROWS, err);

        if (!page)
            return false;
        count = PQntuples(page);
        for (int row = 0; row < count; row++) {
            if (strcmp(PQgetvalue(page, row, 1), "open") == 0)
                continue;
            log_warning("reject %s was %s already, by %s at %s: %s", PQgetvalue(page, row, 0),
                        PQgetvalue(page, row, 1), PQgetvalue(page, row, 2),
                        PQgetvalue(page, row, 3), PQgetvalue(page, row, 4));
            call->is_incomplete |= strcmp(PQgetvalue(page, row, 1), wanted) != 0;
        }
        PQclear(page);
    } while (count > 0);
    selection_only_open(call->selection, true);
    selection_rewind(call->selection, NULL);
    return true;
}

static const struct sub_verb *find_sub_verb(const struct operands *operands, struct error *err)
{
    const char *word = operands->count ? operands->items[0] : NULL;

    for (size_t i = 0; word && i < ARRAY_LENGTH(sub_verbs); i++) {
        if (strcmp(sub_verbs[i].name, word) == 0)
            return &sub_verbs[i];
    }
    if (word)
        error_set(err, ERROR_USAGE,
                  "unknown word \"%s\": list, show, replay or discard; try --help", word);
    else
        error_set(err, ERROR_USAGE, "what with them: list, show, replay or discard? try --help");
    return NULL;
}

static bool has_filter(const struct rejects_settings *settings)
{
    return settings->reasons.count || settings->topic || settings->since || settings->until;
}

static bool is_empty(const char *text)
{
    return !text || !text[0];
}

static bool check_discard(const struct rejects_settings *settings, struct error *err)
{
    if (is_empty(settings->why))
        return error_set(err, ERROR_USAGE, "discard needs a reason: --why TEXT; try --help");
    if (is_empty(settings->by))
        return error_set(err, ERROR_USAGE, "discard needs a name: --by NAME; try --help");
    return true;
}

/* Which rejects, and nothing that would be passed over in silence. */
static bool check_words(const struct sub_verb *verb, const struct rejects_settings *settings,
                        int name_count, struct error *err)
{
    bool is_filtered = has_filter(settings) || settings->is_all;

    if (verb->by_name_only && name_count == 0)
        return error_set(err, ERROR_USAGE,
                         "%s which? a reject's number or TOPIC/PARTITION/OFFSET; try --help",
                         verb->name);
    if (name_count && (is_filtered || settings->limit))
        return error_set(err, ERROR_USAGE,
                         "give rejects by name or by a filter, not both; try --help");
    if (verb->settles && settings->state != REJECTS_OPEN)
        return error_set(err, ERROR_USAGE, "%s takes only open rejects; try --help", verb->name);
    if (verb->settles && settings->is_json)
        return error_set(err, ERROR_USAGE, "--json goes with list and show; try --help");
    if (verb->settles && name_count == 0 && !is_filtered)
        return error_set(err, ERROR_USAGE,
                         "%s which? give rejects, a filter such as --reason, or --all; try --help",
                         verb->name);
    return verb->run != rejects_discard || check_discard(settings, err);
}

static const char *user_name(void)
{
    const struct passwd *user = getpwuid(geteuid());

    return user ? user->pw_name : "unknown";
}

/* Before anything is begun: is the table there, and may this role do it? */
static bool check_rights(PGconn *connection, bool settles, struct error *err)
{
    const char *const privilege[] = {settles ? "update" : "select"};
    PGresult *result = query_ask(connection,
                                 "select to_regclass('ingest.replay') is not null,"
                                 " has_table_privilege(to_regclass('ingest.reject'), $1)"
                                 " and has_table_privilege(to_regclass('ingest.replay'), $1)",
                                 1, privilege, err);
    bool ok = false;

    if (!result) {
        ok = false;
    } else if (PQgetvalue(result, 0, 0)[0] != 't') {
        error_set(err, ERROR_CONFIGURATION,
                  "the database has no table ingest.replay: run coop-admin migrate");
    } else {
        ok = PQgetvalue(result, 0, 1)[0] == 't';
        if (!ok)
            error_set(err, ERROR_NOT_AUTHORISED, "role \"%s\" may not %s rejects",
                      PQuser(connection), settles ? "settle" : "read");
    }
    PQclear(result);
    if (!ok && err->kind == ERROR_NOT_AUTHORISED) {
        size_t length = strlen(err->message);

        snprintf(err->message + length, sizeof(err->message) - length,
                 ": connect as a member of coop_owner");
    }
    return ok;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    const struct rejects_settings *words = &settings->rejects;
    const struct sub_verb *verb = find_sub_verb(operands, err);
    struct selection selection = {0};
    struct rejects_call call = {
        .settings = settings,
        .selection = &selection,
        .by = is_empty(words->by) ? user_name() : words->by,
    };

    if (!verb || !check_words(verb, words, operands->count - 1, err) || !stop_on_signals(err))
        return false;
    call.connection = admin_connect(settings->database, err);
    bool ok = call.connection && check_rights(call.connection, verb->settles, err)
              && (!verb->settles || words->is_dry_run || take_lock(call.connection, err))
              && selection_init(&selection, call.connection, words, operands->items + 1,
                                operands->count - 1, err);
    /* What is shown is named: whatever state it is in. */
    if (ok && verb->by_name_only)
        selection_only_open(&selection, false);
    ok = ok && verb->run(&call, err);
    if (ok && call.is_incomplete)
        *exit_code = EXIT_DATA;
    selection_clear(&selection);
    PQfinish(call.connection);
    return ok;
}

static const char *const state_names[] = {
    [REJECTS_OPEN] = "open", [REJECTS_REPLAYED] = "replayed", [REJECTS_DISCARDED] = "discarded",
    [REJECTS_ALL] = "all",   [REJECTS_ALL + 1] = NULL,
};

static const struct option_row filter_rows[] = {
    {.name = "reason",
     .type = OPTION_LIST,
     .argument = "REASON",
     .offset = IN(reasons),
     .help = "refused for this reason; repeatable"},
    {.name = "topic",
     .type = OPTION_TEXT,
     .argument = "TOPIC",
     .offset = IN(topic),
     .help = "that came by this topic"},
    {.name = "since",
     .type = OPTION_TEXT,
     .argument = "TIME",
     .offset = IN(since),
     .help = "refused then or later: 2022-06-20T10:00:00+05:00, or 2022-06-20 (in UTC)"},
    {.name = "until",
     .type = OPTION_TEXT,
     .argument = "TIME",
     .offset = IN(until),
     .help = "refused before then"},
    {.name = "state",
     .type = OPTION_CHOICE,
     .argument = "STATE",
     .initial = "open",
     .offset = IN(state),
     .choices = state_names,
     .help = "list: open, replayed, discarded or all"},
    {.name = "all",
     .type = OPTION_SWITCH,
     .offset = IN(is_all),
     .help = "replay, discard: every open one"},
    {.name = "limit",
     .type = OPTION_NUMBER,
     .argument = "N",
     .initial = "0",
     .offset = IN(limit),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "at most this many, the oldest first; 0: no limit"},
    {.name = NULL},
};

static const struct option_row action_rows[] = {
    {.name = "dry-run",
     .type = OPTION_SWITCH,
     .offset = IN(is_dry_run),
     .help = "replay, discard: only print what would be done"},
    {.name = "by",
     .type = OPTION_TEXT,
     .argument = "NAME",
     .offset = IN(by),
     .help = "who settles them; for a replay the user's name if not given"},
    {.name = "why",
     .type = OPTION_TEXT,
     .argument = "TEXT",
     .offset = IN(why),
     .help = "why they are settled; discard needs it"},
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = IN(is_json),
     .help = "list, show: one JSON document instead of text"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Which", filter_rows, AT(rejects)},  {"What", action_rows, AT(rejects)},
    {"Database", admin_database_rows, 0}, {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},  {NULL, NULL, 0},
};

const struct verb rejects_verb = {
    .name = "rejects",
    .program =
        {.name = "coop-admin rejects",
         .usage = "[options] list | show REJECT... | replay [REJECT...] | discard [REJECT...]",
         .summary =
             "lists, shows, replays and discards messages that were refused.\n"
             "A REJECT is a number from list, or TOPIC/PARTITION/OFFSET. A replay publishes the\n"
             "original message once more, never twice, and keeps where it went; what fails\n"
             "again is a reject of its own that shows its attempt.",
         .groups = groups,
         .epilogue = "Exit 65 where something that was asked for could not be done."},
    .run = run,
};
