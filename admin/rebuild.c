#include <stdio.h>

#include "admin/verb.h"
#include "common/base/clock.h"
#include "common/postgres/query.h"

bool rebuild_state(PGconn *connection, struct error *err)
{
    int64_t begun_ms = clock_steady_ms();
    PGresult *result = query_ask(connection, "select events from state.rebuild()", 0, NULL, err);

    if (!result)
        return false;
    printf("state: %s events folded anew, seconds=%.1f\n", PQgetvalue(result, 0, 0),
           (double)(clock_steady_ms() - begun_ms) / 1000);
    PQclear(result);
    return true;
}

static bool run(const struct admin_settings *settings, const struct operands *operands,
                int *exit_code, struct error *err)
{
    (void)exit_code;
    if (!operands_are_none(operands, err))
        return false;
    PGconn *connection = admin_connect(settings->database, err);
    bool ok = connection && query_run(connection, "begin; set local role coop_owner", err)
              && rebuild_state(connection, err) && query_run(connection, "commit", err);
    PQfinish(connection);
    return ok;
}

static const struct option_group groups[] = {
    {"Database", admin_database_rows, 0},
    {"Words", log_option_rows, offsetof(struct admin_settings, log)},
    {NULL, NULL, 0},
};

const struct verb rebuild_verb = {
    .name = "rebuild",
    .program = {.name = "coop-admin rebuild",
                .usage = "[options]",
                .summary =
                    "folds all events anew.\n"
                    "For code lists or rules that were changed by hand, and for a state in doubt.\n"
                    "In one transaction: who reads sees the old reports until the new ones are\n"
                    "complete, and consumers go on storing.",
                .groups = groups},
    .run = run,
};
