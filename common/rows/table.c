#include "common/rows/table.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/memory.h"
#include "common/postgres/query.h"

enum { SQL_BYTES_MAX = 1024 * 1024 };

/* pg_attribute.atttypmod of numeric(p, s), see make_numeric_typmod() in utils/adt/numeric.c; of
 * varchar(n). */
enum {
    TYPMOD_HEADER = 4,
    TYPMOD_SCALE_MASK = 0x7ff,
    TYPMOD_SCALE_SIGN = 0x400,
    TYPMOD_PRECISION_SHIFT = 16,
};

static const struct {
    const char *name;
    const char *type;
} origins[] = {
    [ORIGIN_ENTITY_KEY] = {"entity_key", "text"},
    [ORIGIN_STREAM_ID] = {"stream_id", "int2"},
    [ORIGIN_KAFKA_PARTITION] = {"kafka_partition", "int4"},
    [ORIGIN_KAFKA_OFFSET] = {"kafka_offset", "int8"},
    [ORIGIN_PUBLISHED_AT] = {"published_at", "timestamptz"},
    [ORIGIN_SCHEMA_ID] = {"schema_id", "int4"},
    [ORIGIN_AVRO] = {"avro", "bytea"},
};

const char *origin_name(enum origin origin)
{
    return origins[origin].name;
}

bool table_has_position(const struct table *table)
{
    return table->has_origin[ORIGIN_STREAM_ID] && table->has_origin[ORIGIN_KAFKA_PARTITION]
           && table->has_origin[ORIGIN_KAFKA_OFFSET];
}

bool table_append_name(struct buffer *sql, const char *name)
{
    if (!buffer_append_byte(sql, '"'))
        return false;
    for (const char *c = name; *c; c++) {
        if ((*c == '"' && !buffer_append_byte(sql, '"'))
            || !buffer_append_byte(sql, (unsigned char)*c))
            return false;
    }
    return buffer_append_byte(sql, '"');
}

/* Names of pg_type, without the underscore that arrays begin with. */
static enum column_type type_of(const char *name)
{
    static const struct {
        const char *name;
        enum column_type type;
    } types[] = {
        {"bool", COLUMN_BOOLEAN},        {"int4", COLUMN_INTEGER},
        {"int8", COLUMN_BIGINT},         {"float4", COLUMN_REAL},
        {"float8", COLUMN_DOUBLE},       {"numeric", COLUMN_NUMERIC},
        {"text", COLUMN_TEXT},           {"varchar", COLUMN_VARCHAR},
        {"bytea", COLUMN_BYTEA},         {"uuid", COLUMN_UUID},
        {"date", COLUMN_DATE},           {"time", COLUMN_TIME},
        {"timestamp", COLUMN_TIMESTAMP}, {"timestamptz", COLUMN_TIMESTAMPTZ},
        {"interval", COLUMN_INTERVAL},   {"jsonb", COLUMN_JSONB},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    }
    return COLUMN_OTHER;
}

/* All that is asked of the catalog has one parameter: the table's name. */
static PGresult *ask(PGconn *connection, const char *sql, const char *name, struct error *err)
{
    return query_ask(connection, sql, 1, &name, err);
}

static bool is_true(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

static bool find_origin(const char *name, enum origin *out)
{
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        if (strcmp(origins[i].name, name) == 0) {
            *out = (enum origin)i;
            return true;
        }
    }
    return false;
}

/* What the type's modifier takes away, as far as values can be compared with it. */
static void set_limits(struct plan_column *column, int typmod)
{
    int limit = typmod - TYPMOD_HEADER;

    switch (column->type) {
    case COLUMN_NUMERIC:
        column->precision = limit >> TYPMOD_PRECISION_SHIFT;
        column->scale = ((limit & TYPMOD_SCALE_MASK) ^ TYPMOD_SCALE_SIGN) - TYPMOD_SCALE_SIGN;
        break;
    case COLUMN_VARCHAR:
        column->length_max = limit;
        break;
    case COLUMN_TIME:
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        column->rounds_to_us = typmod < 6 ? 1 : 0;
        for (int decimals = typmod; decimals < 6; decimals++)
            column->rounds_to_us *= 10;
        break;
    case COLUMN_INTERVAL:
        column->type = COLUMN_OTHER;
        break;
    default:
        break;
    }
}

static bool add_column(struct table *table, const PGresult *result, int row, struct error *err)
{
    const char *name = PQgetvalue(result, row, 0);
    const char *type = PQgetvalue(result, row, 1);
    int typmod = (int)strtol(PQgetvalue(result, row, 2), NULL, 10);
    enum origin origin;

    if (find_origin(name, &origin)) {
        table->has_origin[origin] = true;
        if (strcmp(type, origins[origin].type) != 0)
            return error_set(err, ERROR_CONFIGURATION,
                             "column \"%s\" of %s must be of type %s, not %s", name, table->name,
                             origins[origin].type, type);
        return true;
    }

    struct plan_column *column = &table->columns[table->column_count];
    column->is_array = type[0] == '_';
    column->type = type_of(column->is_array ? type + 1 : type);
    if (typmod >= 0)
        set_limits(column, typmod);
    column->is_required = is_true(result, row, 3);
    column->has_default = is_true(result, row, 5);
    column->name = memory_copy_text(name);
    column->type_name = memory_copy_text(PQgetvalue(result, row, 4));
    table->column_count++;
    return true;
}

