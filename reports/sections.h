#ifndef COOP_REPORTS_SECTIONS_H
#define COOP_REPORTS_SECTIONS_H

#include "reports/settings.h"

/* The sections of the report as data: what each asks, and its words in three languages. */

/** A column of a section's table. */
struct section_column {
    const char *field;   /**< Of the section's SQL; NULL ends the columns. */
    const char *instead; /**< Field that is shown where this one is null; NULL for none. */
    const char *list;    /**< Of section_labels_sql, that words the symbols; NULL for none. */
    const char *headings[LANGUAGE_COUNT];
};

struct section {
    const char *name;          /**< In JSON, and of the CSV file; the same in every language. */
    const char *const *titles; /**< One a language. */
    const struct section_column *columns;
    /** One query, without parameters; in a session of session.h. */
    const char *sql;
};

/** The sections that can be told of these days, in order; NULL ends them. */
const struct section *const *sections_of(const struct report_settings *settings);

/** (list, symbol, label) of all code lists; the parameter is the language's place, from 1. */
extern const char section_labels_sql[];

/** Words beside the sections; the last two stand before a date. */
extern const char *const section_empty[LANGUAGE_COUNT];
extern const char *const section_report_date[LANGUAGE_COUNT];
extern const char *const section_known[LANGUAGE_COUNT];

#endif
