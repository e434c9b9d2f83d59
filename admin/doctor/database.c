#include "admin/doctor/doctor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admin/migrations.h"
#include "common/base/clock.h"
#include "common/postgres/query.h"

enum { CLOCK_WARN_MS = 2000, CLOCK_FAIL_MS = 60000 };

/* Each gives rows of a verdict and words; "ok" comes with them, too. */
static const struct {
    const char *what;
    const char *sql;
} questions[] = {
    {"durability",
     "select case when current_setting('fsync') = 'off' or current_setting('full_page_writes') = "
     "'off' then 'fail'"
     " when current_setting('synchronous_commit') = 'off' then 'warn' else 'ok' end,"
     " case when current_setting('fsync') = 'off' then 'fsync is off: a power cut destroys the "
     "database; set it on'"
     " when current_setting('full_page_writes') = 'off' then"
     " 'full_page_writes is off: a power cut may destroy the database; set it on'"
     " when current_setting('synchronous_commit') = 'off' then 'synchronous_commit is off: after a "
     "power cut the last"
     " batches are read again from Kafka; nothing is lost, but readers have seen them'"
     " else 'what is committed is on disk' end"},
    {"roles",
     "select case when r.oid is null or r.rolsuper then 'fail' else 'ok' end,"
     " case when r.oid is null then w.name || ' is missing: run coop-admin migrate as a superuser'"
     " when r.rolsuper then w.name || ' is a superuser: alter role ' || w.name || ' nosuperuser'"
     " else w.name || ' ' || w.words end"
     " from (values ('coop_owner', 'owns the tables'), ('coop_consumer', 'writes facts'),"
     " ('coop_analyst', 'reads reports')) as w (name, words) left join pg_roles as r on r.rolname "
     "= w.name"},
    {"rights",
     "with lacking as (select role || ' may not ' || right_ || ' ' || tab as words from (values"
     " ('coop_consumer', 'event.outreach', 'insert'), ('coop_consumer', 'event.agreement', "
     "'insert'),"
     " ('coop_consumer', 'event.training', 'insert'), ('coop_consumer', 'ingest.reject', 'insert'),"
     " ('coop_consumer', 'ingest.duplicate', 'insert'), ('coop_analyst', "
     "'reporting.outreach_funnel', 'select'),"
     " ('coop_analyst', 'reporting.data_freshness', 'select')) as w (role, tab, right_)"
     " where exists (select from pg_roles where rolname = role) and not has_table_privilege(role, "
     "tab, right_)),"
     " surplus as (select role || ' may ' || right_ || ' ' || tab as words from (values"
     " ('coop_consumer'), ('coop_analyst')) as r (role) cross join (values ('event.outreach'), "
     "('event.agreement'),"
     " ('event.training')) as t (tab) cross join (values ('update'), ('delete'), ('truncate')) as "
     "p (right_)"
     " where exists (select from pg_roles where rolname = role and not rolsuper) and "
     "has_table_privilege(role, tab, right_))"
     " select 'fail', words || ': grant it, as migrations do' from lacking union all"
     " select 'fail', words || ', and facts are never changed: revoke it' from surplus union all"
     " select 'ok', 'the consumer adds facts and changes none, analysts read reports'"
     " where not exists (select from lacking) and not exists (select from surplus)"},
    {"rejects",
     "select case when count(*) > 0 then 'warn' else 'ok' end, case when count(*) > 0 then"
     " count(*) || ' refused messages that nobody has looked after: see coop-admin rejects list' "
     "else 'none is open' end"
     " from ingest.reject where state = 'open'"},
    {"reports",
     "select case when is_late then 'warn' else 'ok' end, case when is_late then 'behind by ' || "
     "behind ||"
     " ' messages, and nobody has folded for five minutes: is a consumer running, without "
     "--no-fold?"
     " Else coop-admin rebuild' else 'folded' end from (select behind, behind > 0 and "
     "(select min(coalesce(f.last, '-infinity')) from state.backlog left join (select part,"
     " max(folded_at) as last from state.fold_position group by part) as f using (part))"
     " < now() - interval '5 minutes' as is_late from state.behind() as behind) as r"},
};

