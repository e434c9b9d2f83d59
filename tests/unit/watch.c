#include "tests/support/check.h"

#include <string.h>

#include "tests/support/fake_diary.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_pipeline.h"

/* What a pipeline tells those who watch it: over HTTP, and in the log. */

static const struct pipeline_kind watched = {.has_http = true};

static void assert_readiness(struct pipeline_stage *stage, const char *readiness)
{
    pipeline_stage_later(stage, 0);
    assert_string_equal(fake_http_readiness(), readiness);
}

static void it_is_ready_once_everything_is_claimed(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){.has_http = true, .is_unwilling = true});
    assert_readiness(stage, "the group has given us no partition");
    fake_source_give(&stage->source, 0, 0);
    assert_readiness(stage, "the group has given us no partition");
    fake_source_give(&stage->source, 1, 0);
    assert_readiness(stage, "not connected to PostgreSQL");
    fake_session_connects(stage->lanes[0]);
    assert_readiness(stage, "claiming partitions");
    fake_session_answers(stage->lanes[0]);
    assert_readiness(stage, "ready");
    pipeline_drain(stage->pipeline);
    assert_readiness(stage, "stopping");
}

static void an_outage_pauses_reading_and_the_group_is_still_heard(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 9);
    pipeline_stage_ready(stage, &watched, 1, 0);
    stage->lanes[0]->is_willing = false;
    pipeline_stage_turns(stage, 1);
    diary_clear();
    pipeline_stage_later(stage, 4999);
    assert_readiness(stage, "ready");
    pipeline_stage_later(stage, 1);
    assert_readiness(stage, "reading is paused: PostgreSQL does not keep up");
    assert_non_null(strstr(fake_http_page(), "coop_paused 0\n"));
    pipeline_stage_later(stage, 1000);
    assert_non_null(strstr(fake_http_page(), "coop_paused 1\n"));
    diary_expect("kafka: commit sim.a/0@0\n"
                 "warning: nothing could be written for 5 s: reading is paused\n");
    stage->lanes[0]->is_willing = true;
    pipeline_stage_turns(stage, 1);
    diary_expect("lane 0: write sim.a/0 4->8 e1; rows 0@4 0@5 0@6 0@7\n"
                 "info: reading goes on\n");
    assert_readiness(stage, "ready");
}

static void numbers_are_told_every_second(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &watched);
    pipeline_stage_turns(stage, 2);
    assert_int_equal(fake_http_pages(), 1);
    pipeline_stage_later(stage, 999);
    assert_int_equal(fake_http_pages(), 1);
    pipeline_stage_later(stage, 1);
    assert_int_equal(fake_http_pages(), 2);
}

/* The page as it is a second later. */
static const char *page(struct pipeline_stage *stage)
{
    pipeline_stage_later(stage, 1000);
    return fake_http_page();
}

static void assert_tells(struct pipeline_stage *stage, const char *line)
{
    const char *text = page(stage);

    if (!strstr(text, line))
        fail_msg("no line %s of:\n%s", line, text);
}

static void it_counts_what_became_of_messages(void **state)
{
    struct pipeline_stage *stage = *state;
    struct message bad = fake_bad_message(&stage->routes, FAKE_A, 0, 3);

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 3);
    fake_source_add(&stage->source, &bad);
    stage->database.repeats = 1;
    pipeline_stage_ready(stage, &watched, 1, 1);
    pipeline_stage_turns(stage, 1);
    assert_tells(stage, "coop_events_total{topic=\"sim.a\",outcome=\"stored\"} 2\n");
    assert_tells(stage, "coop_events_total{topic=\"sim.a\",outcome=\"duplicate\"} 1\n");
    assert_tells(stage, "coop_events_total{topic=\"sim.a\",outcome=\"rejected\"} 1\n");
    assert_tells(stage, "coop_events_total{topic=\"sim.b\",outcome=\"stored\"} 0\n");
    assert_tells(stage, "coop_batch_rows_count 1\n");
    assert_tells(stage, "coop_rebalances_total 1\n");
}

static void lag_is_what_kafka_has_and_postgresql_has_not(void **state)
{
    struct pipeline_stage *stage = *state;

    fake_database_store(&stage->database, FAKE_A, 0, 2, -1);
    stage->source.logs[FAKE_A][0].end = 5;
    stage->source.logs[FAKE_A][1].end = 5;
    stage->source.logs[FAKE_A][1].told_end = 8;
    pipeline_stage_ready(stage, &watched, 2, 0);
    assert_tells(stage, "coop_lag_events{topic=\"sim.a\",partition=\"0\"} 3\n");
    assert_tells(stage, "coop_lag_events{topic=\"sim.a\",partition=\"1\"} 8\n");
    assert_null(strstr(fake_http_page(), "sim.b\",partition"));
    fake_source_tell(&stage->source, GROUP_TAKEN_BACK);
    assert_null(strstr(page(stage), "coop_lag_events{"));
}

