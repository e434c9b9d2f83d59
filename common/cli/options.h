#ifndef COOP_CLI_OPTIONS_H
#define COOP_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/*
 * A setting is one row of a table: the row makes the flag, the environment variable
 * (COOP_ and the name in capitals), the line of --config FILE, the default, the range and
 * the line of --help, from which docs/options.md is made.
 *
 * A value is taken from the flag, else the environment, else the file, else the default.
 * A text that begins with @ is read from the file of that name, without its last newline,
 * so that secrets stay out of command lines.
 */

enum option_type {
    OPTION_TEXT,   /**< char *; owned by the settings; NULL where not given. */
    OPTION_NUMBER, /**< int64_t from `minimum` to `maximum`. */
    OPTION_SWITCH, /**< bool; --name alone; true, false in environment and file. */
    OPTION_CHOICE, /**< int: the place of the word in `choices`. */
    OPTION_LIST,   /**< struct text_list; each occurrence adds one. */
};

struct text_list {
    char **items;
    size_t count;
};

struct option_row {
    const char *name; /**< Long name without dashes; NULL ends the table. */
    char letter;      /**< Short form, 0 for none. */
    enum option_type type;
    const char *argument;       /**< Word for --help, such as FILE; NULL for a switch. */
    const char *initial;        /**< Default as text; NULL for none. */
    size_t offset;              /**< In the struct that the table fills. */
    int64_t minimum, maximum;   /**< OPTION_NUMBER. */
    const char *const *choices; /**< OPTION_CHOICE; NULL at the end. */
    const char *help;           /**< One line, lower case, no full stop. */
    const char *file_prefix; /**< OPTION_LIST: `PREFIX.NAME = value` in the file adds NAME=value. */
};

/** A table and the struct, inside the program's settings, that it fills. */
struct option_group {
    const char *title; /**< Heading in --help. */
    const struct option_row *rows;
    size_t offset; /**< Of that struct in the settings. */
};

struct program {
    const char *name;                  /**< coop-consumer */
    const char *usage;                 /**< What follows the name: [options] [FILE…] */
    const char *summary;               /**< What it does, for --help; lines of 80 characters. */
    const struct option_group *groups; /**< A title of NULL ends it. */
    const char *epilogue;              /**< Last words of --help; NULL for none. */
};

enum options_outcome {
    OPTIONS_RUN,    /**< Settings are filled; go on. */
    OPTIONS_DONE,   /**< --help or --version was printed; exit 0. */
    OPTIONS_FAILED, /**< See err: ERROR_USAGE, or ERROR_CONFIGURATION for environment and file. */
};

/**
 * Reads the command line, the environment and --config into `settings`, which must be
 * zeroed. The operands are argv[*first_operand] and later (argv is reordered).
 */
enum options_outcome options_read(const struct program *program, int argc, char **argv,
                                  void *settings, int *first_operand, struct error *err);

/** Gives back what options_read() allocated; also after a failure. */
void options_clear(const struct program *program, void *settings);

#endif
