#include "producers/settings.h"

#define AT(member) offsetof(struct producer_settings, member)

static const char *const on_error_names[] = {"stop", "skip", NULL};

static const struct option_row rows[] = {
    SCHEMAS_OPTION(AT(schemas)),
    {.name = "source",
     .type = OPTION_TEXT,
     .argument = "NAME",
     .offset = AT(source),
     .help = "emitting system, for lines without one; reverse domain name"},
    {.name = "allow-unnamed",
     .type = OPTION_SWITCH,
     .offset = AT(allows_unnamed),
     .help = "take lines with neither event_id nor source_record_id"},
    {.name = "dry-run",
     .type = OPTION_SWITCH,
     .offset = AT(is_dry_run),
     .help = "check everything, publish nothing, open no connection"},
    {.name = "on-error",
     .type = OPTION_CHOICE,
     .argument = "WHAT",
     .initial = "stop",
     .offset = AT(on_error),
     .choices = on_error_names,
     .help = "at a bad line"},
    {.name = "rejects",
     .type = OPTION_TEXT,
     .argument = "FILE",
     .offset = AT(rejects),
     .help = "write the bad lines to FILE, unchanged"},
    {.name = "receipts",
     .type = OPTION_TEXT,
     .argument = "FILE",
     .offset = AT(receipts),
     .help = "append a JSON line to FILE for each acknowledged event"},
    {.name = NULL},
};

static const struct option_row publish_rows[] = {
    {.name = "topic",
     .letter = 't',
     .type = OPTION_TEXT,
     .argument = "NAME",
     .offset = AT(topic),
     .help = "another topic than the one of this type of event"},
    {.name = "delivery-timeout",
     .type = OPTION_NUMBER,
     .argument = "SECONDS",
     .initial = "300",
     .offset = AT(delivery_timeout_s),
     .minimum = 1,
     .maximum = 86400,
     .help = "how long an event may take to be acknowledged"},
    {.name = NULL},
};

static const struct option_row undo_rows[] = {
    {.name = "retract",
     .type = OPTION_SWITCH,
     .offset = AT(retracts),
     .help = "withdraw the events of the lines; the other options as when they were published"},
    {.name = "reason",
     .type = OPTION_TEXT,
     .argument = "TEXT",
     .offset = AT(reason),
     .help = "why they are withdrawn"},
    {.name = NULL},
};

static const struct option_row show_rows[] = {
    {.name = "template",
     .type = OPTION_SWITCH,
     .offset = AT(shows_template),
     .help = "print a line to begin with, filled and valid, and exit"},
    {.name = "codes",
     .type = OPTION_SWITCH,
     .offset = AT(shows_codes),
     .help = "print the symbols that fields take, or those of the field named in FILE's place"},
    {.name = NULL},
};

const struct option_group producer_option_groups[] = {
    {"Input", rows, 0},
    {"Undoing a wrong upload", undo_rows, 0},
    {"Showing", show_rows, 0},
    {"Publishing", publish_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

bool producer_settings_check(const struct producer_settings *settings, struct error *err)
{
    if (settings->retracts && !settings->reason)
        return error_set(err, ERROR_USAGE, "option \"--retract\" needs --reason; try --help");
    if (settings->reason && !settings->retracts)
        return error_set(err, ERROR_USAGE,
                         "option \"--reason\" goes with --retract only; try --help");
    if (settings->shows_template && settings->shows_codes)
        return error_set(err, ERROR_USAGE, "--template or --codes, not both; try --help");
    return true;
}
