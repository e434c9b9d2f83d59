#include "common/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/streams.h"
#include "common/cli/config_file.h"
#include "common/cli/help.h"
#include "common/cli/value.h"

enum {
    ROWS_MAX = 64,
    /* Codes of getopt_long: above every letter; rows first, then the three of every program. */
    CODE_FIRST_ROW = 256,
    CODE_CONFIG = CODE_FIRST_ROW + ROWS_MAX,
    CODE_HELP,
    CODE_VERSION,
};

/* All rows of a program side by side, with where each goes and whether it has its value. */
struct reader {
    const struct program *program;
    const struct option_row *rows[ROWS_MAX];
    void *targets[ROWS_MAX];
    bool is_given[ROWS_MAX];
    int count;
    const char *config_path;
};

static void reader_init(struct reader *reader, const struct program *program, void *settings)
{
    *reader = (struct reader){.program = program};
    for (const struct option_group *group = program->groups; group->title; group++) {
        for (const struct option_row *row = group->rows; row->name; row++) {
            assert(reader->count < ROWS_MAX);
            reader->rows[reader->count] = row;
            reader->targets[reader->count] = (char *)settings + group->offset + row->offset;
            reader->count++;
        }
    }
}

static int find_letter(const struct reader *reader, int letter)
{
    for (int i = 0; i < reader->count; i++) {
        if (reader->rows[i]->letter == letter)
            return i;
    }
    return -1;
}

/* What getopt_long has just refused, in words: it has printed nothing (opterr is 0). */
static bool refuse(int code, char **argv, struct error *err)
{
    const char *word = argv[optind - 1];

    if (optopt >= CODE_FIRST_ROW || code == ':') {
        const char *what = optopt >= CODE_FIRST_ROW || strncmp(word, "--", 2) == 0 ? word : NULL;
        char letter[3] = {'-', (char)optopt, '\0'};

        return error_set(err, ERROR_USAGE, "option \"%s\" %s; try --help", what ? what : letter,
                         code == ':' ? "needs a value" : "takes no value");
    }
    if (optopt)
        return error_set(err, ERROR_USAGE, "unknown option \"-%c\"; try --help", optopt);
    return error_set(err, ERROR_USAGE, "unknown option \"%s\"; try --help", word);
}

static bool set_row(struct reader *reader, int i, const char *text, struct error *err)
{
    const struct option_row *row = reader->rows[i];

    reader->is_given[i] = true;
    return value_set(row, reader->targets[i], text, err);
}

static bool set_from_flag(struct reader *reader, int i, struct error *err)
{
    if (set_row(reader, i, optarg ? optarg : "true", err))
        return true;
    error_context(err, "option \"--%s\"", reader->rows[i]->name);
    if (err->kind == ERROR_USAGE) {
        size_t length = strlen(err->message);
        snprintf(err->message + length, sizeof(err->message) - length, "; try --help");
    }
    return false;
}

static enum options_outcome read_flags(struct reader *reader, int argc, char **argv,
                                       struct error *err)
{
    struct option options[ROWS_MAX + 4] = {0};
    char letters[2 * ROWS_MAX + 2] = ":";
    size_t length = 1;

    for (int i = 0; i < reader->count; i++) {
        bool has_argument = reader->rows[i]->type != OPTION_SWITCH;

        options[i] = (struct option){reader->rows[i]->name, has_argument, NULL, CODE_FIRST_ROW + i};
        if (reader->rows[i]->letter) {
            letters[length++] = reader->rows[i]->letter;
            if (has_argument)
                letters[length++] = ':';
        }
    }
    options[reader->count] = (struct option){"config", required_argument, NULL, CODE_CONFIG};
    options[reader->count + 1] = (struct option){"help", no_argument, NULL, CODE_HELP};
    options[reader->count + 2] = (struct option){"version", no_argument, NULL, CODE_VERSION};

