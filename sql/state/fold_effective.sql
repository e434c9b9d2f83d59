-- Whether an event counts is decided once more only for those on which something that arrived has a bearing: itself, its
-- target, and the other corrections of that target. An event that does not count any more never counts again.
create or replace function state.fold_effective(a_type text) returns table (event_id uuid, sign integer)
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
    return query execute format($query$
        with superseding as (
            select distinct s.supersedes_event_id as target
            from state.arrived_%1$s as s
            where s.action in ('CORRECT', 'RETRACT')
        ),
        candidate as (
            select a.event_id from state.arrived_%1$s as a where a.action in ('ASSERT', 'CORRECT')
            union
            select s.target from superseding as s
            union
            select rival.event_id
            from superseding as s
            join event.%1$I as rival on rival.supersedes_event_id = s.target and rival.action = 'CORRECT'
        ),
        judged as materialized (
            select e.event_id,
                   e.kafka_offset < f.from_offset and not exists (
                       select from state.ineffective as i where i.event_id = e.event_id and i.event_type = %1$L) as did_count,
                   not exists (
                       select from event.%1$I as s
                       join state.folded as sf on sf.stream_id = s.stream_id and sf.kafka_partition = s.kafka_partition
                       where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
                         and s.kafka_offset < sf.folded_offset)
                   and not (e.action = 'CORRECT' and exists (
                       select from event.%1$I as rival
                       join state.folded as rf on rf.stream_id = rival.stream_id and rf.kafka_partition = rival.kafka_partition
                       where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
                         and rival.kafka_offset < rf.folded_offset
                         and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id))) as counts
            from candidate as c
            join event.%1$I as e on e.event_id = c.event_id and e.action in ('ASSERT', 'CORRECT')
            join state.folded as f
                on f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition and f.folded_offset > e.kafka_offset
        ),
        lost as (
            insert into state.ineffective (event_id, event_type)
            select j.event_id, %1$L from judged as j where not j.counts
            on conflict do nothing
        )
        select j.event_id, case when j.counts then 1 else -1 end
        from judged as j
        where j.counts <> j.did_count
    $query$, a_type);
end
$$;
comment on function state.fold_effective(text) is 'Events of a type that now count and did not (sign 1), and those that did and do not (sign -1).';
