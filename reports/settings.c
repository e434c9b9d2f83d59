#include "reports/settings.h"

#include <string.h>

#define AT(member) offsetof(struct report_settings, member)

static const char *const language_names[] = {"en", "zh", "ur", NULL};

static const struct option_row database_rows[] = {
    DATABASE_OPTION(AT(database)),
    {.name = NULL},
};

static const struct option_row report_rows[] = {
    {.name = "as-of",
     .type = OPTION_TEXT,
     .argument = "DATE",
     .offset = AT(as_of),
     .help = "the report of that day, YYYY-MM-DD; agreements as they stood at its end"},
    {.name = "known",
     .type = OPTION_TEXT,
     .argument = "DATE",
     .offset = AT(known),
     .help = "only from what the sources had recorded up to the end of that day"},
    {.name = "lang",
     .type = OPTION_CHOICE,
     .argument = "LANGUAGE",
     .initial = "en",
     .offset = AT(language),
     .choices = language_names,
     .help = "language of titles, headings and codes in the tables"},
    {.name = "json",
     .type = OPTION_SWITCH,
     .offset = AT(is_json),
     .help = "print one JSON document instead of tables"},
    {.name = "csv",
     .type = OPTION_TEXT,
     .argument = "DIR",
     .offset = AT(csv),
     .help = "write one CSV file a section into DIR, which is made if it is missing"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Report", report_rows, 0},
    {"Database", database_rows, 0},
    {"Words", log_option_rows, offsetof(struct report_settings, log)},
    {NULL, NULL, 0},
};

const struct program report_program = {
    .name = "coop-report",
    .usage = "[options]",
    .summary =
        "prints how far campaigns, agreements, facilities, training and targets have come.\n"
        "Reads only, all sections from one snapshot; the role coop_analyst is enough. Days are\n"
        "those of Asia/Karachi.",
    .groups = groups,
    .epilogue =
        "With --as-of, agreements are told as they stood at the end of that day; the other "
        "sections\n"
        "count all events, and take that day for today. With --known there are only the sections\n"
        "agreements and cohorts: of the others it is not kept what was known when.\n"
        "JSON and CSV have the columns of the views and the symbols of the events in every\n"
        "language, and some columns more than the tables.",
};

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* YYYY-MM-DD and nothing else: it goes to the database as it is. */
static bool is_date(const char *text)
{
    static const int days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const char form[] = "dddd-dd-dd";
    int part[3] = {0};
    size_t which = 0;

    if (strlen(text) != strlen(form))
        return false;
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
        if (form[i] == '-')
            which++;
        else
            part[which] = part[which] * 10 + (text[i] - '0');
    }
    if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1)
        return false;
    return part[2] <= days_of[part[1] - 1] + (part[1] == 2 && is_leap_year(part[0]));
}

static bool check_date(const char *option, const char *text, struct error *err)
{
    return !text || is_date(text)
           || error_set(err, ERROR_USAGE,
                        "%s: \"%s\" is not a date of the form YYYY-MM-DD; try --help", option,
                        text);
}

bool report_settings_check(const struct report_settings *settings, struct error *err)
{
    if (settings->is_json && settings->csv)
        return error_set(err, ERROR_USAGE, "give --json or --csv, not both; try --help");
    return check_date("--as-of", settings->as_of, err)
           && check_date("--known", settings->known, err);
}
