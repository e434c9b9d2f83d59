create or replace function state.fold_outreach(targets uuid[]) returns void
    language plpgsql
as $$
declare
    changes state.outreach_change[];
    groups state.outreach_change[];
    of_batches state.outreach_change[];
    gone uuid[];
    lost uuid[];
    unbatched state.reach_change[];
begin
    changes := state.fold_effective('outreach', targets, 'c.event_id, c.entity_key, c.campaign_id, c.recipient_org_id, c.batch_id, c.stage, '
        'c.channel, c.org_count, c.occurred_at, c.recorded_at', changes);
    if changes is null then
        return;
    end if;

    select array_agg(c) filter (where c.recipient_org_id is null), array_agg(c) filter (where c.batch_id is not null),
           array_agg(c.event_id) filter (where c.sign < 0), array_agg(c.event_id) filter (where c.sign = 0)
    into groups, of_batches, gone, lost
    from unnest(changes) as c;
    -- A group without a batch counts as it stands.
    select array_agg(row(c.campaign_id, c.stage, c.channel, c.occurred_at, c.sign::bigint * c.org_count, 0)::state.reach_change) into unbatched
    from unnest(groups) as c
    where c.batch_id is null and c.org_count > 0;
    perform state.fold_reach(state.fold_firms(changes, gone, lost) || state.fold_batches(of_batches) || unbatched);

    insert into state.outreach_unnumbered as u (campaign_id, stage, statements)
    select c.campaign_id, c.stage, sum(c.sign)
    from unnest(groups) as c
    where c.org_count = 0
    group by 1, 2
    having sum(c.sign) <> 0
    on conflict (campaign_id, stage) do update set statements = u.statements + excluded.statements;
    delete from state.outreach_unnumbered as u
    using unnest(groups) as c
    where c.sign < 0 and u.statements = 0 and u.campaign_id = c.campaign_id and u.stage = c.stage;
end
$$;
comment on function state.fold_outreach(uuid[]) is 'Folds the outreach events that arrived; for targets see state.fold_effective().';

create or replace function state.fold_reach(changes state.reach_change[]) returns void
    language plpgsql
as $$
begin
    insert into state.outreach_reach as r (campaign_id, stage, channel, month, organisations, firms)
    select c.campaign_id, c.stage, c.channel, date_trunc('month', c.occurred_at at time zone 'Asia/Karachi')::date,
           sum(c.organisations), sum(c.firms)
    from unnest(changes) as c
    group by 1, 2, 3, 4
    having sum(c.organisations) <> 0 or sum(c.firms) <> 0
    on conflict (campaign_id, stage, channel, month) do update
        set organisations = r.organisations + excluded.organisations, firms = r.firms + excluded.firms;
    delete from state.outreach_reach as r
    using unnest(changes) as c
    where c.organisations < 0 and r.organisations = 0
      and r.campaign_id = c.campaign_id and r.stage = c.stage and r.channel = c.channel
      and r.month = date_trunc('month', c.occurred_at at time zone 'Asia/Karachi')::date;
end
$$;
comment on function state.fold_reach(state.reach_change[]) is 'Adjusts who was reached.';
