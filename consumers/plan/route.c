#include "consumers/plan/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "consumers/plan/registry.h"

static const char *const default_definitions[] = {
    "coop.outreach.v1=event.outreach",
    "coop.agreement.v1=event.agreement",
    "coop.training.v1=event.training",
};

static bool add_route(struct routes *routes, const char *definition, struct error *err)
{
    const char *sign = strchr(definition, '=');
    struct route *route = &routes->items[routes->count];

    if (!sign || sign == definition || !strchr(sign, '.') || sign[1] == '.')
        return error_set(err, ERROR_USAGE,
                         "option \"--route\": \"%s\" is not TOPIC=SCHEMA.TABLE; try --help",
                         definition);
    char *topic = memory_copy_part(definition, (size_t)(sign - definition));
    for (size_t i = 0; i < routes->count; i++) {
        assert(routes->topics[i]);
        if (strcmp(routes->topics[i], topic) == 0) {
            free(topic);
            return error_set(err, ERROR_USAGE, "option \"--route\": topic \"%s\" given twice",
                             routes->topics[i]);
        }
    }
    routes->topics[routes->count] = topic;
    *route = (struct route){
        .number = routes->count, .topic = topic, .table_name = memory_copy_text(sign + 1)};
    routes->count++;
    return true;
}

bool routes_read(struct routes *out, const char *schemas_path, const struct text_list *definitions,
                 struct error *err)
{
    size_t count = definitions->count ? definitions->count : ARRAY_LENGTH(default_definitions);

    *out = (struct routes){0};
    out->topics = memory_new(count, sizeof(char *));
    out->items = memory_new(count, sizeof(*out->items));
    for (size_t i = 0; i < count; i++) {
        if (!add_route(out, definitions->count ? definitions->items[i] : default_definitions[i],
                       err))
            return false;
    }
    return schema_folder_load(schemas_path, &out->folder, err);
}

/* The plan that `other` already has the columns of, or a new shape. */
static struct shape *find_shape(const struct route *route, size_t schema, const bool *is_filled)
{
    int number = (int)(route->number * route->schema_count + schema);
    struct shape *shape = shape_new(route->table, route->plans[schema], is_filled, number);

    for (size_t i = 0; i < schema; i++) {
        if (route->shapes[i] && shape_equals(route->shapes[i], shape)) {
            shape_free(shape);
            return route->shapes[i];
        }
    }
    return shape;
}

static void shape_plans(struct route *route)
{
    bool *is_filled = memory_new(route->table->column_count, sizeof(*is_filled));

    for (size_t i = 0; i < route->schema_count; i++) {
        for (size_t column = 0; route->plans[i] && column < route->table->column_count; column++)
            is_filled[column] = is_filled[column] || plan_fills(route->plans[i], column);
    }
    for (size_t i = 0; i < route->schema_count; i++) {
        if (route->plans[i])
            route->shapes[i] = find_shape(route, i, is_filled);
    }
    free(is_filled);
}

static const char *record_of(const struct schema *schema)
{
    return schema->root->name ? schema->root->name : "";
}

/* Of a schema that shares no field with the table, only whole bodies could be kept. */
static struct plan *plan_schema(const struct table *table, const struct schema *schema,
                                struct error *err)
{
    struct plan *plan = plan_compile(schema, table->columns, table->column_count, err);

    if (plan && table->column_count && !table->has_origin[ORIGIN_AVRO]
        && plan_overlap(schema, table->columns, table->column_count) == 0) {
        error_set(err, ERROR_CONFIGURATION, "record %s has no field for any column",
                  record_of(schema));
        plan_free(plan);
        return NULL;
    }
    return plan;
}

static bool is_of(const struct schema *schema, const char *record)
{
    return record && strcmp(record_of(schema), record) == 0;
}

/*
 * The record that has more fields in common with the table than any other, NULL where several
 * are as near; and the place of such a schema.
 */
static const char *nearest_record(const struct table *table, const struct schema_folder *folder,
                                  size_t *place)
{
    const char *record = NULL;
    size_t most = 0;

    for (size_t i = 0; i < folder->count; i++) {
        const struct schema *schema = folder->schemas[i];
        size_t overlap = plan_overlap(schema, table->columns, table->column_count);

        if (i == 0 || overlap > most) {
            record = record_of(schema);
            most = overlap;
            *place = i;
        } else if (overlap == most && !is_of(schema, record)) {
            record = NULL;
        }
    }
    return record;
}

