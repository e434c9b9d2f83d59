#include "tests/support/check.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "consumers/lane/partition.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_routes.h"

static const struct route route = {.topic = "sim.a"};

static int open_diary(void **state)
{
    (void)state;
    diary_open();
    return 0;
}

static struct partition in_state(enum partition_state state)
{
    return (struct partition){
        .route = &route, .state = state, .position = 5, .next_offset = 7, .last_published_us = -1};
}

static const struct partition_transition *find(enum partition_state from,
                                               enum partition_event event)
{
    for (size_t i = 0; i < partition_transition_count; i++) {
        if (partition_transitions[i].from == from && partition_transitions[i].event == event)
            return &partition_transitions[i];
    }
    return NULL;
}

static void every_transition_of_the_table_is_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < partition_transition_count; i++) {
        const struct partition_transition *transition = &partition_transitions[i];
        struct partition partition = in_state(transition->from);

        partition_move(&partition, transition->event);
        assert_int_equal(partition.state, transition->to);
        assert_ptr_equal(find(transition->from, transition->event), transition);
    }
}

/* Does the process end by SIGABRT where this event comes in that state? */
static bool aborts(enum partition_state from, enum partition_event event)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        struct partition partition = in_state(from);

        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        partition_move(&partition, event);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void an_event_that_a_state_does_not_know_is_a_fault(void **state)
{
    int unknown = 0;

    (void)state;
#ifdef NDEBUG
    skip();
#endif
    for (enum partition_state from = PARTITION_FREE; from <= PARTITION_HELD; from++) {
        for (enum partition_event event = PARTITION_GIVEN; event <= PARTITION_STOPPED; event++) {
            if (find(from, event))
                continue;
            assert_true(aborts(from, event));
            unknown++;
        }
    }
    assert_int_equal(unknown, 5 * 7 - partition_transition_count);
}

static void whatever_the_group_takes_back_is_free(void **state)
{
    (void)state;
    for (enum partition_state from = PARTITION_CLAIMING; from <= PARTITION_HELD; from++)
        assert_int_equal(find(from, PARTITION_TAKEN_BACK)->to, PARTITION_FREE);
}

static void whatever_is_dropped_is_placed_anew(void **state)
{
    (void)state;
    for (enum partition_state from = PARTITION_CLAIMING; from <= PARTITION_HELD; from++)
        assert_int_equal(find(from, PARTITION_DROPPED)->to, PARTITION_CLAIMING);
}

/* A position, the log as it is, the timestamp that was stored: how it goes on, and where. */
static struct place_case {
    const char *name;
    int64_t position;
    int64_t log_start;
    int64_t log_end;
    int64_t last_published_us;
    enum partition_state state;
    int64_t begin;
} place_cases[] = {
    {"nothing is stored and nothing is there", 0, 0, 0, -1, PARTITION_READING, 0},
    {"the position is at the log's start", 3, 3, 9, 77, PARTITION_READING, 3},
    {"the record before is compared", 4, 3, 9, 77, PARTITION_CHECKING, 3},
    {"of no known timestamp nothing is compared", 4, 3, 9, -1, PARTITION_READING, 4},
    {"a timestamp of 1970 is one", 4, 3, 9, 0, PARTITION_CHECKING, 3},
    {"the position is at the log's end", 9, 3, 9, 77, PARTITION_CHECKING, 8},
    {"the log begins after it", 2, 3, 9, 77, PARTITION_HELD, 2},
    {"the log ends before it", 10, 3, 9, 77, PARTITION_HELD, 10},
};

static void check_place(void **state)
{
    const struct place_case *row = *state;

    for (enum partition_state from = PARTITION_CLAIMING; from <= PARTITION_HELD; from++) {
        struct partition partition = in_state(from);

        partition.position = row->position;
        partition.next_offset = 99;
        partition.end_offset = 99;
        partition.log_start = row->log_start;
        partition.log_end = row->log_end;
        partition.last_published_us = row->last_published_us;
        partition_place(&partition);
        assert_int_equal(partition.state, row->state);
        assert_int_equal(partition.next_offset, row->position);
        assert_int_equal(partition.end_offset, 0);
        assert_int_equal(partition_begin(&partition), row->begin);
    }
}

static void why_it_stands_still_is_said_with_where(void **state)
{
    struct partition partition = in_state(PARTITION_READING);

    (void)state;
    partition.number = 3;
    partition_hold(&partition, "of this");
    diary_expect("error: sim.a/3 stands still at offset 5: of this\n");
}

