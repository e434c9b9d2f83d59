#ifndef COOP_CLI_CONFIG_FILE_H
#define COOP_CLI_CONFIG_FILE_H

#include "common/base/error.h"

/** Takes one setting of the file; its failure ends the reading. */
typedef bool config_file_take(void *context, const char *name, const char *value,
                              struct error *err);

/**
 * Reads `name = value` lines; blank lines and lines that begin with # are passed over,
 * blanks around name and value dropped. ERROR_CONFIGURATION names file and line.
 */
MUST_USE bool config_file_read(const char *path, config_file_take *take, void *context,
                               struct error *err);

#endif
