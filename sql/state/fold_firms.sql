-- A firm counts once a campaign and stage, at its first event.
create or replace function state.fold_firms(changes state.outreach_change[], out reached state.reach_change[])
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    firms state.firm_change[];
begin
    -- An event that does not count any more is replaced by the next of the firm and stage: it can only be a later one.
    select array_agg(row(p.campaign_id, p.recipient_org_id, p.stage, p.before, p.after)::state.firm_change) into firms
    from (
        select t.campaign_id, t.recipient_org_id, t.stage, f.first as before,
               least(case when (f.first).event_id = any (t.gone) then next.first else f.first end, t.best) as after
        from (
            select c.campaign_id, c.recipient_org_id, c.stage, c.entity_key,
                   array_agg(c.event_id) filter (where c.sign < 0) as gone,
                   (array_agg(row(c.occurred_at, c.recorded_at, c.event_id, c.channel)::state.first_event
                       order by c.occurred_at, c.recorded_at, c.event_id) filter (where c.sign > 0))[1] as best
            from unnest(changes) as c
            where c.recipient_org_id is not null
            group by 1, 2, 3, 4
        ) as t
        left join lateral (
            select row(s.occurred_at, s.recorded_at, s.event_id, s.channel)::state.first_event as first
            from state.firm_stage as s
            where (s.campaign_id, s.recipient_org_id, s.stage) = (t.campaign_id, t.recipient_org_id, t.stage)
        ) as f on true
        left join lateral (
            select row(e.occurred_at, e.recorded_at, e.event_id, e.channel)::state.first_event as first
            from state.counted_outreach as e
            where (f.first).event_id = any (t.gone)
              and e.entity_key = t.entity_key and e.stage = t.stage and e.occurred_at >= (f.first).occurred_at
            order by e.occurred_at, e.recorded_at, e.event_id
            limit 1
        ) as next on true
    ) as p
    where p.before is distinct from p.after;
    if firms is null then
        return;
    end if;

    perform state.fold_responses(firms);
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
comment on function state.fold_firms(state.outreach_change[]) is 'Folds what changes in the events of firms; gives what that changes in who was reached.';

-- Firms of which an invitation or an answer changes: the response that was, and the one that will be once the changes are in
-- the state. A stage that changes counts as it will be, the others as they are.
create or replace function state.fold_responses(firms state.firm_change[]) returns void
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    answers constant text[] := array(select s.stage from reference.stage as s where s.event_type = 'outreach' and s.responded);
    responses state.response[];
    times state.duration_change[];
begin
    select array_agg(row(c.campaign_id, r.channel, (extract(epoch from r.responded_at - r.invited_at) * 1000000)::bigint, r.sign)::state.response)
    into responses
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
    ) as s
    cross join lateral (values
        (-1, s.channel, s.invited_at, s.responded_at),
        (1, coalesce(s.kept_channel, c.channel), coalesce(s.kept_invited_at, c.invited_at), least(s.kept_responded_at, c.responded_at)))
        as r (sign, channel, invited_at, responded_at)
    where r.invited_at is not null;

    insert into state.response_count as c (campaign_id, channel, invited, responded)
    select r.campaign_id, r.channel, sum(r.sign), coalesce(sum(r.sign) filter (where r.microseconds is not null), 0)
    from unnest(responses) as r
    group by r.campaign_id, r.channel
    having sum(r.sign) <> 0 or sum(r.sign) filter (where r.microseconds is not null) <> 0
    on conflict (campaign_id, channel) do update
        set invited = c.invited + excluded.invited, responded = c.responded + excluded.responded;
    delete from state.response_count as c where c.invited = 0;

    select array_agg(row('response', t.campaign_id, t.channel, t.microseconds, t.number)::state.duration_change) into times
    from (
        select r.campaign_id, r.channel, r.microseconds, sum(r.sign) as number
        from unnest(responses) as r
        where r.microseconds is not null
        group by 1, 2, 3
        having sum(r.sign) <> 0
    ) as t;
    perform state.fold_durations(times);
end
$$;
comment on function state.fold_responses(state.firm_change[]) is 'Folds what changes in invitations and answers of firms; call it before the changes are in state.firm_stage.';
