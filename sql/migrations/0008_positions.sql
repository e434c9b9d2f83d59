-- How a consumer takes a partition and moves on in it. Kafka's generations do not reach PostgreSQL: the epoch does.

create function ingest.claim(a_stream smallint, a_partition integer, an_owner text, log_start bigint,
    out next_offset bigint, out epoch bigint, out last_published_at timestamptz)
    language sql
    set search_path = pg_catalog
begin atomic
    insert into ingest.position as p (stream_id, kafka_partition, next_offset, folded_offset, epoch, owner, backend_pid)
    values (a_stream, a_partition, log_start, log_start, 1, an_owner, pg_backend_pid())
    on conflict (stream_id, kafka_partition) do update
        set epoch = p.epoch + 1, owner = excluded.owner, backend_pid = excluded.backend_pid, updated_at = now()
    returning p.next_offset, p.epoch, p.last_published_at;
end;
comment on function ingest.claim(smallint, integer, text, bigint) is 'Takes a partition over: whoever had it can no longer write. Gives the position to start at, the epoch to write with and the Kafka timestamp (UTC instant) of the record before; log_start is the position of a partition never claimed before. Waits for the holder''s transaction, see lock_timeout.';

create function ingest.end_holder(a_stream smallint, a_partition integer) returns boolean
    language sql
    set search_path = pg_catalog
begin atomic
    select pg_terminate_backend(a.pid)
    from ingest.position as p
    join pg_stat_activity as a on a.pid = p.backend_pid
    where p.stream_id = a_stream and p.kafka_partition = a_partition
      and a.pid <> pg_backend_pid() and a.usename = current_user;
end;
comment on function ingest.end_holder(smallint, integer) is 'Ends the backend that claimed a partition last, if it is of the caller''s own role: one that waits for the data of a stopped client is reached by no time-out. Null where there is none.';

create function ingest.advance(a_stream smallint, partitions integer[], old_offsets bigint[], new_offsets bigint[],
    epochs bigint[], published timestamptz[]) returns void
    language plpgsql
    set search_path = pg_catalog
as $$
declare
    moved integer;
begin
    -- In the order of the partitions: two consumers never wait for one another crosswise.
    perform from ingest.position as p
    where p.stream_id = a_stream and p.kafka_partition = any (partitions)
    order by p.kafka_partition
    for update;

    update ingest.position as p
    set next_offset = step.new_offset, last_published_at = step.published_at, updated_at = now()
    from unnest(partitions, old_offsets, new_offsets, epochs, published)
        as step (kafka_partition, old_offset, new_offset, epoch, published_at)
    where p.stream_id = a_stream and p.kafka_partition = step.kafka_partition
      and p.epoch = step.epoch and p.next_offset = step.old_offset and step.new_offset > step.old_offset;
    get diagnostics moved = row_count;

    if moved <> cardinality(partitions) then
        raise exception 'another consumer has claimed a partition of stream %', a_stream
            using errcode = 'CT001', hint = 'Claim again and start at the position.';
    end if;
end
$$;
comment on function ingest.advance(smallint, integer[], bigint[], bigint[], bigint[], timestamptz[]) is 'Moves positions, all or none: compares epoch and old offset first and raises CT001 when one does not match. Call it before the rows are written, in the same transaction.';

create function ingest.stream_of(a_topic text, a_table text, out stream_id smallint, out record_name text)
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    -- The lock makes the next number ours; it is asked for only where the topic is new.
    for attempt in 1..2 loop
        select s.stream_id, s.record_name into stream_of.stream_id, stream_of.record_name
        from ingest.stream as s
        where s.topic = a_topic and s.event_table = a_table
        order by s.generation desc
        limit 1;
        exit when found or attempt = 2;
        perform pg_advisory_xact_lock(hashtext('ingest.stream'));
        insert into ingest.stream (stream_id, topic, generation, event_table)
        select coalesce(max(s.stream_id), 0) + 1, a_topic,
               coalesce(max(s.generation) filter (where s.topic = a_topic), 0) + 1, a_table
        from ingest.stream as s
        having count(*) filter (where s.topic = a_topic and s.event_table = a_table) = 0;
    end loop;
end
$$;
comment on function ingest.stream_of(text, text) is 'The newest stream of a topic into a table, entered where it is new, and the name of the record it carries (null: any).';

create function ingest.schema_of(a_name text, a_fingerprint bytea, a_sha256 bytea, a_text text) returns integer
    language sql
    set search_path = pg_catalog
begin atomic
    insert into ingest.schema (full_name, fingerprint, sha256, text)
    select a_name, a_fingerprint, a_sha256, a_text
    where not exists (select from ingest.schema as s where s.sha256 = a_sha256)
    on conflict do nothing;
    select s.schema_id from ingest.schema as s where s.sha256 = a_sha256;
end;
comment on function ingest.schema_of(text, bytea, bytea, text) is 'Number of a writer schema, entered where its text is new.';
