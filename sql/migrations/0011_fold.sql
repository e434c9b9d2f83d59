-- What the fold keeps in schema state: how far it has come, and what follows from the arrival of an event alone.

drop view if exists state.organisation, state.organisation_mention, state.outreach_reached, state.unknown_symbol,
    state.effective_outreach, state.effective_training cascade;

-- A position moves with every batch, the fold's with every fold: in one row they would wait for each other.
alter table ingest.position drop column folded_offset;

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
    insert into ingest.position as p (stream_id, kafka_partition, next_offset, epoch, owner, backend_pid)
    values (a_stream, a_partition, log_start, 1, an_owner, pg_backend_pid())
    on conflict (stream_id, kafka_partition) do update
        set epoch = p.epoch + 1, owner = excluded.owner, backend_pid = excluded.backend_pid, updated_at = now()
    returning p.next_offset, p.epoch, p.last_published_at
    into claim.next_offset, claim.epoch, claim.last_published_at;
end
$$;

create or replace function ingest.set_position(a_stream smallint, a_partition integer, an_offset bigint, out old_offset bigint)
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
    insert into ingest.position as p (stream_id, kafka_partition, next_offset, epoch)
    values (a_stream, a_partition, an_offset, 1)
    on conflict (stream_id, kafka_partition) do update
        set next_offset = an_offset, last_published_at = null, epoch = p.epoch + 1, updated_at = now();
end
$$;

create table state.folded (
    stream_id       smallint    not null,
    kafka_partition integer     not null,
    from_offset     bigint      not null,
    folded_offset   bigint      not null,
    folded_at       timestamptz not null default now(),
    primary key (stream_id, kafka_partition),
    check (from_offset <= folded_offset)
);
comment on table  state.folded                 is 'How far the fold has come in each partition: what is below folded_offset is in the state, exactly once.';
comment on column state.folded.stream_id       is 'Topic, see ingest.stream.';
comment on column state.folded.kafka_partition is 'Kafka partition.';
comment on column state.folded.from_offset     is 'Where the last fold began; it took what lies between the two.';
comment on column state.folded.folded_offset   is 'First offset that is not in the state yet.';
comment on column state.folded.folded_at       is 'When it moved last, UTC instant.';

create table state.ineffective (
    event_id   uuid not null,
    event_type text not null,
    primary key (event_id, event_type)
);
comment on table  state.ineffective            is 'Folded events that state or correct something but do not count: superseded, or beaten by a rival. Once here, for ever.';
comment on column state.ineffective.event_id   is 'Event.';
comment on column state.ineffective.event_type is 'outreach, agreement or training.';

create table state.source_count (
    source                      text        not null,
    event_type                  text        not null,
    events                      bigint      not null,
    last_occurred               timestamptz not null,
    last_recorded               timestamptz not null,
    last_ingested               timestamptz not null,
    older_than_7_days_on_arrival bigint     not null,
    with_unknown_symbols        bigint      not null,
    primary key (source, event_type)
) with (fillfactor = 50);
comment on table  state.source_count                              is 'What came from each source.';
comment on column state.source_count.source                       is 'Emitting system.';
comment on column state.source_count.event_type                   is 'outreach, agreement or training.';
comment on column state.source_count.events                       is 'Events stored. Number.';
comment on column state.source_count.last_occurred                is 'Latest occurred_at, UTC instant.';
comment on column state.source_count.last_recorded                is 'Latest recorded_at, UTC instant.';
comment on column state.source_count.last_ingested                is 'Latest ingested_at, UTC instant.';
comment on column state.source_count.older_than_7_days_on_arrival is 'Events older than 7 days when they were taken in. Number.';
comment on column state.source_count.with_unknown_symbols         is 'Events with a symbol that no code list knows. Number.';

create table state.unknown_symbol (
    event_id   uuid   not null,
    event_type text   not null,
    symbols    text[] not null,
    primary key (event_id, event_type)
);
comment on table  state.unknown_symbol            is 'Events with symbols that no code list knows.';
comment on column state.unknown_symbol.event_id   is 'Event.';
comment on column state.unknown_symbol.event_type is 'outreach, agreement or training.';
comment on column state.unknown_symbol.symbols    is 'Fields and symbols, e.g. stage=WAITLISTED, in order.';

