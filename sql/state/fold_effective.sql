-- Whether an event counts is decided once more only for those on which something that arrived has a bearing: the events that are
-- named by what arrived, or by what was waiting for them, and the other corrections of these. All others that arrived count, and
-- nothing is looked up for them. An event that does not count any more never counts again.
--
-- (select true ... limit 1) is an exists() that PostgreSQL asks row by row; of exists() it would make a hash of the whole table.
-- And an offset out of a select of its own is compared row by row: from a join with state.folded it would begin, and read all that
-- was ever folded.
create or replace function state.fold_effective(a_type text, targets uuid[], columns text, changes anyarray) returns anyarray
    language plpgsql
as $$
declare
    change_type constant text := trim(trailing '[]' from pg_typeof(changes)::text);
    judged changes%type;
begin
    targets := coalesce(targets, '{}');
    execute format($query$
        select array_agg(row(1, %2$s)::%3$s) from state.considered_%1$s as c where c.action = 'ASSERT' and c.event_id <> all ($1)
    $query$, a_type, columns, change_type) into changes using targets;
    execute format($query$
        with named as (
            select t.target as event_id
            from unnest($1) as t (target)
            union
            select rival.event_id
            from unnest($1) as t (target)
            join event.%1$I as rival on rival.supersedes_event_id = t.target and rival.action = 'CORRECT'
        ),
        candidate as (
            select e.*
            from (
                select o.*, o.kafka_offset < (
                           select f.from_offset from state.folded as f
                           where f.stream_id = o.stream_id and f.kafka_partition = o.kafka_partition) as did_count
                from named as n
                join event.%1$I as o on o.event_id = n.event_id and o.action in ('ASSERT', 'CORRECT')
                where o.kafka_offset < (
                    select f.folded_offset from state.folded as f
                    where f.stream_id = o.stream_id and f.kafka_partition = o.kafka_partition)
                offset 0
            ) as e
            where not e.did_count
               or (select true from state.ineffective as i where i.event_id = e.event_id and i.event_type = %1$L limit 1) is null
        ),
        judged as materialized (
            select row(c.counts::integer - c.did_count::integer, %2$s)::%3$s as change, c.event_id, c.counts, c.did_count
            from (
                select e.*, (
                       select true
                       from event.%1$I as s
                       where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
                         and s.kafka_offset < (
                             select f.folded_offset from state.folded as f
                             where f.stream_id = s.stream_id and f.kafka_partition = s.kafka_partition)
                       limit 1) is null
                   and (e.action = 'ASSERT' or (
                       select true
                       from event.%1$I as rival
                       where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
                         and rival.kafka_offset < (
                             select f.folded_offset from state.folded as f
                             where f.stream_id = rival.stream_id and f.kafka_partition = rival.kafka_partition)
                         and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)
                       limit 1) is null) as counts
                from candidate as e
            ) as c
        ),
        lost as (
            insert into state.ineffective (event_id, event_type)
            select j.event_id, %1$L from judged as j where not j.counts
        )
        select array_agg(j.change) from judged as j where not (j.counts and j.did_count)
    $query$, a_type, columns, change_type) into judged using targets;
    return changes || judged;
end
$$;
comment on function state.fold_effective(text, uuid[], text, anyarray) is 'Events of a type that now count and did not (sign 1), those that did and do not (-1), and those that arrived and do not count (0), with these columns of c, as an array of the type of the last argument. targets are the events that what arrived, or was waiting for it, names.';
