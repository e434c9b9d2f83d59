#include "tests/support/check.h"

#include "consumers/postgres/sqlstate.h"

static void an_error_of_postgresql_has_one_meaning(void **state)
{
    static const struct {
        const char *sqlstate;
        const char *schema;
        const char *constraint;
        enum sqlstate_class class;
    } cases[] = {
        {"", "", "", SQLSTATE_OUTAGE},
        {"57P01", "", "", SQLSTATE_OUTAGE},
        {"53100", "", "", SQLSTATE_OUTAGE},
        {"08006", "", "", SQLSTATE_OUTAGE},
        {"55P03", "", "", SQLSTATE_OUTAGE},
        {"CT002", "", "", SQLSTATE_OUTAGE},
        {"08P01", "", "", SQLSTATE_ROW},
        {"22P02", "", "", SQLSTATE_ROW},
        {"23514", "event", "BAD_CODE", SQLSTATE_ROW},
        {"23505", "event", "pkey", SQLSTATE_ROW},
        {"23505", "event", "position_key", SQLSTATE_ALARM},
        {"23505", "ingest", "duplicate_pkey", SQLSTATE_ALARM},
        {"CT001", "", "", SQLSTATE_FENCED},
        {"42501", "", "", SQLSTATE_HOLD},
        {"42P01", "", "", SQLSTATE_HOLD},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_int_equal(sqlstate_classify(cases[i].sqlstate, cases[i].schema, cases[i].constraint,
                                           "position_key"),
                         cases[i].class);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_of_postgresql_has_one_meaning),
    };

    return cmocka_run_group_tests_name("sqlstate", tests, NULL, NULL);
}
