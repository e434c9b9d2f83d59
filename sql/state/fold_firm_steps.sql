create or replace function state.firm_steps() returns jsonb
    language sql stable
begin atomic
    select jsonb_object_agg(t.from_stage || ' ' || t.to_stage, true) from reference.stage_transition as t where t.event_type = 'outreach';
end;
comment on function state.firm_steps() is 'The steps that firms may take, from one stage to the next, as keys.';

create or replace function state.note_firm_steps(steps state.firm_step[]) returns void
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off set enable_material = off
as $$
begin
    insert into state.quality_issue as q (issue, event_type, subject, event_id, entity, detail)
    select 'TRANSITION', 'outreach', s.event_id, s.event_id, s.entity_key, coalesce(s.before, '(none)') || ' to ' || s.stage
    from unnest(steps) as s
    on conflict (subject, issue, event_type) do update set detail = excluded.detail where q.detail <> excluded.detail;
end
$$;
comment on function state.note_firm_steps(state.firm_step[]) is 'Notes steps of firms that are out of order.';
