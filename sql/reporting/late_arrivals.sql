create or replace view reporting.late_arrivals as
select event_id, event_type, entity_key, source, occurred_at, ingested_at, newest_seen_before,
       newest_seen_before - occurred_at as behind_by
from state.late_arrival
order by event_type, entity_key, occurred_at, event_id;

comment on view reporting.late_arrivals is 'What came late? Events that arrived after a later event of the same entity (order of the Kafka partition).';
comment on column reporting.late_arrivals.event_id           is 'Event.';
comment on column reporting.late_arrivals.event_type         is 'outreach, agreement or training.';
comment on column reporting.late_arrivals.entity_key         is 'What the event is about; the Kafka key.';
comment on column reporting.late_arrivals.source             is 'Emitting system.';
comment on column reporting.late_arrivals.occurred_at        is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column reporting.late_arrivals.ingested_at        is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column reporting.late_arrivals.newest_seen_before is 'Latest happening among the entity''s events that arrived before. UTC instant, shown in the session''s time zone.';
comment on column reporting.late_arrivals.behind_by          is 'How far behind that it lies.';
