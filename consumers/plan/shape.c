#include "consumers/plan/shape.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/memory.h"

enum { SQL_BYTES_MAX = 4 * 1024 * 1024 };

static bool append_name(struct buffer *out, const char *before, const char *prefix,
                        const char *name)
{
    return buffer_append_format(out, "%s%s", before, prefix) && table_append_name(out, name);
}

/* The columns of a row, each with `prefix` before it. */
static bool append_columns(struct buffer *out, const struct shape *shape, const char *prefix)
{
    const char *comma = "";

    for (size_t i = 0; i < shape->column_count; i++, comma = ", ") {
        if (!append_name(out, comma, prefix, shape->table->columns[shape->columns[i]].name))
            return false;
    }
    for (size_t i = 0; i < ORIGIN_COUNT; i++) {
        if (!shape->table->has_origin[i])
            continue;
        if (!append_name(out, comma, prefix, origin_name((enum origin)i)))
            return false;
        comma = ", ";
    }
    return true;
}

static bool append_copy(struct buffer *out, const struct shape *shape, const char *target)
{
    return buffer_append_format(out, "copy %s (", target) && append_columns(out, shape, "")
           && buffer_append_text(out, ") from stdin binary");
}

/*
 * A batch that PostgreSQL has refused is sorted in temporary tables: sieve_N_row takes the
 * same bytes, without constraints, and numbers them; sieve_N_message tells where each came
 * from. LIKE takes neither NOT NULL nor CHECK nor defaults when a table is made by SELECT.
 */
static bool write_prepare(struct buffer *out, const struct shape *shape, int number)
{
    return buffer_append_format(
               out,
               "create temporary table if not exists sieve_%d_row as select * from %s limit 0;"
               "alter table sieve_%d_row add column if not exists sieve_place integer"
               " generated always as identity;",
               number, shape->table->name, number)
           && buffer_append_format(
               out,
               "create temporary table if not exists sieve_%d_message (sieve_place integer,"
               " stream_id smallint, kafka_partition integer, kafka_offset bigint,"
               " published_at timestamptz);"
               "create temporary table if not exists sieve_%d_kept (event_id uuid)",
               number, number);
}

static bool write_sort(struct buffer *out, const struct shape *shape, int number)
{
    char target[64];

    snprintf(target, sizeof(target), "sieve_%d_row", number);
    return buffer_append_format(
               out, "truncate sieve_%d_row, sieve_%d_message, sieve_%d_kept restart identity;",
               number, number, number)
           && append_copy(out, shape, target)
           && buffer_append_format(out, ";copy sieve_%d_message from stdin binary;", number)
           && buffer_append_format(
               out,
               "with sorted as (select sieve_place as place, %s as reason from sieve_%d_row),"
               " broken as (delete from sieve_%d_row as item using sorted"
               "  where item.sieve_place = sorted.place and sorted.reason is not null"
               "  returning sorted.place, sorted.reason) "
               "select place, reason from broken order by place desc",
               shape->table->rule_sql, number, number);
}

/* The same content: the bodies where the table keeps them, else every field. */
static bool append_comparison(struct buffer *out, const struct shape *shape)
{
    if (shape->table->has_origin[ORIGIN_AVRO])
        return buffer_append_text(out, "stored.avro = item.avro");
    if (!buffer_append_text(out, "("))
        return false;
    for (size_t i = 0; i < shape->column_count; i++) {
        const char *name = shape->table->columns[shape->columns[i]].name;

        if (!append_name(out, i ? " and " : "", "stored.", name)
            || !append_name(out, " is not distinct from ", "item.", name))
            return false;
    }
    return buffer_append_text(out, ")");
}

static bool append_insert(struct buffer *out, const struct shape *shape, int number)
{
    return buffer_append_format(out, "insert into %s (", shape->table->name)
           && append_columns(out, shape, "") && buffer_append_text(out, ") select ")
           && append_columns(out, shape, "item.")
           && buffer_append_format(out, " from sieve_%d_row as item order by sieve_place", number);
}

