#include "tests/support/check.h"

#include "tests/support/fake_routes.h"

#include <stdio.h>
#include <string.h>

#include "common/avro/frame.h"
#include "common/base/memory.h"

#define UUID "{\"type\":\"string\",\"logicalType\":\"uuid\"}"
#define RECORD(more)                                                                               \
    "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"event_id\",\"type\":" UUID        \
    "},{\"name\":\"n\",\"type\":\"int\"}" more "]}"

static const char *const schema_texts[FAKE_SCHEMAS] = {
    [FAKE_R] = RECORD(""),
    [FAKE_R_NOTE] = RECORD(",{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}"),
    [FAKE_STRING] = "\"string\"",
};
static const char *const topics[FAKE_TOPICS] = {"sim.a", "sim.b"};

static unsigned char values[512][256];
static size_t value_count;

const char *fake_topic(size_t topic)
{
    return topics[topic];
}

static void load_schemas(struct routes *routes)
{
    struct error err;

    routes->folder = (struct schema_folder){.schemas = memory_new(FAKE_SCHEMAS, sizeof(void *)),
                                            .names = memory_new(FAKE_SCHEMAS, sizeof(char *)),
                                            .count = FAKE_SCHEMAS};
    routes->schema_ids = memory_new(FAKE_SCHEMAS, sizeof(*routes->schema_ids));
    for (size_t i = 0; i < FAKE_SCHEMAS; i++) {
        routes->folder.schemas[i] = schema_parse(schema_texts[i], strlen(schema_texts[i]), &err);
        assert_non_null(routes->folder.schemas[i]);
        routes->folder.names[i] = memory_copy_text("sim.avsc");
        routes->schema_ids[i] = (int32_t)(100 + i);
    }
}

static void add_column(struct table *table, struct plan_column column)
{
    column.name = memory_copy_text(column.name);
    column.type_name = memory_copy_text("some");
    table->columns[table->column_count++] = column;
}

static struct table *table_a(void)
{
    struct table *table = memory_new(1, sizeof(*table));

    *table = (struct table){.name = memory_copy_text("event.a"),
                            .columns = memory_new(3, sizeof(*table->columns)),
                            .has_event_id = true,
                            .event_id = 0,
                            .position_constraint = memory_copy_text("a_position_key"),
                            .rule_sql = memory_copy_text("null::text")};
    add_column(table,
               (struct plan_column){.name = "event_id", .type = COLUMN_UUID, .is_required = true});
    add_column(table, (struct plan_column){.name = "n", .type = COLUMN_INTEGER});
    add_column(table,
               (struct plan_column){.name = "note", .type = COLUMN_TEXT, .has_default = true});
    for (size_t i = 0; i < ORIGIN_COUNT; i++)
        table->has_origin[i] = true;
    return table;
}

static struct table *table_b(void)
{
    struct table *table = memory_new(1, sizeof(*table));

    *table = (struct table){.name = memory_copy_text("event.b"),
                            .columns = memory_new(1, sizeof(*table->columns)),
                            .position_constraint = memory_copy_text(""),
                            .rule_sql = memory_copy_text("null::text")};
    add_column(table, (struct plan_column){.name = "n", .type = COLUMN_INTEGER});
    table->has_origin[ORIGIN_STREAM_ID] = true;
    table->has_origin[ORIGIN_KAFKA_PARTITION] = true;
    table->has_origin[ORIGIN_KAFKA_OFFSET] = true;
    return table;
}

static void plan(struct route *route, const struct schema_folder *folder, enum fake_schema schema)
{
    static const bool is_filled[] = {true, true, true};
    const struct table *table = route->table;
    struct error err;

    route->plans[schema] =
        plan_compile(folder->schemas[schema], table->columns, table->column_count, &err);
    assert_non_null(route->plans[schema]);
    route->shapes[schema] = shape_new(table, route->plans[schema], is_filled,
                                      (int)(route->number * FAKE_SCHEMAS + schema));
}

static void add_route(struct routes *routes, struct table *table, const char *table_name)
{
    size_t number = routes->count++;

    routes->topics[number] = memory_copy_text(topics[number]);
    routes->items[number] =
        (struct route){.number = number,
                       .topic = routes->topics[number],
                       .table_name = memory_copy_text(table_name),
                       .table = table,
                       .plans = memory_new(FAKE_SCHEMAS, sizeof(struct plan *)),
                       .misfits = memory_new(FAKE_SCHEMAS, sizeof(char *)),
                       .shapes = memory_new(FAKE_SCHEMAS, sizeof(struct shape *)),
                       .schema_count = FAKE_SCHEMAS};
}

void fake_routes_init(struct routes *routes)
{
    *routes = (struct routes){.topics = memory_new(FAKE_TOPICS, sizeof(char *)),
                              .items = memory_new(FAKE_TOPICS, sizeof(*routes->items))};
    load_schemas(routes);
    add_route(routes, table_a(), "event.a");
    add_route(routes, table_b(), "event.b");
    plan(&routes->items[FAKE_A], &routes->folder, FAKE_R);
    plan(&routes->items[FAKE_A], &routes->folder, FAKE_R_NOTE);
    plan(&routes->items[FAKE_B], &routes->folder, FAKE_R);
    routes->items[FAKE_A].misfits[FAKE_STRING] = memory_copy_text("it is no record");
}

void fake_values_clear(void)
{
    value_count = 0;
}

struct fake_value fake_value(const struct routes *routes, enum fake_schema schema, int id, int n,
                             const char *note)
{
    unsigned char *value = values[value_count];
    size_t length = FRAME_SINGLE_OBJECT_BYTES;

    assert_true(value_count++ < ARRAY_LENGTH(values));
    frame_write_head(routes->folder.schemas[schema]->fingerprint, value);
    value[length++] = 2 * UUID_TEXT_LENGTH;
    length += (size_t)snprintf((char *)value + length, UUID_TEXT_LENGTH + 1,
                               "00000000-0000-4000-8000-%012d", id);
    value[length++] = (unsigned char)(2 * n);
    if (schema == FAKE_R_NOTE) {
        value[length++] = note ? 2 : 0;
        if (note)
            length += (size_t)snprintf((char *)value + length, sizeof(values[0]) - length, "%c%s",
                                       (char)(2 * strlen(note)), note);
    }
    return (struct fake_value){value, length};
}

struct message fake_message(const struct routes *routes, size_t topic, int32_t partition,
                            int64_t offset)
{
    struct fake_value value =
        fake_value(routes, FAKE_R, (int)(topic * 1000 + (size_t)offset), 1, NULL);

    return (struct message){.topic = topic,
                            .partition = partition,
                            .offset = offset,
                            .published_us = (1000 + offset) * 1000000,
                            .key = "k",
                            .key_length = 1,
                            .value = value.data,
                            .value_length = value.length};
}

struct message fake_bad_message(const struct routes *routes, size_t topic, int32_t partition,
                                int64_t offset)
{
    struct message message = fake_message(routes, topic, partition, offset);

    message.value = "??";
    message.value_length = 2;
    return message;
}
