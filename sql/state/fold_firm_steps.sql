-- Steps of firms out of order. What changes has a bearing on the events of its instant and of the next one; the event before
-- them is at the instant or at the one before. So of a firm no more is read than from the instant before the first change to
-- the one after the last; where that is much, each change is looked at by itself.
--
-- What is stored and not folded yet is looked at, too: its own fold looks at its instant again, whether it counts or not.
create or replace function state.fold_firm_steps(changes state.outreach_change[]) returns void
    language plpgsql
as $$
declare
    much constant integer := 12;
    steps state.firm_step[];
    wide text[];
begin
    select array_agg(s), array_agg(distinct s.entity_key) filter (where s.event_id is null) into steps, wide
    from state.firm_steps_in(array(
        select row(c.entity_key, min(c.occurred_at), max(c.occurred_at))::state.firm_window
        from unnest(changes) as c
        where c.recipient_org_id is not null
        group by c.entity_key), much) as s;
    if wide is not null then
        steps := array(select s from unnest(steps) as s where s.entity_key <> all (wide)) || array(
            select s
            from state.firm_steps_in(array(
                select distinct row(c.entity_key, c.occurred_at, c.occurred_at)::state.firm_window
                from unnest(changes) as c
                where c.entity_key = any (wide)), null) as s);
    end if;

    delete from state.quality_issue as q
    using (select event_id from unnest(steps) union all select event_id from unnest(changes) where sign <= 0) as s
    where q.subject = s.event_id and q.issue = 'TRANSITION' and q.event_type = 'outreach';
    insert into state.quality_issue (issue, event_type, subject, event_id, entity, detail)
    select 'TRANSITION', 'outreach', s.event_id, s.event_id, s.entity_key, coalesce(s.before, '(none)') || ' to ' || s.stage
    from unnest(steps) as s
    where not s.is_in_order
    on conflict do nothing;
end
$$;
comment on function state.fold_firm_steps(state.outreach_change[]) is 'Notes steps of firms that are out of order.';

-- The events of each window that are out of order, or were; the others are as they should be. A window with too many events
-- gives a row without one.
create or replace function state.firm_steps_in(windows state.firm_window[], most integer) returns setof state.firm_step
    language plpgsql stable
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    ranks constant jsonb := (select jsonb_object_agg(s.stage, s.rank) from reference.stage as s where s.event_type = 'outreach');
    steps constant text[] := array(
        select t.from_stage || ' ' || t.to_stage from reference.stage_transition as t where t.event_type = 'outreach');
begin
    return query
    select case when s.place <= coalesce(most, s.place) then s.event_id end, s.entity_key, s.stage, s.before, s.is_in_order
    from (
        select o.*, o.before is not distinct from o.stage or coalesce(o.before, 'START') || ' ' || o.stage = any (steps) as is_in_order
        from (
            select e.event_id, w.entity_key, e.stage, e.occurred_at, w.first_at,
                   row_number() over in_order as place, lag(e.stage) over in_order as before
            from unnest(windows) as w
            cross join lateral (
                select o.event_id, o.stage, o.occurred_at, o.recorded_at
                from state.standing_outreach as o
                where o.entity_key = w.entity_key
                  and o.occurred_at >= coalesce((
                      select b.occurred_at from state.standing_outreach as b
                      where b.entity_key = w.entity_key and b.occurred_at < w.first_at order by b.occurred_at desc limit 1), w.first_at)
                  and o.occurred_at <= coalesce((
                      select a.occurred_at from state.standing_outreach as a
                      where a.entity_key = w.entity_key and a.occurred_at > w.last_at order by a.occurred_at limit 1), w.last_at)
                order by o.occurred_at
                limit most + 1
            ) as e
            window in_order as (
                partition by w.entity_key, w.first_at
                order by e.occurred_at, (ranks ->> e.stage)::integer nulls last, e.recorded_at, e.event_id)
        ) as o
    ) as s
    where s.occurred_at >= s.first_at
      and (not s.is_in_order or s.place > most or (
          select true from state.quality_issue as q
          where q.subject = s.event_id and q.issue = 'TRANSITION' and q.event_type = 'outreach') is not null);
end
$$;
comment on function state.firm_steps_in(state.firm_window[], integer) is 'Events of firms between two instants and at the next one that are out of order or were, with the stage before each; where there are more than most, some of them, and rows without an event.';
