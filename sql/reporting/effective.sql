create or replace function reporting.effective(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (event_type text, event_id uuid)
    language sql stable security definer set search_path = pg_catalog
as $$
    with known as materialized (
        select e.event_type, e.event_id, e.action, e.supersedes_event_id, e.recorded_at
        from state.event as e
        where case clock when 'recorded' then e.recorded_at when 'ingested' then e.ingested_at end <= known_at
    ),
    ruling as materialized (
        select distinct on (event_type, supersedes_event_id) event_type, supersedes_event_id as target, event_id
        from known
        where action in ('CORRECT', 'RETRACT')
        order by event_type, supersedes_event_id, recorded_at desc, event_id desc
    )
    select e.event_type, e.event_id
    from known as e
    left join ruling as over_it on over_it.event_type = e.event_type and over_it.target = e.event_id
    left join ruling as beside_it on beside_it.event_type = e.event_type and beside_it.target = e.supersedes_event_id
    where over_it.event_id is null
      and (e.action = 'ASSERT' or e.action = 'CORRECT' and beside_it.event_id = e.event_id)
$$;

comment on function reporting.effective(timestamptz, text) is 'Events that count, from what was known at known_at. clock: recorded = what the sources had recorded by then, ingested = what this database had taken in by then.';
