create or replace view reporting.outreach_response_time as
with firm as (
    select r.campaign_id, r.recipient_org_id,
           min(r.channel) filter (where r.stage = 'INVITED') as channel,
           min(r.occurred_at) filter (where r.stage = 'INVITED') as invited_at,
           min(r.occurred_at) filter (where s.responded) as responded_at
    from state.outreach_reached as r
    join reference.stage as s on s.event_type = 'outreach' and s.stage = r.stage
    where r.recipient_org_id is not null
    group by r.campaign_id, r.recipient_org_id
)
select campaign_id,
       channel,
       count(*) as invited,
       count(responded_at) as responded,
       round(100.0 * count(responded_at) / count(*), 2) as response_rate_pct,
       round((percentile_cont(0.5) within group (order by extract(epoch from responded_at - invited_at) / 86400))::numeric, 2) as median_days,
       round((percentile_cont(0.9) within group (order by extract(epoch from responded_at - invited_at) / 86400))::numeric, 2) as p90_days
from firm
where invited_at is not null
group by campaign_id, channel
order by campaign_id, channel;

comment on view reporting.outreach_response_time is 'How many of the invited firms answer, and how fast? Itemised firms only; a no is an answer.';
comment on column reporting.outreach_response_time.campaign_id       is 'Campaign.';
comment on column reporting.outreach_response_time.channel           is 'Means of contact, code list channel: that of the first event.';
comment on column reporting.outreach_response_time.invited           is 'Firms invited. Number.';
comment on column reporting.outreach_response_time.responded         is 'Of them firms that answered in any way. Number.';
comment on column reporting.outreach_response_time.response_rate_pct is 'Answered in per cent of invited, two decimals.';
comment on column reporting.outreach_response_time.median_days       is 'Median days from first invitation to first answer.';
comment on column reporting.outreach_response_time.p90_days          is 'Nine in ten answered within so many days.';