static enum verdict verdict_of(const char *word)
{
    return strcmp(word, "ok") == 0     ? VERDICT_OK
           : strcmp(word, "warn") == 0 ? VERDICT_WARN
                                       : VERDICT_FAIL;
}

static void ask(struct doctor *doctor, PGconn *connection, const char *what, const char *sql)
{
    struct error err;
    PGresult *result = query_ask(connection, sql, 0, NULL, &err);

    if (!result)
        doctor_tell(doctor, VERDICT_FAIL, what, "%s", err.message);
    for (int row = 0; row < PQntuples(result); row++)
        doctor_tell(doctor, verdict_of(PQgetvalue(result, row, 0)), what, "%s",
                    PQgetvalue(result, row, 1));
    PQclear(result);
}

static bool look_at_migrations(struct doctor *doctor, PGconn *connection)
{
    struct sql_folder folder = {0};
    struct error err;
    size_t pending = 0;
    bool ok = sql_folder_read(doctor->settings->sql, &folder, &err)
              && migrations_compare(connection, &folder, &pending, &err);

    if (!ok)
        doctor_tell(doctor, VERDICT_FAIL, "migrations", "%s", err.message);
    else if (pending)
        doctor_tell(doctor, VERDICT_FAIL, "migrations",
                    "%zu files of %s are not applied: run coop-admin migrate", pending,
                    doctor->settings->sql);
    else
        doctor_tell(doctor, VERDICT_OK, "migrations", "%zu, up to %s", folder.migration_count,
                    folder.migrations[folder.migration_count - 1].name);
    sql_folder_clear(&folder);
    return ok && !pending;
}

/* Delays and ages are differences between the two. */
static void look_at_clock(struct doctor *doctor, PGconn *connection)
{
    struct error err;
    int64_t before_us = clock_now_us();
    PGresult *result =
        query_ask(connection, "select (extract(epoch from clock_timestamp()) * 1000000)::bigint", 0,
                  NULL, &err);
    int64_t here_us = before_us + (clock_now_us() - before_us) / 2;
    int64_t apart_ms = result ? (query_number(result, 0, 0) - here_us) / 1000 : 0;

    if (!result)
        doctor_tell(doctor, VERDICT_FAIL, "clock", "%s", err.message);
    else if (llabs(apart_ms) < CLOCK_WARN_MS)
        doctor_tell(doctor, VERDICT_OK, "clock", "PostgreSQL's is the same as here");
    else
        doctor_tell(doctor, llabs(apart_ms) < CLOCK_FAIL_MS ? VERDICT_WARN : VERDICT_FAIL, "clock",
                    "PostgreSQL's is %.1f s %s this machine's, so ages and delays are wrong: let "
                    "both follow NTP",
                    (double)llabs(apart_ms) / 1000, apart_ms > 0 ? "ahead of" : "behind");
    PQclear(result);
}

void doctor_look_at_database(struct doctor *doctor)
{
    struct error err;
    PGconn *connection = admin_connect(doctor->settings->database, &err);

    if (!connection) {
        doctor_tell(doctor, VERDICT_FAIL, "database", "%s", err.message);
        return;
    }
    doctor_tell(doctor, VERDICT_OK, "database", "\"%s\" as %s, PostgreSQL %s", PQdb(connection),
                PQuser(connection), PQparameterStatus(connection, "server_version"));
    look_at_clock(doctor, connection);
    if (look_at_migrations(doctor, connection)) {
        for (size_t i = 0; i < ARRAY_LENGTH(questions); i++)
            ask(doctor, connection, questions[i].what, questions[i].sql);
    }
    PQfinish(connection);
}
