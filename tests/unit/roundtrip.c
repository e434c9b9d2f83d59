/* One query and all that comes back, against a server that answers by a script. */
#include "tests/support/check.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "consumers/postgres/roundtrip.h"
#include "tests/support/scripted_server.h"

struct trip {
    struct scripted_server *server;
    PGconn *connection;
    struct roundtrip roundtrip;
};

static struct trip begin(const struct exchange *script, const struct copy_data *copies,
                         size_t count)
{
    struct trip trip = {.server = scripted_server_new(script, NULL)};

    trip.connection = PQconnectStart(trip.server->conninfo);
    while (PQconnectPoll(trip.connection) != PGRES_POLLING_OK) {
        assert_int_equal(PQstatus(trip.connection) == CONNECTION_BAD, false);
        scripted_server_turn(trip.server);
    }
    PQsetnonblocking(trip.connection, 1);
    assert_true(roundtrip_begin(&trip.roundtrip, trip.connection, "the query", copies, count));
    return trip;
}

static void end(struct trip *trip)
{
    scripted_server_check(trip->server);
    roundtrip_clear(&trip->roundtrip);
    PQfinish(trip->connection);
    scripted_server_free(trip->server);
}

static enum roundtrip_status go_on(struct trip *trip)
{
    enum roundtrip_status status = ROUNDTRIP_WAITING;

    for (int i = 0; i < 1000 && status == ROUNDTRIP_WAITING; i++) {
        scripted_server_turn(trip->server);
        status = roundtrip_advance(&trip->roundtrip);
    }
    return status;
}

/* One answer, and how it ends. */
struct answer_case {
    const char *name;
    struct exchange script[2];
    enum roundtrip_status status;
    size_t results;
    const char *sqlstate; /* NULL: no error. */
};

static struct answer_case answers[] = {
    {"a statement with rows", {{"the query", {ROWS("1")}}}, ROUNDTRIP_DONE, 1, NULL},
    {"several statements",
     {{"the query", {TAG("SET"), ROWS("1"), TAG("INSERT 0 5")}}},
     ROUNDTRIP_DONE,
     3,
     NULL},
    {"a refusal", {{"the query", {REFUSAL("C22P02|Mno")}}}, ROUNDTRIP_FAILED, 0, "22P02"},
    {"a refusal after something has been done",
     {{"the query", {TAG("SET"), REFUSAL("C22P02|Mno")}}},
     ROUNDTRIP_FAILED,
     1,
     "22P02"},
    {"of two refusals the first counts",
     {{"the query", {REFUSAL("C22P02|Mno"), REFUSAL("C57P01|Mgone")}}},
     ROUNDTRIP_FAILED,
     0,
     "22P02"},
    {"a notice is none",
     {{"the query", {NOTICE("C01000|Mhear"), TAG("SET")}}},
     ROUNDTRIP_DONE,
     1,
     NULL},
    {"a server that goes away", {{"the query", {CLOSE}}}, ROUNDTRIP_LOST, 0, NULL},
    {"a server that goes away after the first statement",
     {{"the query", {TAG("SET"), CLOSE}}},
     ROUNDTRIP_LOST,
     1,
     NULL},
    {"a server that says why it goes away",
     {{"the query", {REFUSAL("C57P01|Mgone"), CLOSE}}},
     ROUNDTRIP_LOST,
     0,
     "57P01"},
    {"a COPY that nobody has data for", {{"the query", {COPY_IN}}}, ROUNDTRIP_LOST, 0, NULL},
    {"a COPY in the other direction", {{"the query", {COPY_OUT}}}, ROUNDTRIP_LOST, 0, NULL},
    {"a server that says nothing", {{"the query", {SILENCE}}}, ROUNDTRIP_WAITING, 0, NULL},
};

static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static void an_answer_ends_so(void **state)
{
    const struct answer_case *row = *state;
    struct trip trip = begin(row->script, NULL, 0);

    PQsetNoticeProcessor(trip.connection, ignore_notice, NULL);
    assert_int_equal(roundtrip_events(&trip.roundtrip), POLLIN | POLLOUT);
    assert_int_equal(go_on(&trip), row->status);
    if (row->status != ROUNDTRIP_LOST)
        assert_int_equal(roundtrip_events(&trip.roundtrip), POLLIN);
    assert_int_equal(trip.roundtrip.result_count, row->results);
    if (row->sqlstate)
        assert_string_equal(PQresultErrorField(trip.roundtrip.error, PG_DIAG_SQLSTATE),
                            row->sqlstate);
    else
        assert_null(trip.roundtrip.error);
    roundtrip_clear(&trip.roundtrip);
    assert_null(trip.roundtrip.error);
    assert_int_equal(trip.roundtrip.result_count, 0);
    end(&trip);
}

static void more_statements_than_places_leave_the_first(void **state)
{
    static const struct exchange script[] = {{"the query", {ROWS("first"), HUNDRED_TAGS}},
                                             {NULL, {{0}}}};
    struct trip trip = begin(script, NULL, 0);

    (void)state;
    assert_int_equal(go_on(&trip), ROUNDTRIP_DONE);
    assert_int_equal(trip.roundtrip.result_count, RESULTS_MAX);
    assert_string_equal(PQgetvalue(trip.roundtrip.results[0], 0, 0), "first");
    end(&trip);
}

