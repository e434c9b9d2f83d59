create or replace view state.indicator_actual as
select 'OUT_FIRMS_INVITED' as measure, campaign_id as scope, sum(organisations)::numeric as actual
from state.outreach_reach where stage = 'INVITED' group by campaign_id
union all
select 'OUT_FIRMS_ATTENDED', campaign_id, sum(organisations)
from state.outreach_reach where stage = 'ATTENDED' group by campaign_id
union all
select 'OUT_LETTERS_SENT', campaign_id, sum(organisations)
from state.outreach_reach where stage = 'INVITED' and channel = 'LETTER' group by campaign_id
union all
select 'AGR_SIGNED', agreement_id, (signed_date is not null)::integer
from state.agreement
union all
select 'FAC_JV_OPERATIONAL', '*', count(*)
from state.facility
where facility_type = 'TECHNOLOGY_CENTER' and ownership = 'JOINT_VENTURE' and facility_status = 'OPERATIONAL'
union all
select 'TRN_COMPLETED', programme_id, sum(headcount)
from state.training_sum where stage = 'COMPLETED' group by programme_id
union all
select 'TRN_CERTIFIED', programme_id, sum(headcount)
from state.training_sum where stage = 'CERTIFIED' group by programme_id;

comment on view state.indicator_actual is 'Actual value of each measure and scope.';
comment on column state.indicator_actual.measure is 'Measure, see reference.indicator.';
comment on column state.indicator_actual.scope   is 'Campaign, agreement or programme; * for all.';
comment on column state.indicator_actual.actual  is 'Actual value, in the unit of the indicator.';
