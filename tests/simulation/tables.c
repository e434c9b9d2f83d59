#include "tests/simulation/tables.h"

#include <stdlib.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/base/memory.h"
#include "common/base/text.h"

const char *const topic_names[TOPICS_MAX] = {"sim.a", "sim.b"};
const char *const table_names[TABLES] = {"sim.event", "sim.note"};
const char position_constraint[] = "event_position";
const char event_constraint[] = "event_event_id";

/* The younger version has a field more, so its rows are of another shape. */
static const char *const schema_texts[SCHEMAS] = {
    "{\"type\":\"record\",\"name\":\"Event\",\"namespace\":\"sim\",\"fields\":["
    "{\"name\":\"event_id\",\"type\":{\"type\":\"string\",\"logicalType\":\"uuid\"}},"
    "{\"name\":\"code\",\"type\":\"int\"},{\"name\":\"serial\",\"type\":\"int\"}]}",
    "{\"type\":\"record\",\"name\":\"Event\",\"namespace\":\"sim\",\"fields\":["
    "{\"name\":\"event_id\",\"type\":{\"type\":\"string\",\"logicalType\":\"uuid\"}},"
    "{\"name\":\"code\",\"type\":\"int\"},{\"name\":\"serial\",\"type\":\"int\"},"
    "{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}]}",
};

static struct plan_column columns[COLUMNS] = {
    [COLUMN_EVENT_ID] = {.name = "event_id",
                         .type_name = "uuid",
                         .type = COLUMN_UUID,
                         .is_required = true},
    [COLUMN_CODE] = {.name = "code",
                     .type_name = "integer",
                     .type = COLUMN_INTEGER,
                     .is_required = true},
    [COLUMN_SERIAL] = {.name = "serial",
                       .type_name = "integer",
                       .type = COLUMN_INTEGER,
                       .is_required = true},
    [COLUMN_NOTE] = {.name = "note", .type_name = "text", .type = COLUMN_TEXT, .has_default = true},
};

static const char rule_sql[] = "case when code < 0 then 'CODE_NEGATIVE'"
                               " when code > 1000 then 'CODE_TOO_LARGE' end";

static struct table tables[TABLES] = {
    [TABLE_EVENT] = {.name = (char *)"sim.event",
                     .columns = columns,
                     .column_count = COLUMNS,
                     .has_origin = {[ORIGIN_ENTITY_KEY] = true,
                                    [ORIGIN_STREAM_ID] = true,
                                    [ORIGIN_KAFKA_PARTITION] = true,
                                    [ORIGIN_KAFKA_OFFSET] = true,
                                    [ORIGIN_PUBLISHED_AT] = true,
                                    [ORIGIN_SCHEMA_ID] = true,
                                    [ORIGIN_AVRO] = true},
                     .has_event_id = true,
                     .event_id = COLUMN_EVENT_ID,
                     .position_constraint = (char *)position_constraint,
                     .rule_sql = (char *)rule_sql},
    [TABLE_NOTE] = {.name = (char *)"sim.note",
                    .columns = columns,
                    .column_count = COLUMNS,
                    .has_origin = {[ORIGIN_STREAM_ID] = true,
                                   [ORIGIN_KAFKA_PARTITION] = true,
                                   [ORIGIN_KAFKA_OFFSET] = true},
                    .position_constraint = (char *)position_constraint,
                    .rule_sql = (char *)rule_sql},
};

static struct schema *schemas[SCHEMAS];
static struct plan *plans[SCHEMAS];
static struct shape *shapes[TABLES][SCHEMAS];
static int32_t schema_ids[SCHEMAS] = {1, 2};
static struct routes routes[LAYOUTS];

size_t tables_of_topic(enum layout layout, size_t topic)
{
    static const size_t of[LAYOUTS][TOPICS_MAX] = {
        [LAYOUT_ONE] = {TABLE_EVENT, TABLE_EVENT},
        [LAYOUT_PLAIN] = {TABLE_NOTE, TABLE_NOTE},
        [LAYOUT_BOTH] = {TABLE_EVENT, TABLE_NOTE},
        [LAYOUT_SHARED] = {TABLE_EVENT, TABLE_EVENT},
    };

    return of[layout][topic];
}

static void make_routes(enum layout layout)
{
    struct routes *made = &routes[layout];
    size_t count = layout == LAYOUT_ONE || layout == LAYOUT_PLAIN ? 1 : TOPICS_MAX;

    *made = (struct routes){.topics = memory_new(count, sizeof(char *)),
                            .items = memory_new(count, sizeof(*made->items)),
                            .count = count,
                            .folder = {.schemas = schemas, .count = SCHEMAS},
                            .schema_ids = schema_ids};
    for (size_t i = 0; i < count; i++) {
        size_t table = tables_of_topic(layout, i);

        made->topics[i] = (char *)topic_names[i];
        made->items[i] = (struct route){.number = i,
                                        .topic = topic_names[i],
                                        .table_name = (char *)table_names[table],
                                        .table = &tables[table],
                                        .plans = plans,
                                        .misfits = memory_new(SCHEMAS, sizeof(char *)),
                                        .shapes = shapes[table],
                                        .schema_count = SCHEMAS};
    }
}

static void make_all(void)
{
    struct error err;

    for (size_t i = 0; i < SCHEMAS; i++) {
        schemas[i] = schema_parse(schema_texts[i], strlen(schema_texts[i]), &err);
        plans[i] = schemas[i] ? plan_compile(schemas[i], columns, COLUMNS, &err) : NULL;
        if (!plans[i]) {
            fprintf(stderr, "simulation: %s\n", err.message);
            exit(70);
        }
    }
    const bool is_filled[COLUMNS] = {true, true, true, true};
    for (size_t table = 0; table < TABLES; table++) {
        for (size_t i = 0; i < SCHEMAS; i++)
            shapes[table][i] =
                shape_new(&tables[table], plans[i], is_filled, (int)(table * SCHEMAS + i));
    }
    for (enum layout layout = 0; layout < LAYOUTS; layout++)
        make_routes(layout);
}

const struct routes *tables_routes(enum layout layout)
{
    if (!schemas[0])
        make_all();
    return &routes[layout];
}

const struct table *tables_get(size_t table)
{
    return &tables[table];
}

void tables_free(void)
{
    for (enum layout layout = 0; layout < LAYOUTS; layout++) {
        for (size_t i = 0; i < routes[layout].count; i++)
            free(routes[layout].items[i].misfits);
        free(routes[layout].topics);
        free(routes[layout].items);
    }
    for (size_t i = 0; i < SCHEMAS; i++) {
        for (size_t table = 0; table < TABLES; table++)
            shape_free(shapes[table][i]);
        plan_free(plans[i]);
        schema_free(schemas[i]);
    }
}

const uint8_t *tables_fingerprint(size_t schema)
{
    return schemas[schema]->fingerprint;
}

const struct shape *tables_find_shape(const char *sql, size_t *table)
{
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t i = 0; i < SCHEMAS; i++) {
            const struct shape *shape = shapes[t][i];

            *table = t;
            if (sql == shape->copy_sql || sql == shape->prepare_sql || sql == shape->sort_sql
                || sql == shape->keep_sql)
                return shape;
        }
    }
    return NULL;
}
