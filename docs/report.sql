-- The reports that a minister reads first; ./demo prints them. Any analyst can run this file.
\pset border 2
\pset null '-'
\pset footer off
\pset title 'How far has each campaign come?'
select campaign_id as campaign, stage, organisations, firms_itemised as itemised,
       statements_without_number as "without number", pct_of_invited as "% of invited"
from reporting.outreach_funnel
order by campaign_id, stage_rank nulls last;

\pset title 'Where does each agreement stand?'
select coalesce(title, agreement_id) as agreement, status, days_in_status as days, expected_signing as "signing expected",
       expected_signing_precision as "to the", value_amount as value, value_currency as currency
from reporting.agreement_pipeline
order by status_rank desc, agreement_id;

\pset title 'What is being built, and where?'
select name as facility, facility_status as status, ownership, country, subdivision as province
from reporting.facility
order by country, facility_id;

\pset title 'Who is trained?'
select programme_id as programme, audience, province, enrolled, completed, certified,
       statements_without_number as "without number"
from reporting.training_headcount
order by programme_id, audience, province;

\pset title 'Where do we stand against the targets?'
select title as indicator, kind, unit, actual, target, pct_of_target as "% reached", deadline, state
from reporting.indicator_progress
order by kind desc, indicator_id;

\pset title 'What looks wrong in the data? (nothing: no rows)'
select issue, entity, detail
from reporting.data_quality_issue
order by issue, entity;
