#include "common/cli/help.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void help_environment_name(const struct option_row *row, char *out, size_t size)
{
    snprintf(out, size, "COOP_%s", row->name);
    for (char *c = out; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

static void print_row(const struct option_row *row)
{
    char flag[80];
    size_t length = 0;

    if (row->letter)
        length += (size_t)snprintf(flag, sizeof(flag), "-%c, ", row->letter);
    else
        length += (size_t)snprintf(flag, sizeof(flag), "    ");
    length += (size_t)snprintf(flag + length, sizeof(flag) - length, "--%s", row->name);
    if (row->argument)
        snprintf(flag + length, sizeof(flag) - length, " %s", row->argument);

    printf("  %-34s %s", flag, row->help);
    if (row->type == OPTION_CHOICE) {
        for (int i = 0; row->choices[i]; i++)
            printf("%s%s", i ? ", " : ": ", row->choices[i]);
    }
    if (row->type == OPTION_NUMBER)
        printf(" (%" PRId64 " to %" PRId64 ")", row->minimum, row->maximum);
    if (row->initial && row->initial[0])
        printf(" [%s]", row->initial);
    printf("\n");
}

void help_print(const struct program *program)
{
    printf("%s: %s\n\nUsage: %s %s\n", program->name, program->summary, program->name,
           program->usage);
    for (const struct option_group *group = program->groups; group->title; group++) {
        printf("\n%s:\n", group->title);
        for (const struct option_row *row = group->rows; row->name; row++)
            print_row(row);
    }
    printf(
        "\nEverywhere:\n"
        "      --config FILE                    read settings from FILE: name = value, # comments\n"
        "      --help                           print this and exit\n"
        "      --version                        print the version and exit\n"
        "\n"
        "A setting comes from its flag, else from the environment (COOP_ and the name in\n"
        "capitals, as COOP_LOG_LEVEL), else from --config, else it is the default in [].\n"
        "A value @FILE is read from that file.\n"
        "\n"
        "Exit codes: 0 done, 64 usage, 65 invalid input, 66 no input, 69 broker or database\n"
        "not reachable, 70 internal, 74 input/output, 77 not authorised, 78 configuration.\n");
    if (program->epilogue)
        printf("\n%s\n", program->epilogue);
}
