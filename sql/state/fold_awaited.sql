-- What corrections and retractions name before it is folded is awaited. Whichever is fewer is looked for among the others: what is
-- awaited, or what arrived.
create or replace function state.fold_awaited(a_type text, out came uuid[])
    language plpgsql
as $$
declare
    is_folded constant text := format($sql$(
        select true
        from event.%I as t
        where t.event_id = target and t.kafka_offset < (
            select f.folded_offset from state.folded as f where f.stream_id = t.stream_id and f.kafka_partition = t.kafka_partition)
        limit 1)$sql$, a_type);
    arrived constant bigint := (select sum(f.folded_offset - f.from_offset) from state.folded as f);
    awaited constant bigint := (
        select count(*) from (select from state.awaited as w where w.event_type = a_type limit arrived + 1) as w);
begin
    if awaited <= arrived then
        execute format('select array_agg(target) from state.awaited where event_type = %L and %s', a_type, is_folded) into came;
    else
        execute format($query$
            select array_agg(a.event_id)
            from state.considered_%1$s as a
            where (select true from state.awaited as w where w.event_type = %1$L and w.target = a.event_id limit 1)
        $query$, a_type) into came;
    end if;
    delete from state.awaited as w where w.event_type = a_type and w.target = any (came);
    execute format($query$
        insert into state.awaited (event_type, target)
        select %1$L, target
        from (select supersedes_event_id from state.superseding_%1$s) as a (target)
        where %2$s is null
        on conflict do nothing
    $query$, a_type, is_folded);
end
$$;
comment on function state.fold_awaited(text) is 'Keeps account of events of a type that are named and not folded yet; gives those that came.';
