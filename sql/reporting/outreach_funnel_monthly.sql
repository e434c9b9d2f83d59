create or replace view reporting.outreach_funnel_monthly as
select campaign_id, channel, month, stage, organisations
from state.outreach_reach
order by campaign_id, month, channel, stage;

comment on view reporting.outreach_funnel_monthly is 'The funnel by channel and month (Asia/Karachi): each organisation in the month in which it first reached the stage.';
comment on column reporting.outreach_funnel_monthly.campaign_id   is 'Campaign.';
comment on column reporting.outreach_funnel_monthly.channel       is 'Means of contact, code list channel: that of the first event.';
comment on column reporting.outreach_funnel_monthly.month         is 'First day of the month in Asia/Karachi.';
comment on column reporting.outreach_funnel_monthly.stage         is 'Stage, or the raw symbol where no code list knows it.';
comment on column reporting.outreach_funnel_monthly.organisations is 'Organisations: firms once each, plus what groups add. Number.';
