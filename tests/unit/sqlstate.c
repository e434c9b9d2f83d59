#include "tests/support/check.h"

#include "consumers/postgres/sqlstate.h"

/* An error as PostgreSQL tells it, and what it means for a batch. */
static struct sqlstate_case {
    const char *name;
    const char *sqlstate;
    const char *schema;
    const char *constraint;
    enum sqlstate_class class;
} cases[] = {
    {"the connection is lost", "", "", "", SQLSTATE_OUTAGE},
    {"shutdown", "57P01", "", "", SQLSTATE_OUTAGE},
    {"statement_timeout", "57014", "", "", SQLSTATE_OUTAGE},
    {"the server is starting up", "57P03", "", "", SQLSTATE_OUTAGE},
    {"disk full", "53100", "", "", SQLSTATE_OUTAGE},
    {"too many connections", "53300", "", "", SQLSTATE_OUTAGE},
    {"connection failure", "08006", "", "", SQLSTATE_OUTAGE},
    {"input/output error", "58030", "", "", SQLSTATE_OUTAGE},
    {"another fault of the system", "58P01", "", "", SQLSTATE_HOLD},
    {"a standby", "25006", "", "", SQLSTATE_OUTAGE},
    {"idle in transaction for too long", "25P03", "", "", SQLSTATE_OUTAGE},
    {"another transaction state", "25P02", "", "", SQLSTATE_HOLD},
    {"serialization failure", "40001", "", "", SQLSTATE_OUTAGE},
    {"deadlock", "40P01", "", "", SQLSTATE_OUTAGE},
    {"another rollback", "40002", "", "", SQLSTATE_HOLD},
    {"lock_timeout", "55P03", "", "", SQLSTATE_OUTAGE},
    {"an object in use", "55006", "", "", SQLSTATE_HOLD},
    {"a newer generation came in between", "CT002", "", "", SQLSTATE_OUTAGE},
    {"claimed by another", "CT001", "", "", SQLSTATE_FENCED},
    {"another one of ours", "CT003", "", "", SQLSTATE_HOLD},
    {"a field of the wrong length", "08P01", "", "", SQLSTATE_ROW},
    {"data", "22P02", "", "", SQLSTATE_ROW},
    {"text of a wrong encoding", "22021", "", "", SQLSTATE_ROW},
    {"not null", "23502", "event", "", SQLSTATE_ROW},
    {"a foreign key", "23503", "event", "fkey", SQLSTATE_ROW},
    {"a rule of the table", "23514", "event", "BAD_CODE", SQLSTATE_ROW},
    {"a rule of ours", "23514", "ingest", "position_check", SQLSTATE_ALARM},
    {"an exclusion", "23P01", "event", "excl", SQLSTATE_ROW},
    {"an id that is there", "23505", "event", "pkey", SQLSTATE_ROW},
    {"a key without a name", "23505", "", "", SQLSTATE_ROW},
    {"a position that is there", "23505", "event", "position_key", SQLSTATE_ALARM},
    {"a rule that has the position's name", "23514", "event", "position_key", SQLSTATE_ROW},
    {"a duplicate that is there", "23505", "ingest", "duplicate_pkey", SQLSTATE_ALARM},
    {"an index row too long", "54000", "", "", SQLSTATE_ROW},
    {"rights", "42501", "", "", SQLSTATE_HOLD},
    {"no such table", "42P01", "", "", SQLSTATE_HOLD},
    {"no such database", "3D000", "", "", SQLSTATE_HOLD},
    {"a wrong password", "28P01", "", "", SQLSTATE_HOLD},
    {"raised by a trigger", "P0001", "", "", SQLSTATE_HOLD},
    {"internal error", "XX000", "", "", SQLSTATE_HOLD},
};

static void check_class(void **state)
{
    const struct sqlstate_case *row = *state;

    assert_int_equal(sqlstate_classify(row->sqlstate, row->schema, row->constraint, "position_key"),
                     row->class);
}

static void without_a_position_constraint_no_key_is_an_alarm(void **state)
{
    (void)state;
    assert_int_equal(sqlstate_classify("23505", "", "", ""), SQLSTATE_ROW);
    assert_int_equal(sqlstate_classify("23505", "event", "position_key", ""), SQLSTATE_ROW);
}

static void only_a_lock_timeout_is_one(void **state)
{
    (void)state;
    assert_true(sqlstate_is_lock_timeout("55P03"));
    assert_false(sqlstate_is_lock_timeout("57014"));
    assert_false(sqlstate_is_lock_timeout(""));
}

int main(void)
{
    enum { OTHERS = 2, CASES = ARRAY_LENGTH(cases) };
    struct CMUnitTest tests[OTHERS + CASES] = {
        cmocka_unit_test(without_a_position_constraint_no_key_is_an_alarm),
        cmocka_unit_test(only_a_lock_timeout_is_one),
    };

    for (size_t i = 0; i < CASES; i++)
        tests[OTHERS + i] = test_row(cases[i].name, check_class, &cases[i]);
    return cmocka_run_group_tests_name("sqlstate", tests, NULL, NULL);
}
