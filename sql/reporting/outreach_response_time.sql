create or replace view reporting.outreach_response_time as
select c.campaign_id,
       c.channel,
       c.invited,
       c.responded,
       round(100.0 * c.responded / c.invited, 2) as response_rate_pct,
       round(t.percentiles[1]::numeric, 2) as median_days,
       round(t.percentiles[2]::numeric, 2) as p90_days
from state.response_count as c
left join state.percentiles('response', array[0.5, 0.9], 86400) as t on t.scope = c.campaign_id and t.kind = c.channel
where c.invited > 0
order by c.campaign_id, c.channel;

comment on view reporting.outreach_response_time is 'How many of the invited firms answer, and how fast? Itemised firms only; a no is an answer.';
comment on column reporting.outreach_response_time.campaign_id       is 'Campaign.';
comment on column reporting.outreach_response_time.channel           is 'Means of contact, code list channel: that of the first event.';
comment on column reporting.outreach_response_time.invited           is 'Firms invited. Number.';
comment on column reporting.outreach_response_time.responded         is 'Of them firms that answered in any way. Number.';
comment on column reporting.outreach_response_time.response_rate_pct is 'Answered in per cent of invited, two decimals.';
comment on column reporting.outreach_response_time.median_days       is 'Median days from first invitation to first answer.';
comment on column reporting.outreach_response_time.p90_days          is 'Nine in ten answered within so many days.';
