create or replace view reporting.outreach_funnel as
with counted as (
    select campaign_id, stage, sum(organisations)::bigint as organisations, sum(firms)::bigint as firms_itemised
    from state.outreach_reach
    group by campaign_id, stage
),
line as (
    select campaign_id, stage,
           coalesce(counted.organisations, 0) as organisations,
           coalesce(counted.firms_itemised, 0) as firms_itemised,
           coalesce(unnumbered.statements, 0) as statements_without_number
    from counted
    full join state.outreach_unnumbered as unnumbered using (campaign_id, stage)
)
select l.campaign_id,
       l.stage,
       s.rank as stage_rank,
       s.label_en as stage_label,
       l.organisations,
       l.firms_itemised,
       l.statements_without_number,
       round(100.0 * l.organisations
           / nullif(max(l.organisations) filter (where l.stage = 'INVITED') over (partition by l.campaign_id), 0), 2) as pct_of_invited,
       case when s.funnel then
           round(100.0 * l.firms_itemised
               / nullif(lag(l.firms_itemised) over (partition by l.campaign_id, s.funnel order by s.rank), 0), 2)
       end as step_conversion_pct
from line as l
left join reference.stage as s on s.event_type = 'outreach' and s.stage = l.stage
order by l.campaign_id, s.rank nulls last, l.stage;

comment on view reporting.outreach_funnel is 'How far has each campaign come? One row a campaign and stage. Conversion is computed over itemised firms only; a group that is not itemised is in organisations, not in step_conversion_pct.';
comment on column reporting.outreach_funnel.campaign_id               is 'Campaign.';
comment on column reporting.outreach_funnel.stage                     is 'Stage, or the raw symbol where no code list knows it.';
comment on column reporting.outreach_funnel.stage_rank                is 'Order of the stage; null for an unknown symbol.';
comment on column reporting.outreach_funnel.stage_label               is 'Label of the stage in English; other languages in reference.stage.';
comment on column reporting.outreach_funnel.organisations             is 'Organisations: firms once each, plus what groups add. Number.';
comment on column reporting.outreach_funnel.firms_itemised            is 'Of them firms known by name. Number.';
comment on column reporting.outreach_funnel.statements_without_number is 'Events that state the stage without a number. Number.';
comment on column reporting.outreach_funnel.pct_of_invited            is 'Organisations in per cent of those invited in the campaign, two decimals.';
comment on column reporting.outreach_funnel.step_conversion_pct       is 'Itemised firms in per cent of those at the funnel stage before, two decimals; null off the funnel.';
