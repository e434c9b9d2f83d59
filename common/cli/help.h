#ifndef COOP_CLI_HELP_H
#define COOP_CLI_HELP_H

#include "common/cli/options.h"

/** Writes the environment name of an option: COOP_BATCH_ROWS for batch-rows. */
void help_environment_name(const struct option_row *row, char *out, size_t size);

/** Prints what --help promises to standard output. */
void help_print(const struct program *program);

#endif
