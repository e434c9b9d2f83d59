-- A firm counts once per campaign and stage, at its first event. A group event with a batch counts as far as it exceeds
-- the firms that itemise the batch; one without a batch counts as it stands.

create or replace view state.outreach_reached as
with first_of_firm as (
    select distinct on (campaign_id, recipient_org_id, stage)
           campaign_id, stage, channel, occurred_at, recipient_org_id
    from state.effective_outreach
    where recipient_org_id is not null
    order by campaign_id, recipient_org_id, stage, occurred_at, recorded_at, event_id
),
itemised as (
    select campaign_id, stage, batch_id, count(distinct recipient_org_id) as firms
    from state.effective_outreach
    where recipient_org_id is not null and batch_id is not null
    group by campaign_id, stage, batch_id
),
batch as (
    select campaign_id, stage, batch_id,
           (array_agg(channel order by occurred_at, recorded_at, event_id))[1] as channel,
           min(occurred_at) as occurred_at,
           sum(org_count) as organisations
    from state.effective_outreach
    where recipient_org_id is null and batch_id is not null
    group by campaign_id, stage, batch_id
)
select campaign_id, stage, channel, occurred_at, recipient_org_id, 1::bigint as organisations
from first_of_firm
union all
select campaign_id, stage, batch.channel, batch.occurred_at, null, batch.organisations - coalesce(itemised.firms, 0)
from batch
left join itemised using (campaign_id, stage, batch_id)
where batch.organisations > coalesce(itemised.firms, 0)
union all
select campaign_id, stage, channel, occurred_at, null, org_count
from state.effective_outreach
where recipient_org_id is null and batch_id is null and org_count > 0;

comment on view state.outreach_reached is 'Who was reached at which stage: one row a firm, and one for the part of a group that no firm itemises.';
comment on column state.outreach_reached.campaign_id      is 'Campaign.';
comment on column state.outreach_reached.stage            is 'Stage, or the raw symbol where no code list knows it.';
comment on column state.outreach_reached.channel          is 'Means of contact, code list channel: that of the first event.';
comment on column state.outreach_reached.occurred_at      is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column state.outreach_reached.recipient_org_id is 'The firm; null for a group.';
comment on column state.outreach_reached.organisations    is 'Organisations: firms once each, plus what groups add. Number.';