/* A message that comes in a state: is it taken, and the state after it. */
static struct message_case {
    const char *name;
    enum partition_state before;
    int64_t offset;
    int64_t published_us;
    bool is_taken;
    enum partition_state after;
} message_cases[] = {
    {"what is free takes nothing", PARTITION_FREE, 7, 1, false, PARTITION_FREE},
    {"what is to be claimed takes nothing", PARTITION_CLAIMING, 7, 1, false, PARTITION_CLAIMING},
    {"what stands still takes nothing", PARTITION_HELD, 7, 1, false, PARTITION_HELD},
    {"the next message is taken", PARTITION_READING, 7, 1, true, PARTITION_READING},
    {"one after a gap is taken", PARTITION_READING, 70, 1, true, PARTITION_READING},
    {"one that was taken is not taken again", PARTITION_READING, 6, 1, false, PARTITION_READING},
    {"the record before that is the one", PARTITION_CHECKING, 4, 77, false, PARTITION_READING},
    {"the record before that is another", PARTITION_CHECKING, 4, 78, false, PARTITION_HELD},
    {"the record before without a timestamp", PARTITION_CHECKING, 4, -1, false, PARTITION_HELD},
    {"an older one is not compared", PARTITION_CHECKING, 3, 78, false, PARTITION_CHECKING},
    {"the record before is gone", PARTITION_CHECKING, 7, 78, true, PARTITION_READING},
};

static void check_message(void **state)
{
    const struct message_case *row = *state;
    struct partition partition = in_state(row->before);
    struct message message = {.offset = row->offset, .published_us = row->published_us};

    partition.last_published_us = 77;
    assert_int_equal(partition_accepts(&partition, &message), row->is_taken);
    assert_int_equal(partition.state, row->after);
}

static void an_end_counts_only_while_it_is_read(void **state)
{
    (void)state;
    for (enum partition_state from = PARTITION_FREE; from <= PARTITION_HELD; from++) {
        struct partition partition = in_state(from);

        partition_note_end(&partition, 9);
        assert_int_equal(partition.end_offset, partition_is_read(&partition) ? 9 : 0);
    }
}

static void an_end_behind_the_position_ends_the_comparison(void **state)
{
    struct partition partition = in_state(PARTITION_CHECKING);

    (void)state;
    partition_note_end(&partition, 4);
    assert_int_equal(partition.state, PARTITION_CHECKING);
    partition_note_end(&partition, 5);
    assert_int_equal(partition.state, PARTITION_READING);
}

static void partitions_of_neighbouring_topics_fall_to_different_lanes(void **state)
{
    (void)state;
    assert_int_equal(partition_lane(0, 0, 3), 0);
    assert_int_equal(partition_lane(1, 0, 3), 1);
    assert_int_equal(partition_lane(1, 2, 3), 0);
    assert_int_equal(partition_lane(0, INT32_MAX, 1), 0);
}

static void a_partition_stays_where_it_is_when_others_come(void **state)
{
    struct route items[2] = {{.topic = "one"}, {.number = 1, .topic = "two"}};
    struct routes routes = {.items = items, .count = 2};
    struct partitions partitions;

    (void)state;
    partitions_init(&partitions, &routes);
    struct partition *first = partitions_get(&partitions, 1, 0);
    struct partition *last = partitions_get(&partitions, 1, 40);
    assert_ptr_equal(partitions_get(&partitions, 1, 0), first);
    assert_ptr_equal(partitions_get(&partitions, 1, 40), last);
    assert_int_equal(last->number, 40);
    assert_int_equal(last->state, PARTITION_FREE);
    assert_int_equal(last->last_published_us, -1);
    assert_string_equal(last->route->topic, "two");
    assert_int_equal(partitions.counts[0], 0);
    assert_int_equal(partitions.counts[1], 41);
    partitions_free(&partitions);
    partitions_free(&partitions);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, open_diary)
    enum { OTHERS = 9, PLACES = ARRAY_LENGTH(place_cases), MESSAGES = ARRAY_LENGTH(message_cases) };
    struct CMUnitTest tests[OTHERS + PLACES + MESSAGES] = {
        TEST(every_transition_of_the_table_is_made),
        TEST(an_event_that_a_state_does_not_know_is_a_fault),
        TEST(whatever_the_group_takes_back_is_free),
        TEST(whatever_is_dropped_is_placed_anew),
        TEST(why_it_stands_still_is_said_with_where),
        TEST(an_end_counts_only_while_it_is_read),
        TEST(an_end_behind_the_position_ends_the_comparison),
        TEST(partitions_of_neighbouring_topics_fall_to_different_lanes),
        TEST(a_partition_stays_where_it_is_when_others_come),
    };

    for (size_t i = 0; i < PLACES; i++)
        tests[OTHERS + i] = test_row(place_cases[i].name, check_place, &place_cases[i]);
    for (size_t i = 0; i < MESSAGES; i++)
        tests[OTHERS + PLACES + i] =
            test_row(message_cases[i].name, check_message, &message_cases[i]);
    return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
