#include "tests/support/check.h"

#include "tests/support/fake_pipeline.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "tests/support/fake_diary.h"
#include "tests/support/fake_http.h"

int pipeline_stage_open(void **state)
{
    struct pipeline_stage *stage = memory_new(1, sizeof(*stage));

    diary_open();
    fake_values_clear();
    fake_stop(false);
    fake_clock_init(&stage->clock);
    fake_database_init(&stage->database);
    fake_source_init(&stage->source);
    fake_routes_init(&stage->routes);
    *state = stage;
    return 0;
}

int pipeline_stage_close(void **state)
{
    struct pipeline_stage *stage = *state;

    pipeline_free(stage->pipeline);
    routes_clear(&stage->routes);
    free(stage);
    return 0;
}

static struct fake_session *session_new(struct pipeline_stage *stage,
                                        const struct pipeline_kind *kind, const char *name)
{
    struct fake_session *session = fake_session_new(name, &stage->database);

    session->is_willing = !kind->is_unwilling;
    return session;
}

void pipeline_stage_begin(struct pipeline_stage *stage, const struct pipeline_kind *kind)
{
    static const char *const lanes[] = {"lane 0", "lane 1"};
    static const char *const folds[] = {"fold 0", "fold 1"};
    struct pipeline_parts parts = {.settings = &stage->settings,
                                   .routes = &stage->routes,
                                   .owner = "tests/1",
                                   .clock = &stage->clock.clock,
                                   .source = &stage->source.source,
                                   .http = kind->has_http ? fake_http() : NULL};

    stage->settings = (struct consumer_settings){.lanes = kind->lanes ? (int64_t)kind->lanes : 1,
                                                 .batch_rows = 4,
                                                 .batch_bytes = 100000,
                                                 .batch_wait_ms = 100,
                                                 .value_bytes_max = 200,
                                                 .is_until_end = kind->is_until_end,
                                                 .has_no_fold = kind->folds == 0};
    for (size_t i = 0; i < (size_t)stage->settings.lanes; i++) {
        stage->lanes[i] = session_new(stage, kind, lanes[i]);
        parts.lanes[i] = &stage->lanes[i]->session;
    }
    for (size_t i = 0; i < kind->folds; i++) {
        stage->folds[i] = session_new(stage, kind, folds[i]);
        parts.folds[i] = &stage->folds[i]->session;
    }
    if (kind->is_until_end) {
        stage->positions = session_new(stage, kind, "positions");
        parts.positions = &stage->positions->session;
    }
    stage->pipeline = pipeline_new(&parts, &stage->err);
}

void pipeline_stage_ready(struct pipeline_stage *stage, const struct pipeline_kind *kind,
                          size_t of_a, size_t of_b)
{
    pipeline_stage_begin(stage, kind);
    fake_source_give(&stage->source, of_a, of_b);
    pipeline_stage_turns(stage, 2);
    diary_clear();
}

void pipeline_stage_publish(struct pipeline_stage *stage, size_t topic, int32_t partition,
                            int64_t from, int64_t before)
{
    for (int64_t offset = from; offset < before; offset++) {
        struct message message = fake_message(&stage->routes, topic, partition, offset);

        fake_source_add(&stage->source, &message);
    }
}

enum pipeline_news pipeline_stage_later(struct pipeline_stage *stage, int64_t milliseconds)
{
    stage->clock.now_ms += milliseconds;
    return pipeline_turn(stage->pipeline, &stage->err);
}

enum pipeline_news pipeline_stage_turns(struct pipeline_stage *stage, int turns)
{
    enum pipeline_news news = PIPELINE_RUNS;

    while (turns-- > 0)
        news = pipeline_stage_later(stage, 0);
    return news;
}
