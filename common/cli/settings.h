#ifndef COOP_CLI_SETTINGS_H
#define COOP_CLI_SETTINGS_H

#include "common/cli/options.h"

/*
 * The settings that several programs share (docs/contract.md §1). A program puts the structs it
 * needs into its own settings and the groups below into its table.
 */

struct kafka_settings {
    char *brokers;
    struct text_list properties; /**< name=value for librdkafka, in the order given. */
};

struct log_settings {
    int level;  /**< enum log_level */
    int format; /**< enum log_format */
};

extern const struct option_row kafka_option_rows[];
extern const struct option_row log_option_rows[];

/** Single rows, for tables that need one: a char * at that offset. */
#define DATABASE_OPTION(at)                                                                        \
    {                                                                                              \
        .name = "database", .type = OPTION_TEXT, .argument = "CONNINFO", .initial = "",            \
        .offset = (at),                                                                            \
        .help = "PostgreSQL: libpq connection string or URI; PG* variables work as in psql"        \
    }
#define SCHEMAS_OPTION(at)                                                                         \
    {                                                                                              \
        .name = "schemas", .type = OPTION_TEXT, .argument = "DIR", .initial = COOP_SCHEMAS_DIR,    \
        .offset = (at), .help = "folder with the Avro schemas, every *.avsc in it"                 \
    }

#endif