create table state.late_arrival (
    event_type         text        not null,
    entity_key         text        not null,
    occurred_at        timestamptz not null,
    event_id           uuid        not null,
    source             text        not null,
    ingested_at        timestamptz not null,
    newest_seen_before timestamptz not null,
    primary key (event_type, entity_key, occurred_at, event_id)
);
comment on table  state.late_arrival                    is 'Events that came behind a later one of their key and partition.';
comment on column state.late_arrival.event_type         is 'outreach, agreement or training.';
comment on column state.late_arrival.entity_key         is 'What the event is about; the Kafka key.';
comment on column state.late_arrival.occurred_at        is 'When it happened, UTC instant.';
comment on column state.late_arrival.event_id           is 'Event.';
comment on column state.late_arrival.source             is 'Emitting system.';
comment on column state.late_arrival.ingested_at        is 'When it was taken in, UTC instant.';
comment on column state.late_arrival.newest_seen_before is 'Latest occurred_at among the events before it in the partition, UTC instant.';

-- Values counted one by one, for exact percentiles: the buckets say where in a series a rank is.
create table state.duration (
    measure      text    not null,
    scope        text    not null,
    kind         text    not null,
    bucket       integer not null,
    microseconds bigint  not null,
    number       bigint  not null,
    primary key (measure, scope, kind, bucket, microseconds)
);
comment on table  state.duration              is 'How often each duration occurred in a series (measure, scope, kind).';
comment on column state.duration.measure      is 'response: from first invitation to first answer. ingest: from publishing to the database.';
comment on column state.duration.scope        is 'response: campaign. ingest: hour in UTC.';
comment on column state.duration.kind         is 'response: channel. ingest: type of event.';
comment on column state.duration.bucket       is 'See state.bucket_of().';
comment on column state.duration.microseconds is 'The duration, microseconds.';
comment on column state.duration.number       is 'How often it occurred. Number.';

create table state.duration_bucket (
    measure text    not null,
    scope   text    not null,
    kind    text    not null,
    bucket  integer not null,
    number  bigint  not null,
    primary key (measure, scope, kind, bucket)
) with (fillfactor = 70);
comment on table  state.duration_bucket         is 'Sums of state.duration by bucket.';
comment on column state.duration_bucket.measure is 'See state.duration.';
comment on column state.duration_bucket.scope   is 'See state.duration.';
comment on column state.duration_bucket.kind    is 'See state.duration.';
comment on column state.duration_bucket.bucket  is 'See state.bucket_of().';
comment on column state.duration_bucket.number  is 'Durations in the bucket. Number.';

create table state.quality_issue (
    issue      text not null,
    event_type text not null,
    subject    uuid not null,
    event_id   uuid not null,
    entity     text not null,
    detail     text,
    primary key (subject, issue, event_type)
);
create index quality_issue_by_entity on state.quality_issue (entity);
comment on table  state.quality_issue            is 'What looks wrong, see reporting.data_quality_issue.';
comment on column state.quality_issue.issue      is 'Kind of issue.';
comment on column state.quality_issue.event_type is 'outreach, agreement or training.';
comment on column state.quality_issue.subject    is 'The event that has the issue; of RIVAL_CORRECTIONS their target.';
comment on column state.quality_issue.event_id   is 'Event to look at.';
comment on column state.quality_issue.entity     is 'What the event is about.';
comment on column state.quality_issue.detail     is 'What is wrong; null where it is made of the event''s times.';

create index duplicate_with_other_content on ingest.duplicate (event_id) where not same_content;

-- A value with the key of the mention that states it: of two the later one is the greater.
create type state.stated_text as (occurred_at timestamptz, recorded_at timestamptz, event_id uuid, place_in_event integer, value text);
create type state.stated_jsonb as (occurred_at timestamptz, recorded_at timestamptz, event_id uuid, place_in_event integer, value jsonb);
create table state.organisation (
    org_id        text primary key,
    name          state.stated_text,
    names         state.stated_jsonb,
    country       state.stated_text,
    org_type      state.stated_text,
    parent_org_id state.stated_text
) with (fillfactor = 80);
comment on table  state.organisation               is 'Organisations as the events describe them: the last statement of each field.';
comment on column state.organisation.org_id        is 'Organisation.';
comment on column state.organisation.name          is 'Name in the working language.';
comment on column state.organisation.names         is 'Names by BCP 47 tag, JSON object; null while not stated.';
comment on column state.organisation.country       is 'ISO 3166-1 alpha-2; null while not stated.';
comment on column state.organisation.org_type      is 'Code list org_type; null while not stated.';
comment on column state.organisation.parent_org_id is 'Owner or parent unit; null while not stated.';
