create or replace function reporting.training_headcount_as_of(known_at timestamptz default 'infinity', clock text default 'recorded')
    returns table (programme_id text, cohort_id text, stage text, headcount bigint)
    language sql stable
begin atomic
    select e.programme_id, e.cohort_id, e.stage, sum(e.headcount)
    from state.stored_training as e
    where e.action in ('ASSERT', 'CORRECT')
      and case clock when 'recorded' then e.recorded_at when 'ingested' then e.ingested_at end <= known_at
      and not exists (
          select from state.stored_training as s
          where s.supersedes_event_id = e.event_id and s.action in ('CORRECT', 'RETRACT')
            and case clock when 'recorded' then s.recorded_at when 'ingested' then s.ingested_at end <= known_at)
      and not (e.action = 'CORRECT' and exists (
          select from state.stored_training as rival
          where rival.supersedes_event_id = e.supersedes_event_id and rival.action in ('CORRECT', 'RETRACT')
            and case clock when 'recorded' then rival.recorded_at when 'ingested' then rival.ingested_at end <= known_at
            and (rival.recorded_at, rival.event_id) > (e.recorded_at, e.event_id)))
    group by e.programme_id, e.cohort_id, e.stage;
end;

comment on function reporting.training_headcount_as_of(timestamptz, text) is 'People by cohort and stage, from what was known at known_at (see effective).';
