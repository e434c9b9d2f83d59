-- What is stored becomes what it means. One at a time for each part, by a lock; exactly once, by folded_offset, which moves in the
-- same transaction; and always up to the same offsets in all that it reads, so that it does not matter what is stored meanwhile.
-- Who holds the lock of the whole, as a rebuild does, lets nobody fold.
create or replace function state.fold(max_events integer default 50000, out events bigint, out behind bigint)
    language plpgsql security definer
    set search_path = pg_catalog
    set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB'
as $$
declare
    a_part text;
begin
    events := 0;
    if pg_try_advisory_xact_lock_shared(hashtext('state.fold')) then
        for a_part in
            select p.part
            from state.part as p
            left join state.backlog as b using (part)
            group by p.part
            order by coalesce(sum(b.next_offset - b.folded_offset), 0) desc, p.part
        loop
            if pg_try_advisory_xact_lock(hashtext('state.fold'), hashtext(a_part)) then
                events := state.fold_part(a_part, max_events);
                exit when events > 0;
            end if;
        end loop;
    end if;
    behind := state.behind();
end
$$;
comment on function state.fold(integer) is 'Folds up to so many events in one part, the one that is furthest behind and that nobody folds, and says how many and by how many offsets the state is still behind. Another fold that is under way is not waited for. Safe to call at any time and by several: two fold side by side.';
revoke execute on function state.fold(integer) from public;
grant execute on function state.fold(integer) to coop_consumer;
grant usage on schema state to coop_consumer;

create or replace view state.part as
select unnest(array['arrival', 'meaning']) as part;
comment on view   state.part      is 'The parts of the fold.';
comment on column state.part.part is 'See state.fold_position.';

create or replace view state.backlog as
select p.stream_id, p.kafka_partition, s.event_table, coalesce(f.folded_offset, 0) as folded_offset, p.next_offset, a.part
from ingest.position as p
join ingest.stream as s using (stream_id)
cross join state.part as a
left join state.fold_position as f using (part, stream_id, kafka_partition)
where s.event_table in ('event.outreach', 'event.agreement', 'event.training') and p.next_offset > coalesce(f.folded_offset, 0);
comment on view   state.backlog                 is 'Partitions with something stored that a part of the fold has not taken in yet.';
comment on column state.backlog.stream_id       is 'Topic, see ingest.stream.';
comment on column state.backlog.kafka_partition is 'Kafka partition.';
comment on column state.backlog.event_table     is 'Table its events go to.';
comment on column state.backlog.folded_offset   is 'First offset that is not in the state yet.';
comment on column state.backlog.next_offset     is 'First offset that is not stored yet.';
comment on column state.backlog.part            is 'See state.fold_position.';

create or replace function state.behind() returns bigint
    language sql stable security definer
    set search_path = pg_catalog
begin atomic
    select coalesce(sum(b.behind), 0)
    from (select max(next_offset - folded_offset) as behind from state.backlog group by stream_id, kafka_partition) as b;
end;
comment on function state.behind() is 'By how many offsets the state is behind what is stored, in one of its parts.';

-- Code lists, stages and steps decide what is unknown, out of order or an answer.
create or replace function state.rules() returns text
    language sql stable
begin atomic
    select md5(coalesce((select string_agg(s::text, ' ' order by s::text) from reference.stage as s), '') || ' '
        || coalesce((select string_agg(t::text, ' ' order by t::text) from reference.stage_transition as t), '') || ' '
        || coalesce((select string_agg(list || '=' || symbol, ' ' order by list, symbol) from reference.symbol), ''));
end;
comment on function state.rules() is 'Digest of the reference data that the fold goes by: when it changes, the state is rebuilt.';

-- Of each thing few rows are looked at, by an index. Without statistics PostgreSQL would go through whole tables or ranges of them.
create or replace function state.fold_part(a_part text, max_events integer) returns bigint
    language plpgsql
    set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off
    set enable_material = off
as $$
declare
    events constant bigint := state.fold_advance(a_part, max_events);
    newcomers text[];
    moved text[];
    a_type text;
begin
    if events = 0 then
        return 0;
    end if;
    if a_part = 'arrival' then
        select o.newcomers, o.moved into newcomers, moved from state.fold_organisations() as o;
        foreach a_type in array array['outreach', 'agreement', 'training'] loop
            perform state.fold_arrivals(a_type, newcomers);
            perform state.fold_symbols(a_type);
        end loop;
        perform state.fold_partner_countries(moved);
    else
        perform state.fold_outreach(state.fold_superseding('outreach'));
        perform state.fold_training(state.fold_superseding('training'));
        perform state.fold_superseding('agreement');
        perform state.fold_agreements();
    end if;
    return events;
end
$$;
comment on function state.fold_part(text, integer) is 'Folds up to so many events in a part whose lock is held; gives their number.';

create or replace function state.fold_advance(a_part text, max_events integer) returns bigint
    language plpgsql
as $$
declare
    behind record;
    allowed integer;
    first_offset bigint;
    end_offset bigint;
    events bigint := 0;
begin
    -- A position that was set back: nothing is stored from there on.
    update state.fold_position as f
    set from_offset = least(f.folded_offset, p.next_offset), folded_offset = least(f.folded_offset, p.next_offset)
    from ingest.position as p
    where f.part = a_part and p.stream_id = f.stream_id and p.kafka_partition = f.kafka_partition
      and (f.from_offset < f.folded_offset or f.folded_offset > p.next_offset);

    for behind in
        select b.*, count(*) over () as partitions
        from state.backlog as b
        where b.part = a_part
        order by b.stream_id, b.kafka_partition
    loop
        allowed := greatest(max_events / behind.partitions, 1);
        execute format('select min(kafka_offset) from %s where stream_id = $1 and kafka_partition = $2 '
                       'and kafka_offset >= $3 and kafka_offset < $4', behind.event_table)
            into first_offset
            using behind.stream_id, behind.kafka_partition, behind.folded_offset, behind.next_offset;
        end_offset := least(first_offset + allowed, behind.next_offset);
        insert into state.fold_position as f (part, stream_id, kafka_partition, from_offset, folded_offset)
        values (a_part, behind.stream_id, behind.kafka_partition, behind.folded_offset, end_offset)
        on conflict (part, stream_id, kafka_partition) do update
            set from_offset = excluded.from_offset, folded_offset = excluded.folded_offset, folded_at = now();
        events := events + coalesce(end_offset - first_offset, 0);
    end loop;
    return events;
end
$$;
comment on function state.fold_advance(text, integer) is 'Moves from_offset and folded_offset of a part on, from the first event to come by up to so many offsets; gives their number.';

create or replace function state.rebuild(out events bigint)
    language plpgsql
    set search_path = pg_catalog
    set jit = off set max_parallel_workers_per_gather = 0 set work_mem = '64MB'
as $$
declare
    a_table regclass;
    a_part text;
    folded bigint;
begin
    perform pg_advisory_xact_lock(hashtext('state.fold'));
    -- No truncate: whoever reads goes on with what was, until the commit.
    for a_table in select c.oid from pg_class as c where c.relnamespace = 'state'::regnamespace and c.relkind = 'r' loop
        execute format('delete from %s', a_table);
    end loop;
    for a_part in select p.part from state.part as p loop
        loop
            folded := state.fold_part(a_part, 100000);
            exit when folded = 0;
        end loop;
    end loop;
    events := coalesce((select sum(c.events) from state.source_count as c), 0);
end
$$;
comment on function state.rebuild() is 'Folds all events anew, in one transaction; gives their number. Who reads sees the old state until it is committed.';
revoke execute on function state.rebuild() from public;
