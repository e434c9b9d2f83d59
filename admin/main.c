#include <stdio.h>
#include <string.h>

#include "admin/verb.h"
#include "common/avro/json_memory.h"
#include "common/base/log.h"
#include "common/base/streams.h"

static const struct verb *const verbs[] = {
    &migrate_verb, &topics_verb, &reference_verb, &logins_verb,  &status_verb,   &health_verb,
    &doctor_verb,  &audit_verb,  &find_verb,      &rejects_verb, &position_verb, &rebuild_verb,
};

static void print_help(void)
{
    printf("coop-admin: the operator's verbs.\n\nUsage: coop-admin VERB [options]\n\nVerbs:\n");
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++)
        printf("  %-12s %.*s\n", verbs[i]->name, (int)strcspn(verbs[i]->program.summary, ".\n"),
               verbs[i]->program.summary);
    printf("\ncoop-admin VERB --help tells the options of a verb.\n");
}

static const struct verb *verb_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(verbs); i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    }
    return NULL;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct admin_settings settings = {0};
    struct error err = {0};
    int exit_code = 0;
    int first = argc;
    enum options_outcome outcome =
        options_read(&verb->program, argc, argv, &settings, &first, &err);
    bool ok = outcome != OPTIONS_FAILED;

    log_open(verb->program.name, (enum log_level)settings.log.level,
             (enum log_format)settings.log.format);
    if (outcome == OPTIONS_RUN) {
        struct operands operands = {.items = argv + first, .count = argc - first};

        ok = verb->run(&settings, &operands, &exit_code, &err);
    }
    ok = ok && streams_finish(&err);
    if (!ok)
        log_error("%s", err.message);
    options_clear(&verb->program, &settings);
    return ok ? exit_code : error_exit_code(err.kind);
}

static int finish(void)
{
    struct error err = {0};

    log_open("coop-admin", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    if (!streams_finish(&err))
        log_error("%s", err.message);
    return error_exit_code(err.kind);
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    const struct verb *verb = verb_of(word);

    streams_open();
    json_memory_open();
    if (verb)
        return run_verb(verb, argc - 1, argv + 1);
    if (strcmp(word, "--help") == 0) {
        print_help();
        return finish();
    }
    if (strcmp(word, "--version") == 0) {
        printf("coop-admin (Cooptrack) %s\n", COOP_VERSION);
        return finish();
    }
    if (word[0])
        fprintf(stderr, "coop-admin: unknown %s \"%s\"; try --help\n",
                word[0] == '-' ? "option" : "verb", word);
    else
        fprintf(stderr, "coop-admin: which verb? try --help\n");
    return error_exit_code(ERROR_USAGE);
}
