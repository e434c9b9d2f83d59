#include "admin/position/position.h"

#include <string.h>

#define AT(member) offsetof(struct admin_settings, member)

static const struct {
    const char *name;
    bool (*run)(const struct admin_settings *settings, PGconn *connection,
                const struct operands *operands, struct error *err);
    int least;
    int most;
    const char *wanted;
} sub_verbs[] = {
    {"show", position_show, 0, 1, "at most one TOPIC"},
    {"set", position_set, 3, 3, "TOPIC PARTITION OFFSET"},
    {"new-generation", position_new_generation, 1, 1, "TOPIC"},
};

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    const char *name = operands->count ? operands->items[0] : "";

    (void)exit_code;
    for (size_t i = 0; i < ARRAY_LENGTH(sub_verbs); i++) {
        struct operands rest = {.items = operands->items + 1, .count = operands->count - 1};

        if (strcmp(name, sub_verbs[i].name) != 0)
            continue;
        if (rest.count < sub_verbs[i].least || rest.count > sub_verbs[i].most)
            return error_set(err, ERROR_USAGE, "position %s: expected %s; try --help", name,
                             sub_verbs[i].wanted);
        PGconn *connection = admin_connect(settings->database, err);
        bool ok = connection && sub_verbs[i].run(settings, connection, &rest, err);
        PQfinish(connection);
        return ok;
    }
    return error_set(err, ERROR_USAGE,
                     "expected show, set or new-generation instead of \"%s\"; try --help", name);
}

static const struct option_row rows[] = {
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = AT(is_json),
     .help = "show: one JSON document instead of a table"},
    {.name = "force",
     .type = OPTION_SWITCH,
     .offset = AT(is_forced),
     .help = "set: also while a consumer holds the partition; new-generation: also while the log "
             "has every position"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Positions", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb position_verb = {
    .name = "position",
    .program = {.name = "coop-admin position",
                .usage =
                    "[options] show [TOPIC] | set TOPIC PARTITION OFFSET | new-generation TOPIC",
                .summary =
                    "shows positions, sets one, or begins a topic anew.\n"
                    "show: how far each partition is stored, and who holds it.\n"
                    "set: for one that stands still. Whoever holds it is fenced and goes on from\n"
                    "there. Nothing is stored twice: a position before what is stored is refused.\n"
                    "new-generation: the topic was deleted and made anew. It is read from its\n"
                    "log's beginning; what is stored stays. Running consumers notice by "
                    "themselves,\n"
                    "at the latest 30 s after they said that a partition stands still.",
                .groups = groups},
    .run = run,
};
