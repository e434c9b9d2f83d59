-- A topic that was deleted and made anew is another stream: its next generation, beside the old one. And positions that
-- an operator sets.

create or replace function ingest.claim(a_stream smallint, a_partition integer, an_owner text, log_start bigint,
    out next_offset bigint, out epoch bigint, out last_published_at timestamptz)
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    -- Either this claim comes before a new generation, which then fences it, or it sees that generation.
    perform pg_advisory_xact_lock_shared(hashtext('ingest.stream'));
    if exists (
        select from ingest.stream as s
        join ingest.stream as newer on newer.topic = s.topic and newer.event_table = s.event_table and newer.generation > s.generation
        where s.stream_id = a_stream
    ) then
        raise exception 'stream % is over: its topic was made anew', a_stream
            using errcode = 'CT002', hint = 'Claim the newest generation, see ingest.stream_of().';
    end if;
    insert into ingest.position as p (stream_id, kafka_partition, next_offset, folded_offset, epoch, owner, backend_pid)
    values (a_stream, a_partition, log_start, log_start, 1, an_owner, pg_backend_pid())
    on conflict (stream_id, kafka_partition) do update
        set epoch = p.epoch + 1, owner = excluded.owner, backend_pid = excluded.backend_pid, updated_at = now()
    returning p.next_offset, p.epoch, p.last_published_at
    into claim.next_offset, claim.epoch, claim.last_published_at;
end
$$;
comment on function ingest.claim(smallint, integer, text, bigint) is 'Takes a partition over: whoever had it can no longer write. Gives the position to start at, the epoch to write with and the Kafka timestamp (UTC instant) of the record before; log_start is the position of a partition never claimed before. Waits for the holder''s transaction, see lock_timeout. Raises CT002 where the topic has a newer generation.';

create function ingest.confirm(a_stream smallint, a_partition integer, an_epoch bigint) returns void
    language plpgsql stable
    set search_path = pg_catalog
as $$
begin
    if not exists (select from ingest.position as p
        where p.stream_id = a_stream and p.kafka_partition = a_partition and p.epoch = an_epoch) then
        raise exception 'partition % of stream % was claimed anew, or its position set', a_partition, a_stream
            using errcode = 'CT001', hint = 'Claim again and start at the position.';
    end if;
end
$$;
comment on function ingest.confirm(smallint, integer, bigint) is 'Raises CT001 where the epoch is no longer that of the position, as ingest.advance() would: for a consumer that has nothing to write.';

create function ingest.new_generation(a_topic text)
    returns table (stream_id smallint, generation integer, event_table text)
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    perform pg_advisory_xact_lock(hashtext('ingest.stream'));
    -- Waits for what is being written; afterwards nobody writes to the old stream any more.
    update ingest.position as p
    set epoch = p.epoch + 1, updated_at = now()
    from ingest.stream as s
    where s.stream_id = p.stream_id and s.topic = a_topic;

    return query
    insert into ingest.stream as made (stream_id, topic, generation, event_table, record_name)
    select (select max(s.stream_id) from ingest.stream as s) + row_number() over (order by newest.generation), a_topic,
           max(newest.generation) over () + row_number() over (order by newest.generation), newest.event_table, newest.record_name
    from (
        select distinct on (s.event_table) s.generation, s.event_table, s.record_name
        from ingest.stream as s
        where s.topic = a_topic
        order by s.event_table, s.generation desc
    ) as newest
    returning made.stream_id, made.generation, made.event_table;
    if not found then
        raise exception 'no stream of topic "%" was ever read', a_topic using errcode = 'P0002';
    end if;
end
$$;
comment on function ingest.new_generation(text) is 'The topic was deleted and made anew: from now on it is another stream, read from its log''s beginning. What is stored stays; whoever holds a partition of the old stream can no longer write. Gives the new stream, one for each table that the topic goes to.';
revoke execute on function ingest.new_generation(text) from public;

create function ingest.stored_from(a_stream smallint, a_partition integer, an_offset bigint) returns bigint
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    event_table regclass := (select to_regclass(s.event_table) from ingest.stream as s where s.stream_id = a_stream);
    newest bigint;
begin
    if (select count(*) from pg_attribute as a
        where a.attrelid = event_table and a.attname in ('stream_id', 'kafka_partition', 'kafka_offset')) = 3 then
        execute format('select max(e.kafka_offset) from %s as e where e.stream_id = $1 and e.kafka_partition = $2 and e.kafka_offset >= $3',
            event_table) into newest using a_stream, a_partition, an_offset;
    else
        -- A table that does not say where its rows are from: everything before the position may be in it.
        select p.next_offset - 1 into newest from ingest.position as p
        where p.stream_id = a_stream and p.kafka_partition = a_partition and p.next_offset > an_offset;
    end if;
    return greatest(newest,
        (select max(d.kafka_offset) from ingest.duplicate as d
         where d.stream_id = a_stream and d.kafka_partition = a_partition and d.kafka_offset >= an_offset),
        (select max(r.kafka_offset) from ingest.reject as r
         where r.stream_id = a_stream and r.kafka_partition = a_partition and r.kafka_offset >= an_offset));
end
$$;
comment on function ingest.stored_from(smallint, integer, bigint) is 'Largest offset, from the given one on, of which something is stored: an event, a duplicate or a reject. Null for none.';

create function ingest.set_position(a_stream smallint, a_partition integer, an_offset bigint, out old_offset bigint)
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    newest bigint;
begin
    -- Waits for what is being written.
    select p.next_offset into old_offset from ingest.position as p
    where p.stream_id = a_stream and p.kafka_partition = a_partition
    for update;
    newest := ingest.stored_from(a_stream, a_partition, an_offset);
    if newest is not null then
        raise exception 'messages up to offset % are stored already and would be stored twice', newest
            using errcode = 'CT003', hint = 'Set a later position; if the topic was made anew, begin a new generation.';
    end if;
    -- Nothing is known of the record before: its timestamp is compared with nothing.
    insert into ingest.position as p (stream_id, kafka_partition, next_offset, folded_offset, epoch)
    values (a_stream, a_partition, an_offset, an_offset, 1)
    on conflict (stream_id, kafka_partition) do update
        set next_offset = an_offset, folded_offset = least(p.folded_offset, an_offset), last_published_at = null,
            epoch = p.epoch + 1, updated_at = now();
end
$$;
comment on function ingest.set_position(smallint, integer, bigint) is 'Sets a position by hand; whoever holds the partition can no longer write and claims again. Gives the position before, null for none. Raises CT003 where something from the offset on is stored already.';
revoke execute on function ingest.set_position(smallint, integer, bigint) from public;
