create or replace view reporting.event_log as
with own_fields as (
    select 'outreach' as event_type, e.event_id, to_jsonb(e) as fields from event.outreach as e
    union all
    select 'agreement', e.event_id, to_jsonb(e) from event.agreement as e
    union all
    select 'training', e.event_id, to_jsonb(e) from event.training as e
),
unknown as (
    select event_type, event_id, array_agg(distinct symbol order by symbol) as symbols
    from state.unknown_symbol
    group by event_type, event_id
)
select e.event_id,
       e.event_type,
       e.entity_key,
       e.source,
       e.occurred_at,
       e.recorded_at,
       e.ingested_at,
       e.action,
       e.supersedes_event_id,
       exists (
           select from state.event as s
           where s.event_type = e.event_type and s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')) as is_superseded,
       e.actor_name,
       e.actor_role,
       e.evidence_ref,
       e.note,
       coalesce(unknown.symbols, '{}') as unknown_symbols,
       e.occurred_precision,
       e.source_record_id,
       e.reason,
       (select jsonb_object_agg(field.key, field.value)
        from jsonb_each(own.fields - array[
            'event_id', 'source', 'source_record_id', 'occurred_at', 'occurred_precision', 'recorded_at', 'action',
            'supersedes_event_id', 'reason', 'actor_name', 'actor_role', 'evidence_ref', 'note',
            'entity_key', 'stream_id', 'kafka_partition', 'kafka_offset', 'published_at', 'ingested_at', 'schema_id', 'avro']) as field
        where field.value not in ('null', '{}', '[]')) as details
from state.event as e
join own_fields as own using (event_type, event_id)
left join unknown using (event_type, event_id);

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
