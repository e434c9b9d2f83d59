/* --retract: from a line, the event that withdraws what the line published. */
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/avro/plan.h"
#include "tests/support/event_types.h"

#define NAMED "\"source\": \"pk.gov.test\", \"source_record_id\": \"r1\", "
#define UNNAMED "\"source\": \"pk.gov.test\", "
#define BODY                                                                                       \
    "\"programme_id\": \"P\", \"cohort_id\": \"C\", \"stage\": \"ENROLLED\", \"headcount\": 2"
#define DAY "\"occurred_at\": \"2022-06-20\", "
#define MONTH_CUT                                                                                  \
    "\"occurred_at\": \"2022-06\", \"recorded_at\": \"2022-06-20T10:00:00.123456+05:00\", "
#define INSTANT                                                                                    \
    "\"occurred_at\": \"2022-06-20T10:00:00Z\", \"recorded_at\": \"2022-06-21T10:00:00Z\", "
#define CORRECTS                                                                                   \
    "\"action\": \"CORRECT\", \"supersedes_event_id\": \"018180EA-8b00-8d1e-9c51-3f8e4bd3a0c2\", "
#define CORRECTS_RECORD "\"action\": \"CORRECT\", \"supersedes_source_record_id\": \"r0\", "

static struct line_case {
    const char *name;
    const char *line;
} lines[] = {
    {"an event named by its record", "{" NAMED INSTANT BODY "}"},
    {"a day, recorded at its end", "{" NAMED DAY BODY "}"},
    {"a month that recording cuts short", "{" NAMED MONTH_CUT BODY "}"},
    {"an event with an id of its own",
     "{\"event_id\": \"018180EA-8b00-8d1e-9c51-3f8e4bd3a0c2\", " UNNAMED INSTANT BODY "}"},
    {"an id and a record",
     "{\"event_id\": \"018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2\", " NAMED DAY BODY "}"},
    {"an event named by its content", "{" UNNAMED DAY BODY "}"},
    {"a correction", "{" NAMED CORRECTS INSTANT BODY "}"},
    {"a correction by its record", "{" UNNAMED CORRECTS_RECORD INSTANT BODY "}"},
    {"an assertion with a target, which has no effect",
     "{" NAMED DAY "\"supersedes_event_id\": \"018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2\", " BODY "}"},
};

enum { ACTION, TARGET, OCCURRED, RECORDED, REASON, HEADCOUNT, COLUMNS };

static const struct plan_column columns[COLUMNS] = {
    [ACTION] = {.name = "action", .type_name = "text", .type = COLUMN_TEXT},
    [TARGET] = {.name = "supersedes_event_id", .type_name = "uuid", .type = COLUMN_UUID},
    [OCCURRED] = {.name = "occurred_at", .type_name = "timestamptz", .type = COLUMN_TIMESTAMPTZ},
    [RECORDED] = {.name = "recorded_at", .type_name = "timestamptz", .type = COLUMN_TIMESTAMPTZ},
    [REASON] = {.name = "reason", .type_name = "text", .type = COLUMN_TEXT},
    [HEADCOUNT] = {.name = "headcount", .type_name = "integer", .type = COLUMN_INTEGER},
};

static void decode(struct event_reader *reader, const struct event *event, struct decoded *out)
{
    struct error err;
    struct plan *plan = plan_compile(event_reader_schema(reader), columns, COLUMNS, &err);
    struct frame frame = frame_read(event->value.data, event->value.length);

    assert_non_null(plan);
    decoded_init(out, COLUMNS);
    assert_true(plan_run(plan, frame.body, frame.body_length, out));
    plan_free(plan);
}

static void expect_text(const struct cell *cell, const char *text)
{
    assert_int_equal(cell->kind, CELL_BYTES);
    assert_int_equal(cell->length, strlen(text));
    assert_memory_equal(cell->as.bytes, text, cell->length);
}

static void read_line(struct event_reader *reader, const char *line, struct event *out)
{
    struct fault fault = {.field = ""};

    event_init(out);
    if (!event_read(reader, line, strlen(line), out, &fault))
        fail_msg("field \"%s\": %s", fault.field, fault.message);
}

