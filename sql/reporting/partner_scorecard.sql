create or replace view reporting.partner_scorecard as
with partner as (
    select partner_country as country from reference.campaign where partner_country is not null
    union
    select partner_country from reference.programme where partner_country is not null
    union
    select country from state.facility
),
firms as (
    select c.partner_country as country, r.stage, sum(r.organisations)::bigint as organisations
    from state.outreach_reach as r
    join reference.campaign as c using (campaign_id)
    group by c.partner_country, r.stage
),
people as (
    select coalesce(s.provider_country, p.partner_country) as country, s.stage, sum(s.headcount)::bigint as headcount
    from state.training_sum as s
    left join reference.programme as p using (programme_id)
    group by 1, s.stage
),
agreements as (
    select country, count(*) as agreements, count(*) filter (where is_signed) as signed_or_in_force, sum(joint_facilities)::bigint as joint_facilities
    from state.agreement_country
    group by country
),
in_country as (
    select country, count(*) as facilities from state.facility group by country
)
select p.country,
       coalesce((select organisations from firms as f where f.country = p.country and f.stage = 'INVITED'), 0) as firms_invited,
       coalesce((select organisations from firms as f where f.country = p.country and f.stage = 'ATTENDED'), 0) as firms_attended,
       coalesce(a.agreements, 0) as agreements,
       coalesce(a.signed_or_in_force, 0) as agreements_signed_or_in_force,
       coalesce(i.facilities, 0) as facilities_in_country,
       coalesce(a.joint_facilities, 0) as joint_facilities,
       coalesce((select headcount from people as h where h.country = p.country and h.stage = 'COMPLETED'), 0) as people_trained,
       coalesce((select headcount from people as h where h.country = p.country and h.stage = 'CERTIFIED'), 0) as people_certified
from partner as p
left join agreements as a using (country)
left join in_country as i using (country)
order by p.country;

comment on view reporting.partner_scorecard is 'One row a partner country. People are credited to the country of the provider, else to the partner country of the programme; firms to the partner country of the campaign.';
comment on column reporting.partner_scorecard.country                       is 'Partner country, ISO 3166-1 alpha-2.';
comment on column reporting.partner_scorecard.firms_invited                 is 'Organisations invited in campaigns addressed to the country. Number.';
comment on column reporting.partner_scorecard.firms_attended                is 'Organisations that attended. Number.';
comment on column reporting.partner_scorecard.agreements                    is 'Agreements with a party of the country. Number.';
comment on column reporting.partner_scorecard.agreements_signed_or_in_force is 'Agreements with a party of the country that are SIGNED, RATIFIED or IN_FORCE. Number.';
comment on column reporting.partner_scorecard.facilities_in_country         is 'Facilities in the country, in any state. Number.';
comment on column reporting.partner_scorecard.joint_facilities              is 'Joint-venture facilities under agreements with a party of the country. Number.';
comment on column reporting.partner_scorecard.people_trained                is 'People who completed. Number.';
comment on column reporting.partner_scorecard.people_certified              is 'People certified. Number.';
