create or replace view state.event as
select 'outreach' as event_type, event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.outreach
union all
select 'agreement', event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.agreement
union all
select 'training', event_id, entity_key, source, source_record_id, occurred_at, occurred_precision,
       recorded_at, published_at, ingested_at, action, supersedes_event_id, reason,
       actor_name, actor_role, actor_org_id, evidence_ref, note, stream_id, kafka_partition, kafka_offset
from event.training;

comment on view state.event is 'The envelope of every stored event, of all three types.';
comment on column state.event.event_type          is 'outreach, agreement or training.';
comment on column state.event.event_id            is 'Event.';
comment on column state.event.entity_key          is 'What the event is about; the Kafka key.';
comment on column state.event.source              is 'Emitting system.';
comment on column state.event.source_record_id    is 'Key of the record in the emitting system.';
comment on column state.event.occurred_at         is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column state.event.occurred_precision  is 'How exact occurred_at is, code list date_precision.';
comment on column state.event.recorded_at         is 'When the source recorded it. UTC instant, shown in the session''s time zone.';
comment on column state.event.published_at        is 'When it was published to Kafka. UTC instant, shown in the session''s time zone.';
comment on column state.event.ingested_at         is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column state.event.action              is 'ASSERT, CORRECT or RETRACT.';
comment on column state.event.supersedes_event_id is 'The event it corrects or retracts.';
comment on column state.event.reason              is 'Why it was corrected or retracted.';
comment on column state.event.actor_name          is 'Office holder who acted or stated it.';
comment on column state.event.actor_role          is 'Post of the actor.';
comment on column state.event.actor_org_id        is 'Organisation of the actor.';
comment on column state.event.evidence_ref        is 'Citation.';
comment on column state.event.note                is 'Free text.';
comment on column state.event.stream_id           is 'Topic, see ingest.stream.';
comment on column state.event.kafka_partition     is 'Kafka partition.';
comment on column state.event.kafka_offset        is 'Kafka offset.';
