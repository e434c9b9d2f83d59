-- Firms with many events: the first event of each stage is kept in state.firm_stage, and no more is read than what lies around
-- a change.
create or replace function state.widen_firms(firms text[], gone uuid[]) returns void
    language plpgsql
as $$
begin
    insert into state.wide_firm (entity_key) select unnest(firms);
    insert into state.firm_stage (campaign_id, recipient_org_id, stage, channel, occurred_at, recorded_at, event_id)
    select distinct on (e.entity_key, e.stage)
           e.campaign_id, e.recipient_org_id, e.stage, e.channel, e.occurred_at, e.recorded_at, e.event_id
    from unnest(firms) as f (entity_key)
    join event.outreach as e on e.entity_key = f.entity_key and e.action in ('ASSERT', 'CORRECT')
    where e.kafka_offset < (
        select f.from_offset from state.folded as f
        where f.stream_id = e.stream_id and f.kafka_partition = e.kafka_partition)
      and (e.event_id = any (gone)
           or (select true from state.ineffective as i where i.event_id = e.event_id and i.event_type = 'outreach' limit 1) is null)
    order by e.entity_key, e.stage, e.occurred_at, e.recorded_at, e.event_id;
end
$$;
comment on function state.widen_firms(text[], uuid[]) is 'Keeps the first events of firms from now on: those that counted before the fold under way, which finds that the events of gone do not any more.';

create or replace function state.fold_wide_firms(changes state.outreach_change[], out reached state.reach_change[])
    language plpgsql
as $$
declare
    gone uuid[] := array(select c.event_id from unnest(changes) as c where c.sign < 0);
    firms state.firm_change[];
begin
    perform state.fold_wide_firm_steps(changes);

    -- Of what comes the first; an event that does not count any more is replaced by the next of the firm and stage: it can only
    -- be a later one.
    select array_agg(row(p.campaign_id, p.recipient_org_id, p.stage, p.before, p.after)::state.firm_change) into firms
    from (
        select t.campaign_id, t.recipient_org_id, t.stage, f.first as before,
               least(case when (f.first).event_id = any (gone) then next.first else f.first end,
                     case when t.sign > 0 then row(t.occurred_at, t.recorded_at, t.event_id, t.channel)::state.first_event end) as after
        from (
            select distinct on (c.entity_key, c.stage) c.*
            from unnest(changes) as c
            where c.sign <> 0
            order by c.entity_key, c.stage, c.sign desc, c.occurred_at, c.recorded_at, c.event_id
        ) as t
        left join lateral (
            select row(s.occurred_at, s.recorded_at, s.event_id, s.channel)::state.first_event as first
            from state.firm_stage as s
            where (s.campaign_id, s.recipient_org_id, s.stage) = (t.campaign_id, t.recipient_org_id, t.stage)
        ) as f on true
        left join lateral (
            select row(e.occurred_at, e.recorded_at, e.event_id, e.channel)::state.first_event as first
            from state.counted_outreach as e
            where (f.first).event_id = any (gone)
              and e.entity_key = t.entity_key and e.stage = t.stage and e.occurred_at >= (f.first).occurred_at
            order by e.occurred_at, e.recorded_at, e.event_id
            limit 1
        ) as next on true
    ) as p
    where p.before is distinct from p.after;
    if firms is null then
        return;
    end if;

    perform state.fold_responses(state.wide_firm_responses(firms));
    insert into state.firm_stage as s (campaign_id, recipient_org_id, stage, channel, occurred_at, recorded_at, event_id)
    select c.campaign_id, c.recipient_org_id, c.stage,
           (c.after).channel, (c.after).occurred_at, (c.after).recorded_at, (c.after).event_id
    from unnest(firms) as c
    where c.after is not null
    on conflict (campaign_id, recipient_org_id, stage) do update
        set channel = excluded.channel, occurred_at = excluded.occurred_at,
            recorded_at = excluded.recorded_at, event_id = excluded.event_id;
    delete from state.firm_stage as s
    using unnest(firms) as c
    where c.after is null
      and (s.campaign_id, s.recipient_org_id, s.stage) = (c.campaign_id, c.recipient_org_id, c.stage);

    select array_agg(row(c.campaign_id, c.stage, (r.first).channel, (r.first).occurred_at, r.number, r.number)::state.reach_change)
    into reached
    from unnest(firms) as c
    cross join lateral (values (c.before, -1), (c.after, 1)) as r (first, number)
    where r.first is not null;
end
$$;
comment on function state.fold_wide_firms(state.outreach_change[]) is 'As state.fold_firms(), for firms with many events.';

-- Firms of which an invitation or an answer changes: the response that was, and the one that will be once the changes are in
-- the state. A stage that changes counts as it will be, the others as they are.
create or replace function state.wide_firm_responses(firms state.firm_change[]) returns state.response[]
    language plpgsql stable
as $$
declare
    answers constant text[] := array(select s.stage from reference.stage as s where s.event_type = 'outreach' and s.responded);
begin
    return array(
        select row(c.campaign_id, s.channel, s.invited_at, s.responded_at, coalesce(s.kept_channel, c.channel),
                   coalesce(s.kept_invited_at, c.invited_at), least(s.kept_responded_at, c.responded_at))::state.response
        from (
            select f.campaign_id, f.recipient_org_id, array_agg(f.stage) as stages,
                   min((f.after).channel) filter (where f.stage = 'INVITED') as channel,
                   min((f.after).occurred_at) filter (where f.stage = 'INVITED') as invited_at,
                   min((f.after).occurred_at) filter (where f.stage = any (answers)) as responded_at
            from unnest(firms) as f
            where f.stage = 'INVITED' or f.stage = any (answers)
            group by 1, 2
        ) as c
        cross join lateral (
            select min(s.channel) filter (where s.stage = 'INVITED') as channel,
                   min(s.occurred_at) filter (where s.stage = 'INVITED') as invited_at,
                   min(s.occurred_at) filter (where s.stage = any (answers)) as responded_at,
                   min(s.channel) filter (where s.stage = 'INVITED' and s.stage <> all (c.stages)) as kept_channel,
                   min(s.occurred_at) filter (where s.stage = 'INVITED' and s.stage <> all (c.stages)) as kept_invited_at,
                   min(s.occurred_at) filter (where s.stage = any (answers) and s.stage <> all (c.stages)) as kept_responded_at
            from state.firm_stage as s
            where s.campaign_id = c.campaign_id and s.recipient_org_id = c.recipient_org_id
        ) as s);
end
$$;
comment on function state.wide_firm_responses(state.firm_change[]) is 'What changes in answers to invitations; to be asked before the changes are in state.firm_stage.';