static void the_retraction_names_what_was_published_and_repeats(void **state)
{
    const struct line_case *row = *state;
    struct error err;
    struct event published;
    struct event retraction;
    struct event again;
    struct decoded was;
    struct decoded is;
    char target[UUID_TEXT_LENGTH + 1];
    struct event_reader *publishing = reader_for("training", &err);
    struct event_reader *retracting = retracting_reader_for("training", "wrong file", &err);

    assert_non_null(publishing);
    assert_non_null(retracting);
    read_line(publishing, row->line, &published);
    read_line(retracting, row->line, &retraction);
    read_line(retracting, row->line, &again);
    decode(publishing, &published, &was);
    decode(retracting, &retraction, &is);
    expect_text(&is.cells[ACTION], "RETRACT");
    expect_text(&is.cells[REASON], "wrong file");
    uuid_format(is.cells[TARGET].as.uuid, target);
    assert_string_equal(target, published.id);
    assert_int_equal(is.cells[OCCURRED].as.integer, was.cells[OCCURRED].as.integer);
    assert_int_equal(is.cells[RECORDED].as.integer, was.cells[RECORDED].as.integer);
    assert_int_equal(is.cells[HEADCOUNT].as.integer, 2);
    assert_string_not_equal(retraction.id, published.id);
    assert_string_equal(retraction.id, again.id);
    assert_int_equal(retraction.value.length, again.value.length);
    assert_memory_equal(retraction.value.data, again.value.data, again.value.length);
    assert_int_equal(retraction.retracts_correction, published.action == ACTION_CORRECT);
    decoded_clear(&was);
    decoded_clear(&is);
    event_clear(&published);
    event_clear(&retraction);
    event_clear(&again);
    event_reader_free(publishing);
    event_reader_free(retracting);
}

/* The id that any system computes for TYPE|RETRACT|TARGET|RECORDED|SOURCE|SOURCE_RECORD_ID. */
static void the_id_is_that_of_the_same_line_written_by_hand(void **state)
{
    static const char format[] =
        "{\"action\": \"RETRACT\", \"supersedes_event_id\": \"%s\", " NAMED INSTANT BODY "}";
    char line[1024];
    struct error err;
    struct event published;
    struct event retraction;
    struct event by_hand;
    struct event_reader *publishing = reader_for("training", &err);
    struct event_reader *retracting = retracting_reader_for("training", "wrong file", &err);

    (void)state;
    read_line(publishing, lines[0].line, &published);
    read_line(retracting, lines[0].line, &retraction);
    snprintf(line, sizeof(line), format, published.id);
    read_line(publishing, line, &by_hand);
    assert_string_equal(retraction.id, by_hand.id);
    event_clear(&published);
    event_clear(&retraction);
    event_clear(&by_hand);
    event_reader_free(publishing);
    event_reader_free(retracting);
}

static void a_retraction_is_not_retracted(void **state)
{
    static const char line[] =
        "{" NAMED INSTANT "\"action\": \"RETRACT\", \"supersedes_source_record_id\": \"r1\", " BODY
        "}";
    struct error err;
    struct event event;
    struct fault fault = {.field = ""};
    struct event_reader *reader = retracting_reader_for("training", "wrong file", &err);

    (void)state;
    event_init(&event);
    assert_false(event_read(reader, line, strlen(line), &event, &fault));
    assert_string_equal(fault.field, "action");
    assert_non_null(strstr(fault.message, "to retract a retraction does nothing"));
    event_clear(&event);
    event_reader_free(reader);
}

static void a_reason_that_no_line_could_have_is_refused_at_once(void **state)
{
    char long_reason[5000];
    struct error err;

    (void)state;
    memset(long_reason, 'x', sizeof(long_reason) - 1);
    long_reason[sizeof(long_reason) - 1] = '\0';
    assert_null(retracting_reader_for("training", long_reason, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_null(retracting_reader_for("training", "", &err));
    assert_null(retracting_reader_for("training", "\xff", &err));
    assert_int_equal(err.kind, ERROR_USAGE);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LENGTH(lines) + 3];
    size_t count = 0;

    for (; count < ARRAY_LENGTH(lines); count++)
        tests[count] = test_row(lines[count].name,
                                the_retraction_names_what_was_published_and_repeats, &lines[count]);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(the_id_is_that_of_the_same_line_written_by_hand);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_retraction_is_not_retracted);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_reason_that_no_line_could_have_is_refused_at_once);
    return cmocka_run_group_tests_name("retraction", tests, NULL, NULL);
}
