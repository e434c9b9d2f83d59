#ifndef COOP_PRODUCERS_SETTINGS_H
#define COOP_PRODUCERS_SETTINGS_H

#include "common/cli/settings.h"

enum on_error { ON_ERROR_STOP, ON_ERROR_SKIP };

struct producer_settings {
    struct kafka_settings kafka;
    struct log_settings log;
    char *schemas;
    char *topic; /**< NULL: the one of the event's type. */
    char *source;
    char *rejects;
    char *receipts;
    char *reason; /**< Of retractions; not NULL exactly where `retracts`. */
    int on_error;
    int64_t delivery_timeout_s;
    bool is_dry_run;
    bool allows_unnamed;
    bool retracts;
    bool shows_template;
    bool shows_codes;
};

extern const struct option_group producer_option_groups[];

/** ERROR_USAGE for options that make no sense together. */
MUST_USE bool producer_settings_check(const struct producer_settings *settings, struct error *err);

#endif
