-- A batch counts as far as its group events exceed the firms that itemise it, at the first of the group events.
create or replace function state.fold_batches(changes state.outreach_change[], out reached state.reach_change[])
    language plpgsql
as $$
declare
    steps state.batch_step[] := state.fold_batch_firms(changes);
begin
    -- Before and after, in one: what the groups say, the firms, and the first group event.
    with step as (
        select s.campaign_id, s.stage, s.batch_id, sum(s.organisations) as organisations, sum(s.firms) as firms,
               max(s.entity_key) as entity_key, array_agg(s.event_id) filter (where s.sign < 0) as gone,
               (array_agg(row(s.occurred_at, s.recorded_at, s.event_id, s.channel)::state.first_event
                   order by s.occurred_at, s.recorded_at, s.event_id) filter (where s.sign > 0))[1] as best
        from (
            select c.campaign_id, c.stage, c.batch_id, c.sign::bigint * c.org_count as organisations, 0 as firms,
                   c.entity_key, c.event_id, c.sign, c.occurred_at, c.recorded_at, c.channel
            from unnest(changes) as c
            where c.recipient_org_id is null and c.batch_id is not null and c.sign <> 0
            union all
            select b.campaign_id, b.stage, b.batch_id, 0, b.firms, null, null, null, null, null, null
            from unnest(steps) as b
        ) as s
        group by 1, 2, 3
    ),
    pair as materialized (
        select s.campaign_id, s.stage, s.batch_id,
               coalesce(b.organisations, 0) as old_organisations, coalesce(b.firms, 0) as old_firms,
               b.channel as old_channel, b.occurred_at as old_at,
               coalesce(b.organisations, 0) + s.organisations as organisations, coalesce(b.firms, 0) + s.firms as firms,
               least(case when b.event_id = any (s.gone) then next.first
                          when b.event_id is not null then row(b.occurred_at, b.recorded_at, b.event_id, b.channel)::state.first_event end,
                   s.best) as first
        from step as s
        left join state.batch_stage as b
            on b.campaign_id = s.campaign_id and b.stage = s.stage and b.batch_id = s.batch_id
        left join lateral (
            select row(e.occurred_at, e.recorded_at, e.event_id, e.channel)::state.first_event as first
            from state.counted_outreach as e
            where b.event_id = any (s.gone)
              and e.entity_key = s.entity_key and e.stage = s.stage and e.occurred_at >= b.occurred_at
            order by e.occurred_at, e.recorded_at, e.event_id
            limit 1
        ) as next on true
    ),
    written as (
        insert into state.batch_stage (campaign_id, stage, batch_id, organisations, firms, channel, occurred_at, recorded_at, event_id)
        select p.campaign_id, p.stage, p.batch_id, p.organisations, p.firms,
               (p.first).channel, (p.first).occurred_at, (p.first).recorded_at, (p.first).event_id
        from pair as p
        on conflict (campaign_id, stage, batch_id) do update
            set organisations = excluded.organisations, firms = excluded.firms, channel = excluded.channel,
                occurred_at = excluded.occurred_at, recorded_at = excluded.recorded_at, event_id = excluded.event_id
    )
    select array_agg(row(p.campaign_id, p.stage, e.channel, e.occurred_at, e.sign * e.excess, 0)::state.reach_change) into reached
    from pair as p
    cross join lateral (values
        (-1, p.old_channel, p.old_at, p.old_organisations - p.old_firms),
        (1, (p.first).channel, (p.first).occurred_at, p.organisations - p.firms)) as e (sign, channel, occurred_at, excess)
    where e.excess > 0 and e.channel is not null;
    delete from state.batch_stage as b
    using unnest(changes) as c
    where c.sign < 0 and b.event_id is null and b.firms = 0
      and b.campaign_id = c.campaign_id and b.stage = c.stage and b.batch_id = c.batch_id;
end
$$;
comment on function state.fold_batches(state.outreach_change[]) is 'Folds what changes in batches; gives what that changes in who was reached.';

create or replace function state.fold_batch_firms(changes state.outreach_change[]) returns state.batch_step[]
    language plpgsql
as $$
declare
    steps state.batch_step[];
begin
    with touched as materialized (
        select c.campaign_id, c.stage, c.batch_id, c.recipient_org_id, sum(c.sign) as events, coalesce(max(f.events), 0) as old_events
        from unnest(changes) as c
        left join state.batch_firm as f
            on f.campaign_id = c.campaign_id and f.stage = c.stage and f.batch_id = c.batch_id and f.recipient_org_id = c.recipient_org_id
        where c.recipient_org_id is not null and c.batch_id is not null
        group by 1, 2, 3, 4
        having sum(c.sign) <> 0
    ),
    written as (
        insert into state.batch_firm (campaign_id, stage, batch_id, recipient_org_id, events)
        select t.campaign_id, t.stage, t.batch_id, t.recipient_org_id, t.old_events + t.events
        from touched as t
        on conflict (campaign_id, stage, batch_id, recipient_org_id) do update set events = excluded.events
    )
    select array_agg(row(s.campaign_id, s.stage, s.batch_id, s.firms)::state.batch_step) into steps
    from (
        select t.campaign_id, t.stage, t.batch_id,
               count(*) filter (where t.old_events = 0) - count(*) filter (where t.old_events + t.events = 0) as firms
        from touched as t
        group by 1, 2, 3
    ) as s;
    delete from state.batch_firm as f
    using unnest(changes) as c
    where c.sign < 0 and f.events = 0
      and (f.campaign_id, f.stage, f.batch_id, f.recipient_org_id) = (c.campaign_id, c.stage, c.batch_id, c.recipient_org_id);
    return steps;
end
$$;
comment on function state.fold_batch_firms(state.outreach_change[]) is 'Folds which firms itemise batches; gives by how many their number changes.';
