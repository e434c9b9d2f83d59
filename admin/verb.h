#ifndef COOP_ADMIN_VERB_H
#define COOP_ADMIN_VERB_H

#include <jansson.h>
#include <libpq-fe.h>

#include "admin/rejects/settings.h"
#include "common/cli/settings.h"

/* One verb of coop-admin: its options, and what it does. One file a verb. */

/** The settings of all verbs; a verb's table fills what it needs. */
struct admin_settings {
    struct kafka_settings kafka;
    struct log_settings log;
    char *database;
    char *sql;
    char *schemas;
    char *group;
    int64_t partitions;
    int64_t replication_factor; /**< 0: as many as there are brokers, at most 3. */
    struct text_list topics;
    int64_t wait_s; /**< Of status: 0 asks once. */
    bool is_json;
    bool is_watching;
    char *listen;            /**< Where a consumer answers: HOST:PORT. */
    struct text_list logins; /**< Connection strings, each with user and password. */
    struct rejects_settings rejects;
    bool is_forced;
};

struct operands {
    char *const *items;
    int count;
};

struct verb {
    const char *name;
    struct program program;
    /**
     * Does it. *exit_code is 0 and may be set where a success has several meanings.
     */
    bool (*run)(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err);
};

extern const struct verb migrate_verb;
extern const struct verb topics_verb;
extern const struct verb reference_verb;
extern const struct verb status_verb;
extern const struct verb audit_verb;
extern const struct verb find_verb;
extern const struct verb rejects_verb;
extern const struct verb position_verb;
extern const struct verb rebuild_verb;
extern const struct verb doctor_verb;
extern const struct verb health_verb;
extern const struct verb logins_verb;

/** ERROR_USAGE for a verb that takes no words, if there are some. */
MUST_USE bool operands_are_none(const struct operands *operands, struct error *err);

/** Connects to a database that this version can work with. NULL on failure. */
PGconn *admin_connect(const char *conninfo, struct error *err);

/** JSON that PostgreSQL has made. NULL, with an error, where it is none. The caller owns it. */
json_t *admin_read_json(const char *text, struct error *err);

/** One JSON document on standard output. ERROR_IO where it cannot be written. */
MUST_USE bool admin_print_json(const json_t *document, struct error *err);

/** Folds all events anew, within the caller's transaction, and says how many. Needs the owner's
 * role. */
MUST_USE bool rebuild_state(PGconn *connection, struct error *err);

/** Tables that several verbs share. */
extern const struct option_row admin_database_rows[];
/** A single row, as those of common/cli/settings.h. */
#define SQL_OPTION(at)                                                                             \
    {                                                                                              \
        .name = "sql", .type = OPTION_TEXT, .argument = "DIR", .initial = COOP_SQL_DIR,            \
        .offset = (at), .help = "folder with roles, migrations and views"                          \
    }

#endif