/* Of a table with event ids, which of them went in is kept for the statement that follows. */
static bool write_keep(struct buffer *out, const struct shape *shape, int number)
{
    if (!shape->table->has_event_id)
        return append_insert(out, shape, number);
    return buffer_append_text(out, "with kept as (") && append_insert(out, shape, number)
           && buffer_append_format(out,
                                   " on conflict (event_id) do nothing returning event_id) "
                                   "insert into sieve_%d_kept select event_id from kept",
                                   number);
}

/*
 * A row that was not inserted is a duplicate, and so is a second one of an id that was. The
 * look at what is stored is a statement of its own: it sees what another lane has committed
 * since the insert began. Each step is one pass: a subquery a row would take the square of
 * the batch, and did.
 */
static bool write_repeats(struct buffer *out, const struct shape *shape, int number)
{
    bool has_avro = shape->table->has_origin[ORIGIN_AVRO];

    return buffer_append_format(out,
                                "with numbered as (select row_number() over (partition by event_id"
                                "  order by sieve_place) as copy, * from sieve_%d_row),"
                                " item as materialized (select numbered.* from numbered"
                                "  left join sieve_%d_kept as kept using (event_id)"
                                "  where kept.event_id is null or copy > 1) ",
                                number, number)
           && buffer_append_text(out, "insert into ingest.duplicate (stream_id, kafka_partition,"
                                      " kafka_offset, event_id, same_content, avro, published_at) "
                                      "select message.stream_id, message.kafka_partition,"
                                      " message.kafka_offset, item.event_id, ")
           && append_comparison(out, shape) && buffer_append_text(out, ", case when not ")
           && append_comparison(out, shape)
           && buffer_append_format(out,
                                   " then %s end, message.published_at "
                                   "from item join sieve_%d_message as message using (sieve_place) "
                                   "join %s as stored on stored.event_id = item.event_id",
                                   has_avro ? "item.avro" : "null::bytea", number,
                                   shape->table->name);
}

static bool write_copy(struct buffer *out, const struct shape *shape, int number)
{
    (void)number;
    return append_copy(out, shape, shape->table->name);
}

/* A table has at most 1,600 columns, with names of at most 63 bytes: the room is enough. */
static char *write(bool (*writer)(struct buffer *, const struct shape *, int),
                   const struct shape *shape, int number)
{
    struct buffer sql;

    buffer_init(&sql, SQL_BYTES_MAX);
    bool has_room = writer(&sql, shape, number) && buffer_text(&sql);
    assert(has_room);
    (void)has_room;
    return (char *)sql.data;
}

struct shape *shape_new(const struct table *table, const struct plan *plan, const bool *is_filled,
                        int number)
{
    struct shape *shape = memory_new(1, sizeof(*shape));

    shape->table = table;
    shape->columns = memory_new(table->column_count, sizeof(*shape->columns));
    for (size_t i = 0; i < table->column_count; i++) {
        if (plan_fills(plan, i) || (is_filled[i] && !table->columns[i].has_default))
            shape->columns[shape->column_count++] = i;
    }
    shape->copy_sql = write(write_copy, shape, number);
    shape->prepare_sql = write(write_prepare, shape, number);
    shape->sort_sql = write(write_sort, shape, number);
    shape->keep_sql = write(write_keep, shape, number);
    if (table->has_event_id)
        shape->repeats_sql = write(write_repeats, shape, number);
    return shape;
}

void shape_free(struct shape *shape)
{
    if (!shape)
        return;
    free(shape->columns);
    free(shape->copy_sql);
    free(shape->prepare_sql);
    free(shape->sort_sql);
    free(shape->keep_sql);
    free(shape->repeats_sql);
    free(shape);
}

bool shape_equals(const struct shape *one, const struct shape *other)
{
    return one->table == other->table && one->column_count == other->column_count
           && memcmp(one->columns, other->columns, one->column_count * sizeof(*one->columns)) == 0;
}
