#include "tests/support/check.h"

#include "tests/support/fake_lane.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "tests/support/fake_diary.h"

int lane_stage_open(void **state)
{
    struct lane_stage *stage = memory_new(1, sizeof(*stage));

    diary_open();
    fake_values_clear();
    fake_clock_init(&stage->clock);
    fake_database_init(&stage->database);
    fake_source_init(&stage->source);
    fake_routes_init(&stage->routes);
    partitions_init(&stage->partitions, &stage->routes);
    stage->session = fake_session_new("lane 0", &stage->database);
    stage->lane = lane_new(&(struct lane_parts){.limits = {.rows = LANE_BATCH_ROWS,
                                                           .bytes = 100000,
                                                           .wait_ms = LANE_BATCH_WAIT_MS,
                                                           .value_bytes = 200},
                                                .owner = "tests/1",
                                                .clock = &stage->clock.clock,
                                                .source = &stage->source.source,
                                                .session = &stage->session->session,
                                                .partitions = &stage->partitions,
                                                .number = 0,
                                                .lane_count = 1});
    *state = stage;
    return 0;
}

int lane_stage_close(void **state)
{
    struct lane_stage *stage = *state;

    lane_free(stage->lane);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    free(stage);
    return 0;
}

struct partition *lane_stage_partition(struct lane_stage *stage, size_t topic, int32_t number)
{
    return partitions_get(&stage->partitions, topic, number);
}

void lane_stage_give(struct lane_stage *stage, size_t of_a, size_t of_b)
{
    struct partition *given[FAKE_TOPICS * FAKE_PARTITIONS];
    size_t count = 0;

    for (size_t i = 0; i < of_a; i++)
        given[count++] = lane_stage_partition(stage, FAKE_A, (int32_t)i);
    for (size_t i = 0; i < of_b; i++)
        given[count++] = lane_stage_partition(stage, FAKE_B, (int32_t)i);
    lane_give(stage->lane, given, count, stage->clock.now_ms);
}

void lane_stage_ready(struct lane_stage *stage, size_t of_a, size_t of_b)
{
    lane_stage_give(stage, of_a, of_b);
    fake_session_connects(stage->session);
    fake_session_answers(stage->session);
    lane_stage_turn(stage);
    lane_stage_turn(stage);
    diary_clear();
}

void lane_stage_publish(struct lane_stage *stage, size_t topic, int32_t partition, int64_t from,
                        int64_t before)
{
    for (int64_t offset = from; offset < before; offset++) {
        struct message message = fake_message(&stage->routes, topic, partition, offset);

        fake_source_add(&stage->source, &message);
    }
}

enum lane_news lane_stage_hear(struct lane_stage *stage)
{
    int64_t stored = 0;
    enum lane_news news = lane_hear(stage->lane, stage->clock.now_ms, &stored, &stage->err);

    stage->stored += stored;
    if (news != LANE_IS_REFUSED)
        return news;
    struct error refusal = stage->err;
    return lane_hold(stage->lane, refusal.message, stage->clock.now_ms, &stage->err)
               ? LANE_IS_REFUSED
               : LANE_HAS_FAILED;
}

enum lane_news lane_stage_turn(struct lane_stage *stage)
{
    enum lane_news last = LANE_NOTHING_NEW;

    for (;;) {
        enum lane_news news = lane_stage_hear(stage);

        if (news == LANE_NOTHING_NEW)
            break;
        last = news;
    }
    assert_true(lane_fill(stage->lane, stage->clock.now_ms, &stage->err));
    lane_begin(stage->lane, false, stage->clock.now_ms);
    return last;
}

enum lane_news lane_stage_later(struct lane_stage *stage, int64_t milliseconds)
{
    stage->clock.now_ms += milliseconds;
    return lane_stage_turn(stage);
}