static void one_that_is_behind_its_position_has_no_lag(void **state)
{
    struct pipeline_stage *stage = *state;

    fake_database_store(&stage->database, FAKE_A, 0, 9, -1);
    stage->source.logs[FAKE_A][0].end = 5;
    pipeline_stage_ready(stage, &watched, 1, 0);
    assert_tells(stage, "coop_lag_events{topic=\"sim.a\",partition=\"0\"} 0\n");
    assert_tells(stage, "coop_held_partitions 1\n");
}

static void the_newest_event_of_a_topic_has_an_age(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &watched, 2, 0);
    assert_null(strstr(page(stage), "coop_newest_event_age_seconds{"));
    pipeline_stage_publish(stage, FAKE_A, 0, 3, 4); /* Published at second 1,003. */
    pipeline_stage_publish(stage, FAKE_A, 1, 1, 2);
    pipeline_stage_turns(stage, 1);
    pipeline_stage_later(stage, 100);
    pipeline_stage_turns(stage, 1);
    stage->clock.now_ms = 1009000;
    assert_tells(stage, "coop_newest_event_age_seconds{topic=\"sim.a\"} 7.000\n");
}

static void it_says_whether_all_lanes_are_connected(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_ready(stage, &(struct pipeline_kind){.lanes = 2, .has_http = true}, 2, 0);
    assert_tells(stage, "coop_database_up 1\n");
    stage->lanes[1]->is_willing = false;
    fake_session_loses_idle(stage->lanes[1]);
    assert_tells(stage, "coop_database_up 0\n");
    assert_tells(stage, "coop_retries_total{sqlstate=\"none\"} 1\n");
    assert_string_equal(fake_http_readiness(), "ready");
}

static void reports_are_as_far_behind_as_the_fold_that_knows_of_more(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(
        stage, &(struct pipeline_kind){.folds = 2, .has_http = true, .is_unwilling = true});
    assert_null(strstr(page(stage), "coop_unfolded_events 0"));
    stage->database.behind = 7;
    fake_session_connects(stage->folds[0]);
    fake_session_answers(stage->folds[0]);
    pipeline_stage_turns(stage, 2);
    stage->database.behind = 4;
    fake_session_connects(stage->folds[1]);
    fake_session_answers(stage->folds[1]);
    pipeline_stage_turns(stage, 2);
    assert_tells(stage, "coop_unfolded_events 7\n");
}

static void nobody_asks_where_there_is_no_http(void **state)
{
    struct pipeline_stage *stage = *state;

    fake_http();
    pipeline_stage_begin(stage, &(struct pipeline_kind){.folds = 1});
    pipeline_stage_later(stage, 5000);
    assert_int_equal(fake_http_pages(), 0);
    assert_string_equal(fake_http_readiness(), "nobody has beaten");
}

static void the_log_tells_once_a_minute_what_was_done_in_it(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_publish(stage, FAKE_A, 0, 0, 4);
    pipeline_stage_ready(stage, &(struct pipeline_kind){0}, 1, 1);
    pipeline_stage_turns(stage, 1);
    stage->lanes[0]->is_willing = false;
    pipeline_stage_later(stage, 59999);
    assert_int_equal(diary_count("last minute"), 0);
    pipeline_stage_later(stage, 1);
    assert_int_equal(diary_count("info: last minute: stored=4 duplicates=0 rejects=0 batches=1 "
                                 "sieved=0 seconds=60.0\n"),
                     1);
    stage->lanes[0]->is_willing = true;
    pipeline_stage_publish(stage, FAKE_A, 0, 4, 8);
    pipeline_stage_turns(stage, 4);
    pipeline_stage_later(stage, 61000);
    assert_int_equal(diary_count("info: last minute: stored=4 duplicates=0 rejects=0 batches=1 "
                                 "sieved=0 seconds=61.0\n"),
                     1);
}

static void a_minute_without_a_batch_is_not_worth_a_line(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_stage_begin(stage, &(struct pipeline_kind){0});
    pipeline_stage_later(stage, 60000);
    diary_expect("");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, pipeline_stage_open, pipeline_stage_close)
    const struct CMUnitTest tests[] = {
        TEST(it_is_ready_once_everything_is_claimed),
        TEST(an_outage_pauses_reading_and_the_group_is_still_heard),
        TEST(numbers_are_told_every_second),
        TEST(it_counts_what_became_of_messages),
        TEST(lag_is_what_kafka_has_and_postgresql_has_not),
        TEST(one_that_is_behind_its_position_has_no_lag),
        TEST(the_newest_event_of_a_topic_has_an_age),
        TEST(it_says_whether_all_lanes_are_connected),
        TEST(reports_are_as_far_behind_as_the_fold_that_knows_of_more),
        TEST(nobody_asks_where_there_is_no_http),
        TEST(the_log_tells_once_a_minute_what_was_done_in_it),
        TEST(a_minute_without_a_batch_is_not_worth_a_line),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
