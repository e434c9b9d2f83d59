#ifndef COOP_CONSUMERS_SETTINGS_H
#define COOP_CONSUMERS_SETTINGS_H

#include "common/cli/settings.h"

enum { LANES_MAX = 16 };

#define DEFAULT_LISTEN "127.0.0.1:9464"

struct consumer_settings {
    struct kafka_settings kafka;
    struct log_settings log;
    char *database;
    char *schemas;
    char *group;
    struct text_list routes; /**< TOPIC=SCHEMA.TABLE; empty: the three of docs/contract.md. */
    char *listen;            /**< HOST:PORT, or none; NULL: DEFAULT_LISTEN, unless is_until_end. */
    int64_t lanes;
    int64_t batch_rows;
    int64_t batch_bytes;
    int64_t batch_wait_ms;
    int64_t value_bytes_max;
    bool is_until_end;
    bool has_no_fold;
};

extern const struct program consumer_program;

#endif
