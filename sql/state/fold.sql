-- What is stored becomes what it means. One at a time, by a lock; exactly once, by folded_offset, which moves in the same
-- transaction; and always up to the same offsets in all that it reads, so that it does not matter what is stored meanwhile.
create or replace function state.fold(max_events integer default 50000, out events bigint, out behind bigint)
    language plpgsql security definer
    set search_path = pg_catalog
    set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB'
as $$
begin
    events := 0;
    if pg_try_advisory_xact_lock(hashtext('state.fold')) then
        events := state.fold_advance(max_events);
        if events > 0 then
            perform state.fold_arrived();
        end if;
    end if;
    behind := state.behind();
end
$$;
comment on function state.fold(integer) is 'Folds up to so many events, and says how many and by how many offsets the state is still behind. Another fold that is under way is not waited for: then nothing is folded. Safe to call at any time and by several.';
revoke execute on function state.fold(integer) from public;
grant execute on function state.fold(integer) to coop_consumer;
grant usage on schema state to coop_consumer;

create or replace view state.backlog as
select p.stream_id, p.kafka_partition, s.event_table, coalesce(f.folded_offset, 0) as folded_offset, p.next_offset
from ingest.position as p
join ingest.stream as s using (stream_id)
left join state.folded as f using (stream_id, kafka_partition)
where s.event_table in ('event.outreach', 'event.agreement', 'event.training') and p.next_offset > coalesce(f.folded_offset, 0);
comment on view   state.backlog                 is 'Partitions with something stored that is not folded yet.';
comment on column state.backlog.stream_id       is 'Topic, see ingest.stream.';
comment on column state.backlog.kafka_partition is 'Kafka partition.';
comment on column state.backlog.event_table     is 'Table its events go to.';
comment on column state.backlog.folded_offset   is 'First offset that is not in the state yet.';
comment on column state.backlog.next_offset     is 'First offset that is not stored yet.';

create or replace function state.behind() returns bigint
    language sql stable security definer
    set search_path = pg_catalog
begin atomic
    select coalesce(sum(b.next_offset - b.folded_offset), 0) from state.backlog as b;
end;
comment on function state.behind() is 'By how many offsets the state is behind what is stored.';

-- Code lists, stages and steps decide what is unknown, out of order or an answer.
create or replace function state.rules() returns text
    language sql stable
begin atomic
    select md5(coalesce((select string_agg(s::text, ' ' order by s::text) from reference.stage as s), '') || ' '
        || coalesce((select string_agg(t::text, ' ' order by t::text) from reference.stage_transition as t), '') || ' '
        || coalesce((select string_agg(list || '=' || symbol, ' ' order by list, symbol) from reference.symbol), ''));
end;
comment on function state.rules() is 'Digest of the reference data that the fold goes by: when it changes, the state is rebuilt.';

create or replace function state.fold_arrived() returns void
    language plpgsql
as $$
declare
    a_type text;
begin
    foreach a_type in array array['outreach', 'agreement', 'training'] loop
        perform state.fold_arrivals(a_type);
        perform state.fold_symbols(a_type);
    end loop;
    perform state.fold_organisations();
    perform state.fold_outreach(state.fold_superseding('outreach'));
    perform state.fold_training(state.fold_superseding('training'));
    perform state.fold_superseding('agreement');
    perform state.fold_agreements();
end
$$;
comment on function state.fold_arrived() is 'Folds what lies between from_offset and folded_offset of each partition, see state.folded.';

create or replace function state.fold_advance(max_events integer) returns bigint
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off set enable_material = off
as $$
declare
    behind record;
    allowed integer;
    last_offset bigint;
    found_events bigint;
    events bigint := 0;
begin
    -- A position that was set back: nothing is stored from there on.
    update state.folded as f
    set from_offset = least(f.folded_offset, p.next_offset), folded_offset = least(f.folded_offset, p.next_offset)
    from ingest.position as p
    where p.stream_id = f.stream_id and p.kafka_partition = f.kafka_partition
      and (f.from_offset < f.folded_offset or f.folded_offset > p.next_offset);

    for behind in
        select b.*, count(*) over () as partitions
        from state.backlog as b
        order by b.stream_id, b.kafka_partition
    loop
        allowed := greatest(max_events / behind.partitions, 1);
        execute format('select max(kafka_offset), count(*) from (select kafka_offset from %s where stream_id = $1 and kafka_partition = $2 '
                       'and kafka_offset >= $3 and kafka_offset < $4 order by kafka_offset limit $5) as e', behind.event_table)
            into last_offset, found_events
            using behind.stream_id, behind.kafka_partition, behind.folded_offset, behind.next_offset, allowed;
        insert into state.folded as f (stream_id, kafka_partition, from_offset, folded_offset)
        values (behind.stream_id, behind.kafka_partition, behind.folded_offset,
                case when found_events < allowed then behind.next_offset else last_offset + 1 end)
        on conflict (stream_id, kafka_partition) do update
            set from_offset = excluded.from_offset, folded_offset = excluded.folded_offset, folded_at = now();
        events := events + found_events;
    end loop;
    return events;
end
$$;
comment on function state.fold_advance(integer) is 'Moves from_offset and folded_offset on, by up to so many events; gives their number.';

create or replace function state.rebuild(out events bigint)
    language plpgsql
    set search_path = pg_catalog
    set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB'
as $$
declare
    a_table regclass;
    folded bigint;
begin
    perform pg_advisory_xact_lock(hashtext('state.fold'));
    -- No truncate: whoever reads goes on with what was, until the commit.
    for a_table in select c.oid from pg_class as c where c.relnamespace = 'state'::regnamespace and c.relkind = 'r' loop
        execute format('delete from %s', a_table);
    end loop;
    events := 0;
    loop
        folded := state.fold_advance(100000);
        exit when folded = 0;
        perform state.fold_arrived();
        events := events + folded;
    end loop;
end
$$;
comment on function state.rebuild() is 'Folds all events anew, in one transaction; gives their number. Who reads sees the old state until it is committed.';
revoke execute on function state.rebuild() from public;
