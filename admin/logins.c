#include <stdio.h>
#include <string.h>

#include "admin/verb.h"
#include "common/base/memory.h"
#include "common/postgres/connection.h"
#include "common/postgres/query.h"

#define AT(member) offsetof(struct admin_settings, member)

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp(option->keyword, keyword) == 0 && option->val && option->val[0])
            return option->val;
    }
    return NULL;
}

/* As psql's \password does: the server and its log see only what the password is checked by. */
static bool set_password(PGconn *connection, const char *user, const char *password,
                         struct error *err)
{
    char *secret = PQencryptPasswordConn(connection, password, user, NULL);
    char *name = PQescapeIdentifier(connection, user, strlen(user));
    char *literal = secret ? PQescapeLiteral(connection, secret, strlen(secret)) : NULL;
    char sql[1024];

    if (secret && !literal)
        memory_exhausted();
    bool ok =
        name && literal
        && (size_t)snprintf(sql, sizeof(sql), "alter role %s login password %s", name, literal)
               < sizeof(sql);

    if (!ok)
        error_set(err, ERROR_UNAVAILABLE, "%s", PQerrorMessage(connection));
    ok = ok && query_run(connection, sql, err);
    PQfreemem(secret);
    PQfreemem(name);
    PQfreemem(literal);
    return ok || error_context(err, "role \"%s\"", user);
}

/* What libpq says of a wrong connection string may quote it, with the password in it. */
static bool set_login(PGconn *connection, const char *conninfo, struct error *err)
{
    char *complaint = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &complaint);
    if (!options && !complaint)
        memory_exhausted();
    const char *user = options ? value_of(options, "user") : NULL;
    const char *password = options ? value_of(options, "password") : NULL;
    bool ok;

    if (user && password)
        ok = set_password(connection, user, password, err);
    else
        ok = error_set(err, ERROR_USAGE,
                       "option \"--login\" must be a connection string with user and password, "
                       "or @FILE with one; try --help");
    if (ok)
        printf("%s: has its password\n", user);
    PQfreemem(complaint);
    PQconninfoFree(options);
    return ok;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    (void)exit_code;
    if (!operands_are_none(operands, err))
        return false;
    if (settings->logins.count == 0)
        return error_set(err, ERROR_USAGE, "whose? --login @FILE; try --help");
    PGconn *connection = admin_connect(settings->database, err);
    bool ok = connection != NULL;
    for (size_t i = 0; ok && i < settings->logins.count; i++)
        ok = set_login(connection, settings->logins.items[i], err);
    PQfinish(connection);
    return ok;
}

static const struct option_row rows[] = {
    {.name = "login",
     .type = OPTION_LIST,
     .argument = "CONNINFO",
     .offset = AT(logins),
     .help = "connection string with user and password, best as @FILE; repeatable"},
    {.name = NULL},
};

static const struct option_group groups[] = {
    {"Roles", rows, 0},
    {"Database", admin_database_rows, 0},
    {"Words", log_option_rows, AT(log)},
    {NULL, NULL, 0},
};

const struct verb logins_verb = {
    .name = "logins",
    .program = {.name = "coop-admin logins",
                .usage = "--login @FILE [options]",
                .summary =
                    "gives roles the passwords that their connection strings have.\n"
                    "The very files that the consumer and the analysts connect by, so that a\n"
                    "password stands in one place. Needs a superuser, or a role that may do it.",
                .groups = groups},
    .run = run,
};
