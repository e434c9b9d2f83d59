-- What changes has a bearing on the events of its instant and of the next one; the event before them is at the instant or at the
-- one before. What is stored and not folded yet is looked at, too: its own fold looks at its instant again.
create or replace function state.fold_wide_firm_steps(changes state.outreach_change[]) returns void
    language plpgsql
as $$
declare
    ranks constant jsonb := state.firm_ranks();
    allowed constant jsonb := state.firm_steps();
    looked_at uuid[];
    steps state.firm_step[];
begin
    select array_agg(s.event_id), array_agg(row(s.event_id, s.entity_key, s.stage, s.before)::state.firm_step)
               filter (where not state.is_firm_step(allowed, s.before, s.stage))
    into looked_at, steps
    from (
        select distinct o.event_id, o.entity_key, o.stage, o.before
        from (
            select e.event_id, e.stage, e.occurred_at, i.entity_key, i.occurred_at as changed_at, lag(e.stage) over (
                       partition by i.entity_key, i.occurred_at
                       order by e.occurred_at, (ranks ->> e.stage)::integer nulls last, e.recorded_at, e.event_id) as before
            from (select distinct c.entity_key, c.occurred_at from unnest(changes) as c) as i
            cross join lateral (
                select o.event_id, o.stage, o.occurred_at, o.recorded_at
                from state.standing_outreach as o
                where o.entity_key = i.entity_key
                  and o.occurred_at >= coalesce((
                      select b.occurred_at from state.standing_outreach as b
                      where b.entity_key = i.entity_key and b.occurred_at < i.occurred_at order by b.occurred_at desc limit 1),
                      i.occurred_at)
                  and o.occurred_at <= coalesce((
                      select a.occurred_at from state.standing_outreach as a
                      where a.entity_key = i.entity_key and a.occurred_at > i.occurred_at order by a.occurred_at limit 1),
                      i.occurred_at)
            ) as e
        ) as o
        where o.occurred_at >= o.changed_at
    ) as s;

    perform state.clear_issues(looked_at || array(select c.event_id from unnest(changes) as c where c.sign <= 0),
        'outreach', array['TRANSITION']);
    perform state.note_firm_steps(steps);
end
$$;
comment on function state.fold_wide_firm_steps(state.outreach_change[]) is 'Notes which steps of firms with many events are out of order.';