/* Three COPY statements, with pieces of any length, also none. */
static void data_goes_to_its_copy_piece_by_piece(void **state)
{
    static const struct exchange script[] = {
        {"the query", {TAG("SET"), COPY_IN, ROWS("1"), COPY_IN, COPY_IN}}, {NULL, {{0}}}};
    static const struct copy_data copies[] = {
        {{{"one", 3}, {"two", 3}, {"three", 5}}},
        {{{"fo", 2}, {"ur", 2}, {"", 0}}},
        {{{"", 0}, {"", 0}, {"", 0}}},
    };
    struct trip trip = begin(script, copies, ARRAY_LENGTH(copies));

    (void)state;
    assert_int_equal(go_on(&trip), ROUNDTRIP_DONE);
    assert_int_equal(trip.server->copy_count, 3);
    assert_int_equal(trip.server->copies[0].length, 11);
    assert_memory_equal(trip.server->copies[0].data, "onetwothree", 11);
    assert_int_equal(trip.server->copies[1].length, 4);
    assert_memory_equal(trip.server->copies[1].data, "four", 4);
    assert_int_equal(trip.server->copies[2].length, 0);
    assert_int_equal(trip.roundtrip.result_count, 5);
    end(&trip);
}

/* Pieces of 64 kB, to the byte; the server takes nothing for a while in between. */
static void what_the_socket_does_not_take_waits(void **state)
{
    enum { LENGTH = 1024 * 1024 + 1 };
    static const struct exchange script[] = {{"the query", {COPY_IN}}, {NULL, {{0}}}};
    char *bytes = memory_new(LENGTH, 1);
    struct copy_data copy = {{{"<", 1}, {bytes, LENGTH}, {">", 1}}};
    struct trip trip = begin(script, &copy, 1);
    size_t fed = 0;

    (void)state;
    for (size_t i = 0; i < LENGTH; i++)
        bytes[i] = (char)(i % 251);
    assert_int_equal(roundtrip_advance(&trip.roundtrip), ROUNDTRIP_WAITING);
    assert_int_equal(roundtrip_events(&trip.roundtrip), POLLIN);
    while (!trip.roundtrip.is_feeding) {
        scripted_server_turn(trip.server);
        assert_int_equal(roundtrip_advance(&trip.roundtrip), ROUNDTRIP_WAITING);
    }
    assert_false(trip.roundtrip.is_flushed);
    assert_int_equal(roundtrip_events(&trip.roundtrip), POLLIN | POLLOUT);
    fed = trip.roundtrip.offset;
    assert_in_range(fed, 1, LENGTH - 1);
    assert_int_equal(roundtrip_advance(&trip.roundtrip), ROUNDTRIP_WAITING);
    assert_int_equal(trip.roundtrip.offset, fed);
    assert_int_equal(go_on(&trip), ROUNDTRIP_DONE);
    const struct buffer *taken = &trip.server->copies[0];
    assert_int_equal(taken->length, LENGTH + 2);
    assert_int_equal(taken->data[0], '<');
    assert_memory_equal(taken->data + 1, bytes, LENGTH);
    assert_int_equal(taken->data[LENGTH + 1], '>');
    free(bytes);
    end(&trip);
}

static void a_server_that_goes_away_within_a_copy_is_lost(void **state)
{
    enum { LENGTH = 1024 * 1024 };
    static const struct exchange script[] = {{"the query", {COPY_SOME, CLOSE}}, {NULL, {{0}}}};
    char *bytes = memory_new(LENGTH, 1);
    struct copy_data copy = {{{bytes, LENGTH}, {"", 0}, {"", 0}}};
    struct trip trip = begin(script, &copy, 1);

    (void)state;
    assert_int_equal(go_on(&trip), ROUNDTRIP_LOST);
    assert_null(trip.roundtrip.error);
    free(bytes);
    end(&trip);
}

static void nothing_is_sent_where_nobody_is_connected(void **state)
{
    struct roundtrip roundtrip = {0};
    PGconn *connection = PQconnectStart("host=/nowhere port=1");

    (void)state;
    assert_false(roundtrip_begin(&roundtrip, connection, "the query", NULL, 0));
    assert_int_equal(roundtrip_advance(&roundtrip), ROUNDTRIP_LOST);
    roundtrip_clear(&roundtrip);
    PQfinish(connection);
}

int main(void)
{
    enum { OTHERS = 5 };
    struct CMUnitTest tests[OTHERS + ARRAY_LENGTH(answers)] = {
        cmocka_unit_test(more_statements_than_places_leave_the_first),
        cmocka_unit_test(data_goes_to_its_copy_piece_by_piece),
        cmocka_unit_test(what_the_socket_does_not_take_waits),
        cmocka_unit_test(a_server_that_goes_away_within_a_copy_is_lost),
        cmocka_unit_test(nothing_is_sent_where_nobody_is_connected),
    };

    for (size_t i = 0; i < ARRAY_LENGTH(answers); i++)
        tests[OTHERS + i] = test_row(answers[i].name, an_answer_ends_so, &answers[i]);
    return cmocka_run_group_tests_name("roundtrip", tests, NULL, NULL);
}
