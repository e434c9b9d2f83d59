create or replace function reporting.training_headcount_as_of(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (programme_id text, cohort_id text, stage text, headcount bigint)
    language sql stable security definer set search_path = pg_catalog
as $$
    select e.programme_id, e.cohort_id, e.stage, sum(e.headcount)
    from event.training as e
    join reporting.effective(known_at, clock) as f on f.event_type = 'training' and f.event_id = e.event_id
    group by e.programme_id, e.cohort_id, e.stage
$$;

comment on function reporting.training_headcount_as_of(timestamptz, text) is 'People by cohort and stage, from what was known at known_at (see effective).';
