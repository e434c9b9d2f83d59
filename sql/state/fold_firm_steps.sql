create or replace function state.firm_steps() returns jsonb
    language sql stable
begin atomic
    select jsonb_object_agg(t.from_stage || ' ' || t.to_stage, true) from reference.stage_transition as t where t.event_type = 'outreach';
end;
comment on function state.firm_steps() is 'The steps that firms may take, from one stage to the next, as keys.';

-- No event goes before the first step; a stage that is stated again is no step.
create or replace function state.is_firm_step(allowed jsonb, before text, stage text) returns boolean
    language sql immutable parallel safe
    return before is not distinct from stage or allowed ? (coalesce(before, 'START') || ' ' || stage);
comment on function state.is_firm_step(jsonb, text, text) is 'Whether a step is among those of state.firm_steps().';

create or replace function state.firm_ranks() returns jsonb
    language sql stable
begin atomic
    select jsonb_object_agg(s.stage, s.rank) from reference.stage as s where s.event_type = 'outreach';
end;
comment on function state.firm_ranks() is 'The rank of each stage of outreach, for events of one instant.';

create or replace function state.note_firm_steps(steps state.firm_step[]) returns void
    language plpgsql
as $$
begin
    insert into state.quality_issue as q (issue, event_type, subject, event_id, entity, detail)
    select 'TRANSITION', 'outreach', s.event_id, s.event_id, s.entity_key, coalesce(s.before, '(none)') || ' to ' || s.stage
    from unnest(steps) as s
    on conflict (subject, issue, event_type) do update set detail = excluded.detail where q.detail <> excluded.detail;
end
$$;
comment on function state.note_firm_steps(state.firm_step[]) is 'Notes steps of firms that are out of order.';