/* Somebody must fit; and of the record that the table is made for, every version. */
static bool check_misfits(const struct route *route, const struct schema_folder *folder,
                          struct error *err)
{
    size_t nearest = 0;
    const char *record = nearest_record(route->table, folder, &nearest);
    bool fits = false;
    bool record_fits = false;

    for (size_t i = 0; i < folder->count; i++) {
        fits = fits || route->plans[i];
        record_fits = record_fits || (route->plans[i] && is_of(folder->schemas[i], record));
    }
    if (!fits && !route->misfits[nearest])
        return error_set(err, ERROR_CONFIGURATION, "no schema of record %s for topic \"%s\"",
                         route->record_name, route->topic);
    if (!fits)
        return error_set(err, ERROR_CONFIGURATION,
                         "no schema fits topic \"%s\" and table %s: \"%s\": %s", route->topic,
                         route->table->name, folder->names[nearest], route->misfits[nearest]);
    for (size_t i = 0; i < folder->count; i++) {
        if (record_fits && route->misfits[i] && is_of(folder->schemas[i], record))
            return error_set(err, ERROR_CONFIGURATION, "\"%s\" for table %s: %s", folder->names[i],
                             route->table->name, route->misfits[i]);
    }
    return true;
}

/* With a record name, its schemas must fit; without, those that do not fit may be another's. */
static bool plan_schemas(struct route *route, const struct schema_folder *folder, struct error *err)
{
    route->schema_count = folder->count;
    route->plans = memory_new(folder->count, sizeof(struct plan *));
    route->misfits = memory_new(folder->count, sizeof(char *));
    route->shapes = memory_new(folder->count, sizeof(struct shape *));
    for (size_t i = 0; i < folder->count; i++) {
        const struct schema *schema = folder->schemas[i];
        struct error misfit = {0};

        if (route->record_name && strcmp(route->record_name, record_of(schema)) != 0)
            continue;
        route->plans[i] = plan_schema(route->table, schema, &misfit);
        if (route->plans[i])
            continue;
        if (route->record_name) {
            *err = misfit;
            return error_context(err, "\"%s\" for table %s", folder->names[i], route->table->name);
        }
        route->misfits[i] = memory_copy_text(misfit.message);
    }
    if (!check_misfits(route, folder, err))
        return false;
    shape_plans(route);
    return true;
}

void routes_clear(struct routes *routes)
{
    for (size_t i = 0; i < routes->count; i++) {
        struct route *route = &routes->items[i];

        for (size_t j = 0; j < route->schema_count; j++) {
            plan_free(route->plans ? route->plans[j] : NULL);
            if (route->misfits)
                free(route->misfits[j]);
            bool is_shared = false;
            for (size_t k = 0; route->shapes && k < j; k++)
                is_shared = is_shared || route->shapes[k] == route->shapes[j];
            if (route->shapes && !is_shared)
                shape_free(route->shapes[j]);
        }
        free(route->plans);
        free(route->misfits);
        free(route->shapes);
        free(route->record_name);
        free(route->table_name);
        table_free(route->table);
        free(routes->topics[i]);
    }
    free(routes->topics);
    free(routes->items);
    free(routes->schema_ids);
    schema_folder_clear(&routes->folder);
    *routes = (struct routes){0};
}

size_t routes_find_schema(const struct routes *routes, const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    for (size_t i = 0; i < routes->folder.count; i++) {
        if (memcmp(routes->folder.schemas[i]->fingerprint, fingerprint, FINGERPRINT_BYTES) == 0)
            return i;
    }
    return SIZE_MAX;
}

bool routes_prepare(struct routes *routes, PGconn *connection, struct error *err)
{
    if (!registry_check_server(connection, err))
        return false;
    routes->schema_ids = memory_new(routes->folder.count, sizeof(*routes->schema_ids));
    for (size_t i = 0; i < routes->folder.count; i++) {
        if (!registry_enter_schema(connection, routes->folder.schemas[i], &routes->schema_ids[i],
                                   err))
            return error_context(err, "schema \"%s\"", routes->folder.names[i]);
    }
    for (size_t i = 0; i < routes->count; i++) {
        struct route *route = &routes->items[i];

        route->table = table_describe(connection, route->table_name, err);
        if (!route->table
            || !registry_enter_stream(connection, route->topic, route->table_name,
                                      &route->record_name, err)
            || !plan_schemas(route, &routes->folder, err))
            return false;
    }
    return true;
}
