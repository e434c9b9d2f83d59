#include "tests/support/check.h"

#include "tests/support/fake_part.h"

#include "tests/support/fake_diary.h"

static const struct {
    int32_t partition;
    int64_t offset;
    bool is_bad;
} messages[] = {{0, 10, false}, {0, 11, false}, {0, 12, true},
                {1, 40, false}, {0, 15, false}, {1, 41, false}};

int part_stage_open(void **state)
{
    static struct part_stage stage;

    diary_open();
    fake_values_clear();
    stage = (struct part_stage){0};
    fake_routes_init(&stage.routes);
    partitions_init(&stage.partitions, &stage.routes);
    decoder_init(&stage.decoder, &stage.routes, 4 * 1024 * 1024);
    batch_init(&stage.batch, 100, 100000);
    for (int32_t i = 0; i < 2; i++)
        *partitions_get(&stage.partitions, FAKE_A, i) =
            (struct partition){.route = &stage.routes.items[FAKE_A],
                               .number = i,
                               .state = PARTITION_READING,
                               .stream_id = 3,
                               .epoch = 7 + i,
                               .position = 10 + 30 * i,
                               .next_offset = 10 + 30 * i,
                               .end_offset = 99,
                               .last_published_us = 5};
    for (size_t i = 0; i < ARRAY_LENGTH(messages); i++) {
        struct message message =
            messages[i].is_bad
                ? fake_bad_message(&stage.routes, FAKE_A, messages[i].partition, messages[i].offset)
                : fake_message(&stage.routes, FAKE_A, messages[i].partition, messages[i].offset);

        if (!decoder_add(&stage.decoder,
                         partitions_get(&stage.partitions, FAKE_A, messages[i].partition), &message,
                         &stage.batch))
            return -1;
    }
    part_set(&stage.part, &stage.batch, 0, stage.batch.count);
    *state = &stage;
    return 0;
}

int part_stage_close(void **state)
{
    struct part_stage *stage = *state;

    part_free(&stage->part);
    batch_free(&stage->batch);
    decoder_clear(&stage->decoder);
    partitions_free(&stage->partitions);
    routes_clear(&stage->routes);
    return 0;
}