static bool read_columns(PGconn *connection, struct table *table, struct error *err)
{
    PGresult *result = ask(connection,
                           "select a.attname, t.typname, a.atttypmod,"
                           " a.attnotnull and not a.atthasdef and a.attidentity = '',"
                           " format_type(a.atttypid, a.atttypmod),"
                           " a.atthasdef or a.attidentity <> '' "
                           "from pg_attribute as a join pg_type as t on t.oid = a.atttypid "
                           "where a.attrelid = to_regclass($1) and a.attnum > 0"
                           " and not a.attisdropped and a.attgenerated = '' order by a.attnum",
                           table->name, err);
    bool ok = false;

    if (!result)
        return false;
    int count = PQntuples(result);
    if (count == 0) {
        error_set(err, ERROR_CONFIGURATION,
                  "there is no table %s in the database: run coop-admin migrate, or mend --route",
                  table->name);
        goto done;
    }
    table->columns = memory_new((size_t)count, sizeof(*table->columns));
    ok = true;
    for (int row = 0; ok && row < count; row++)
        ok = add_column(table, result, row, err);
done:
    PQclear(result);
    return ok;
}

/* Which unique index makes a repeat a duplicate, and which one raises the alarm? */
static bool read_keys(PGconn *connection, struct table *table, struct error *err)
{
    PGresult *result =
        ask(connection,
            "select (select relname from pg_class where oid = i.indexrelid),"
            " (select array_agg(a.attname::text order by a.attname) from pg_attribute as a"
            "  where a.attrelid = i.indrelid and a.attnum = any (i.indkey))::text "
            "from pg_index as i where i.indrelid = to_regclass($1)"
            " and i.indisunique and i.indpred is null and i.indexprs is null",
            table->name, err);
    if (!result)
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        const char *columns = PQgetvalue(result, row, 1);

        if (strcmp(columns, "{event_id}") == 0)
            table->has_event_id = true;
        if (strcmp(columns, "{kafka_offset,kafka_partition,stream_id}") == 0) {
            free(table->position_constraint);
            table->position_constraint = memory_copy_text(PQgetvalue(result, row, 0));
        }
    }
    PQclear(result);
    if (!table->position_constraint)
        table->position_constraint = memory_copy_text("");

    bool is_uuid = false;
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].name, "event_id") == 0) {
            table->event_id = i;
            is_uuid = table->columns[i].type == COLUMN_UUID && !table->columns[i].is_array;
        }
    }
    table->has_event_id = table->has_event_id && is_uuid;
    return true;
}

/* The constraints' own expressions, in the order in which PostgreSQL tests them. */
static bool read_judgement(PGconn *connection, struct table *table, struct error *err)
{
    struct buffer sql;
    bool ok = false;
    PGresult *result =
        ask(connection,
            "select conname::text, pg_get_expr(conbin, conrelid), quote_literal(conname) "
            "from pg_constraint where conrelid = to_regclass($1) and contype = 'c' "
            "order by conname::text collate \"C\"",
            table->name, err);

    if (!result)
        return false;
    buffer_init(&sql, SQL_BYTES_MAX);
    if (!buffer_append_text(&sql, "case"))
        goto done;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!buffer_append_format(&sql, " when (%s) is false then %s", PQgetvalue(result, row, 1),
                                  PQgetvalue(result, row, 2)))
            goto done;
    }
    if (!buffer_append_text(&sql, PQntuples(result) ? " end" : " when true then null end")
        || !buffer_text(&sql))
        goto done;
    table->rule_sql = (char *)sql.data;
    ok = true;
done:
    if (!ok) {
        buffer_free(&sql);
        error_set(err, ERROR_CONFIGURATION,
                  "the CHECK constraints of %s have more than %d bytes together", table->name,
                  SQL_BYTES_MAX);
    }
    PQclear(result);
    return ok;
}

struct table *table_describe(PGconn *connection, const char *name, struct error *err)
{
    struct table *table = memory_new(1, sizeof(*table));

    table->name = memory_copy_text(name);
    if (read_columns(connection, table, err) && read_keys(connection, table, err)
        && read_judgement(connection, table, err))
        return table;
    table_free(table);
    return NULL;
}

void table_free(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->column_count; i++) {
        free((char *)table->columns[i].name);
        free((char *)table->columns[i].type_name);
    }
    free(table->columns);
    free(table->position_constraint);
    free(table->rule_sql);
    free(table->name);
    free(table);
}
