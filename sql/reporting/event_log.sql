-- Made so that whoever asks for few events reads few: (select true ... limit 1) is an exists() that is asked row by row.

-- The fields of an event's own that say something.
create or replace function state.details_of(event jsonb) returns jsonb
    language sql immutable parallel safe
begin atomic
    select jsonb_object_agg(field.key, field.value)
    from jsonb_each(event - array[
        'event_id', 'source', 'source_record_id', 'occurred_at', 'occurred_precision', 'recorded_at', 'action',
        'supersedes_event_id', 'reason', 'actor_name', 'actor_role', 'evidence_ref', 'note',
        'entity_key', 'stream_id', 'kafka_partition', 'kafka_offset', 'published_at', 'ingested_at', 'schema_id', 'avro']) as field
    where field.value not in ('null', '{}', '[]');
end;
comment on function state.details_of(jsonb) is 'The fields of an event, as a row of its table, that event_log shows as details.';

create or replace view reporting.event_log as
select e.event_id,
       'outreach' as event_type,
       e.entity_key,
       e.source,
       e.occurred_at,
       e.recorded_at,
       e.ingested_at,
       e.action,
       e.supersedes_event_id,
       (select true
        from event.outreach as s
        where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
        limit 1) is not null as is_superseded,
       e.actor_name,
       e.actor_role,
       e.evidence_ref,
       e.note,
       coalesce((select u.symbols from state.unknown_symbol as u where u.event_id = e.event_id and u.event_type = 'outreach'), '{}') as unknown_symbols,
       e.occurred_precision,
       e.source_record_id,
       e.reason,
       state.details_of(to_jsonb(e)) as details
from event.outreach as e
union all
select e.event_id,
       'agreement',
       e.entity_key,
       e.source,
       e.occurred_at,
       e.recorded_at,
       e.ingested_at,
       e.action,
       e.supersedes_event_id,
       (select true
        from event.agreement as s
        where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
        limit 1) is not null,
       e.actor_name,
       e.actor_role,
       e.evidence_ref,
       e.note,
       coalesce((select u.symbols from state.unknown_symbol as u where u.event_id = e.event_id and u.event_type = 'agreement'), '{}'),
       e.occurred_precision,
       e.source_record_id,
       e.reason,
       state.details_of(to_jsonb(e))
from event.agreement as e
union all
select e.event_id,
       'training',
       e.entity_key,
       e.source,
       e.occurred_at,
       e.recorded_at,
       e.ingested_at,
       e.action,
       e.supersedes_event_id,
       (select true
        from event.training as s
        where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
        limit 1) is not null,
       e.actor_name,
       e.actor_role,
       e.evidence_ref,
       e.note,
       coalesce((select u.symbols from state.unknown_symbol as u where u.event_id = e.event_id and u.event_type = 'training'), '{}'),
       e.occurred_precision,
       e.source_record_id,
       e.reason,
       state.details_of(to_jsonb(e))
from event.training as e;

comment on view reporting.event_log is 'Drill down to single events, those that no longer count included.';
comment on column reporting.event_log.event_id            is 'Event.';
comment on column reporting.event_log.event_type          is 'outreach, agreement or training.';
comment on column reporting.event_log.entity_key          is 'What the event is about; the Kafka key.';
comment on column reporting.event_log.source              is 'Emitting system.';
comment on column reporting.event_log.occurred_at         is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column reporting.event_log.recorded_at         is 'When the source recorded it. UTC instant, shown in the session''s time zone.';
comment on column reporting.event_log.ingested_at         is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column reporting.event_log.action              is 'ASSERT, CORRECT or RETRACT.';
comment on column reporting.event_log.supersedes_event_id is 'The event it corrects or retracts.';
comment on column reporting.event_log.is_superseded       is 'True where a CORRECT or RETRACT names it.';
comment on column reporting.event_log.actor_name          is 'Office holder who acted or stated it.';
comment on column reporting.event_log.actor_role          is 'Post of the actor.';
comment on column reporting.event_log.evidence_ref        is 'Citation.';
comment on column reporting.event_log.note                is 'Free text.';
comment on column reporting.event_log.unknown_symbols     is 'Symbols that no code list knows, e.g. {stage=WAITLISTED}.';
comment on column reporting.event_log.occurred_precision  is 'How exact occurred_at is, code list date_precision.';
comment on column reporting.event_log.source_record_id    is 'Key of the record in the emitting system.';
comment on column reporting.event_log.reason              is 'Why it was corrected or retracted.';
comment on column reporting.event_log.details             is 'The other fields of the event, JSON object by column name, empty ones left out.';
