-- Made so that whoever asks for few events reads few: (select true ... limit 1) is an exists() that is asked row by row. The
-- columns of each table are named one by one, so that no more of a row is made into JSON than is shown.
do $do$
declare
    envelope constant text[] := array[
        'event_id', 'source', 'source_record_id', 'occurred_at', 'occurred_precision', 'recorded_at', 'action',
        'supersedes_event_id', 'reason', 'actor_name', 'actor_role', 'evidence_ref', 'note',
        'entity_key', 'stream_id', 'kafka_partition', 'kafka_offset', 'published_at', 'ingested_at', 'schema_id', 'avro'];
    parts text[];
begin
    select array_agg(format($part$
        select e.event_id,
               %1$L as event_type,
               e.entity_key,
               e.source,
               e.occurred_at,
               e.recorded_at,
               e.ingested_at,
               e.action,
               e.supersedes_event_id,
               (select true
                from event.%1$I as s
                where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
                limit 1) is not null as is_superseded,
               e.actor_name,
               e.actor_role,
               e.evidence_ref,
               e.note,
               coalesce((select u.symbols from state.unknown_symbol as u where u.event_id = e.event_id and u.event_type = %1$L), '{}')
                   as unknown_symbols,
               e.occurred_precision,
               e.source_record_id,
               e.reason,
               nullif(to_jsonb((select d from (select %2$s) as d)) - array_remove(array[%3$s], null), '{}') as details
        from event.%1$I as e
    $part$, t.event_type, c.shown, c.empty) order by t.place)
    into parts
    from unnest(array['outreach', 'agreement', 'training']) with ordinality as t (event_type, place)
    cross join lateral (
        select string_agg(format('e.%I', a.attname), ', ' order by a.attnum) as shown,
               string_agg(format(
                   case when a.atttypid = 'jsonb'::regtype then 'case when coalesce(e.%1$I, %3$L) in (%3$L, %4$L, %5$L) then %2$L end'
                        when a.atttypid::regtype::text like '%[]' then 'case when coalesce(e.%1$I, %4$L) = %4$L then %2$L end'
                        else 'case when e.%1$I is null then %2$L end' end,
                   a.attname, a.attname, 'null', '{}', '[]'), ', ' order by a.attnum) as empty
        from pg_attribute as a
        where a.attrelid = format('event.%I', t.event_type)::regclass and a.attnum > 0 and not a.attisdropped and a.attname <> all (envelope)
    ) as c;
    execute 'create or replace view reporting.event_log as ' || array_to_string(parts, ' union all ');
end
$do$;
drop function if exists state.details_of(jsonb); -- of the version before

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
