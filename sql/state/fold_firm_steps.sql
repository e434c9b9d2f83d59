-- Steps of firms out of order. What changes at an instant has a bearing on the events of that instant and of the next one;
-- the event before them is at the instant or at the one before. Nothing else of the firm is read.
--
-- What is stored and not folded yet is looked at, too: its own fold looks at its instant again, whether it counts or not.
create or replace function state.fold_firm_steps(changes state.outreach_change[]) returns void
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    steps state.firm_step[];
    ranks constant jsonb := (select jsonb_object_agg(s.stage, s.rank) from reference.stage as s where s.event_type = 'outreach');
begin
    select array_agg(row(s.event_id, s.entity_key, s.stage, s.before)::state.firm_step) into steps
    from (
        select e.event_id, c.entity_key, e.stage, e.occurred_at, c.occurred_at as changed_at,
               lag(e.stage) over (
                   partition by c.entity_key, c.occurred_at
                   order by e.occurred_at, (ranks ->> e.stage)::integer nulls last, e.recorded_at, e.event_id) as before
        from (
            select distinct entity_key, occurred_at from unnest(changes) where recipient_org_id is not null
        ) as c
        join state.standing_outreach as e
            on e.entity_key = c.entity_key
            and e.occurred_at >= coalesce((
                select o.occurred_at from state.standing_outreach as o
                where o.entity_key = c.entity_key and o.occurred_at < c.occurred_at order by o.occurred_at desc limit 1), c.occurred_at)
            and e.occurred_at <= coalesce((
                select o.occurred_at from state.standing_outreach as o
                where o.entity_key = c.entity_key and o.occurred_at > c.occurred_at order by o.occurred_at limit 1), c.occurred_at)
    ) as s
    where s.occurred_at >= s.changed_at;

    delete from state.quality_issue as q
    using (select event_id from unnest(steps) union select event_id from unnest(changes) where sign <= 0) as s
    where q.subject = s.event_id and q.issue = 'TRANSITION' and q.event_type = 'outreach';
    insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
    select 'TRANSITION', 'outreach', s.event_id, s.event_id, s.entity_key, coalesce(s.before, '(none)') || ' to ' || s.stage
    from unnest(steps) as s
    where s.before is distinct from s.stage
      and not exists (
          select from reference.stage_transition as t
          where t.event_type = 'outreach' and t.from_stage = coalesce(s.before, 'START') and t.to_stage = s.stage)
    on conflict do nothing;
end
$$;
comment on function state.fold_firm_steps(state.outreach_change[]) is 'Notes steps of firms that are out of order.';