    opterr = 0;
    optind = 1;
    for (;;) {
        int code = getopt_long(argc, argv, letters, options, NULL);

        if (code == -1)
            return OPTIONS_RUN;
        if (code == CODE_HELP) {
            help_print(reader->program);
            return streams_finish(err) ? OPTIONS_DONE : OPTIONS_FAILED;
        }
        if (code == CODE_VERSION) {
            printf("%s (Cooptrack) %s\n", reader->program->name, COOP_VERSION);
            return streams_finish(err) ? OPTIONS_DONE : OPTIONS_FAILED;
        }
        if (code == CODE_CONFIG) {
            reader->config_path = optarg;
            continue;
        }
        if (code == '?' || code == ':') {
            refuse(code, argv, err);
            return OPTIONS_FAILED;
        }
        int i = code >= CODE_FIRST_ROW ? code - CODE_FIRST_ROW : find_letter(reader, code);
        if (!set_from_flag(reader, i, err))
            return OPTIONS_FAILED;
    }
}

static bool read_environment(struct reader *reader, struct error *err)
{
    for (int i = 0; i < reader->count; i++) {
        char name[80];

        if (reader->is_given[i])
            continue;
        help_environment_name(reader->rows[i], name, sizeof(name));
        const char *text = getenv(name);
        if (text && !set_row(reader, i, text, err)) {
            err->kind = ERROR_CONFIGURATION;
            return error_context(err, "environment variable %s", name);
        }
    }
    return true;
}

static bool has_item(const struct text_list *list, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->items[i], name, length) == 0 && list->items[i][length] == '=')
            return true;
    }
    return false;
}

/* One line of the file. What is already given stands. */
static bool set_from_file(void *context, const char *name, const char *value, struct error *err)
{
    struct reader *reader = context;

    for (int i = 0; i < reader->count; i++) {
        const struct option_row *row = reader->rows[i];
        size_t prefix_length = row->file_prefix ? strlen(row->file_prefix) : 0;

        if (prefix_length && strncmp(name, row->file_prefix, prefix_length) == 0
            && name[prefix_length] == '.') {
            char pair[1024];

            if (has_item(reader->targets[i], name + prefix_length + 1))
                return true;
            if (snprintf(pair, sizeof(pair), "%s=%s", name + prefix_length + 1, value)
                >= (int)sizeof(pair))
                return error_set(err, ERROR_CONFIGURATION, "\"%s\" is too long", name);
            return value_set(row, reader->targets[i], pair, err);
        }
        if (strcmp(row->name, name) == 0)
            return reader->is_given[i] || value_set(row, reader->targets[i], value, err);
    }
    return error_set(err, ERROR_CONFIGURATION, "no setting is called \"%s\"", name);
}

static bool set_defaults(struct reader *reader, struct error *err)
{
    for (int i = 0; i < reader->count; i++) {
        const char *initial = reader->rows[i]->initial;

        if (initial && !value_set(reader->rows[i], reader->targets[i], initial, err))
            return error_context(err, "default of \"--%s\"", reader->rows[i]->name);
    }
    return true;
}

enum options_outcome options_read(const struct program *program, int argc, char **argv,
                                  void *settings, int *first_operand, struct error *err)
{
    struct reader reader;

    reader_init(&reader, program, settings);
    if (!set_defaults(&reader, err))
        return OPTIONS_FAILED;
    enum options_outcome outcome = read_flags(&reader, argc, argv, err);
    if (outcome != OPTIONS_RUN)
        return outcome;
    *first_operand = optind;
    if (!reader.config_path)
        reader.config_path = getenv("COOP_CONFIG");
    if (!read_environment(&reader, err))
        return OPTIONS_FAILED;
    if (reader.config_path && reader.config_path[0]
        && !config_file_read(reader.config_path, set_from_file, &reader, err))
        return OPTIONS_FAILED;
    return OPTIONS_RUN;
}

void options_clear(const struct program *program, void *settings)
{
    struct reader reader;

    reader_init(&reader, program, settings);
    for (int i = 0; i < reader.count; i++)
        value_clear(reader.rows[i], reader.targets[i]);
}
