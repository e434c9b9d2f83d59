#include "common/cli/settings.h"

#include "common/base/log.h"

const struct option_row kafka_option_rows[] = {
    {.name = "brokers",
     .letter = 'b',
     .type = OPTION_TEXT,
     .argument = "HOST:PORT,...",
     .initial = "localhost:9092",
     .offset = offsetof(struct kafka_settings, brokers),
     .help = "where to find Kafka"},
    {.name = "property",
     .letter = 'X',
     .type = OPTION_LIST,
     .argument = "NAME=VALUE",
     .offset = offsetof(struct kafka_settings, properties),
     .file_prefix = "kafka",
     .help = "any setting of librdkafka, repeatable; kafka.NAME = VALUE in the file"},
    {.name = NULL},
};

const struct option_row log_option_rows[] = {
    {.name = "log-level",
     .type = OPTION_CHOICE,
     .argument = "LEVEL",
     .initial = "info",
     .offset = offsetof(struct log_settings, level),
     .choices = log_level_names,
     .help = "how much to say"},
    {.name = "log-format",
     .type = OPTION_CHOICE,
     .argument = "FORMAT",
     .initial = "text",
     .offset = offsetof(struct log_settings, format),
     .choices = log_format_names,
     .help = "how to say it"},
    {.name = NULL},
};
