#include "admin/doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/avro/folder.h"

#define AT(member) offsetof(struct admin_settings, member)

enum { EXIT_SOMETHING_FAILS = 1 };

void doctor_tell(struct doctor *doctor, enum verdict verdict, const char *what, const char *format,
                 ...)
{
    static const char *const words[] = {"ok", "warn", "fail"};
    va_list arguments;

    printf("%-5s %-11s ", words[verdict], what);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    doctor->told[verdict]++;
}

static void look_at_schemas(struct doctor *doctor)
{
    struct schema_folder folder = {0};
    struct error err;

    if (schema_folder_load(doctor->settings->schemas, &folder, &err))
        doctor_tell(doctor, VERDICT_OK, "schemas", "%zu in %s", folder.count,
                    doctor->settings->schemas);
    else
        doctor_tell(doctor, VERDICT_FAIL, "schemas", "%s: no message can be read without",
                    err.message);
    schema_folder_clear(&folder);
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    struct doctor doctor = {.settings = settings};

    if (!operands_are_none(operands, err))
        return false;
    look_at_schemas(&doctor);
    doctor_look_at_kafka(&doctor);
    doctor_look_at_database(&doctor);
    printf("%d ok, %d warn, %d fail\n", doctor.told[VERDICT_OK], doctor.told[VERDICT_WARN],
           doctor.told[VERDICT_FAIL]);
    *exit_code = doctor.told[VERDICT_FAIL] ? EXIT_SOMETHING_FAILS : 0;
    return true;
}

static const struct option_row rows[] = {
    SCHEMAS_OPTION(AT(schemas)),
    SQL_OPTION(AT(sql)),
    {.name = "group",
     .type = OPTION_TEXT,
     .argument = "NAME",
     .initial = "cooptrack",
     .offset = AT(group),
     .help = "the consumers' group"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"What belongs together", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Kafka", kafka_option_rows, AT(kafka)},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb doctor_verb = {
    .name = "doctor",
    .program = {.name = "coop-admin doctor",
                .usage = "[options]",
                .summary =
                    "looks at everything that a consumer needs, and says what to do.\n"
                    "A line each: ok, warn or fail. Exit 1 if anything fails. Changes\n"
                    "nothing. Give it the consumer's settings for Kafka: it tells what they allow.",
                .groups = groups},
    .run = run,
};
