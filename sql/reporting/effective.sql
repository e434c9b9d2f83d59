create or replace function reporting.effective(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (event_type text, event_id uuid)
    language sql stable
begin atomic
    select e.event_type, e.event_id
    from state.event as e
    where e.action in ('ASSERT', 'CORRECT')
      and case clock when 'recorded' then e.recorded_at when 'ingested' then e.ingested_at end <= known_at
      and not exists (
          select from state.event as s
          where s.event_type = e.event_type and s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
            and case clock when 'recorded' then s.recorded_at when 'ingested' then s.ingested_at end <= known_at)
      and not (e.action = 'CORRECT' and exists (
          select from state.event as rival
          where rival.event_type = e.event_type and rival.supersedes_event_id = e.supersedes_event_id
            and rival.action in ('CORRECT', 'RETRACT')
            and case clock when 'recorded' then rival.recorded_at when 'ingested' then rival.ingested_at end <= known_at
            and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)));
end;

comment on function reporting.effective(timestamptz, text) is 'Events that count, from what was known at known_at. clock: recorded = what the sources had recorded by then, ingested = what this database had taken in by then.';
