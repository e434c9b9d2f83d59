create or replace view reporting.agreement_party as
with stated as (
    select e.agreement_id, e.occurred_at, e.recorded_at, e.event_id, p.place,
           p.party -> 'org' ->> 'org_id' as org_id,
           p.party ->> 'role' as role,
           (p.party ->> 'share_percent')::numeric as share_percent
    from state.effective_agreement as e
    cross join lateral jsonb_array_elements(e.parties) with ordinality as p (party, place)
    where not exists (
        select from state.effective_agreement as c
        where c.agreement_id = e.agreement_id and 'parties' = any (c.cleared_fields)
          and (c.occurred_at, c.recorded_at, c.event_id) > (e.occurred_at, e.recorded_at, e.event_id))
)
select s.agreement_id,
       s.org_id,
       s.role,
       o.name,
       o.country,
       o.org_type,
       state.latest(s.share_percent order by s.occurred_at, s.recorded_at, s.event_id, s.place) as share_percent
from stated as s
left join reporting.organisation as o using (org_id)
group by s.agreement_id, s.org_id, s.role, o.name, o.country, o.org_type
order by s.agreement_id, s.role, s.org_id;

comment on view reporting.agreement_party is 'Who is party to what? One row an agreement, organisation and role.';
comment on column reporting.agreement_party.agreement_id  is 'Agreement.';
comment on column reporting.agreement_party.org_id        is 'Organisation.';
comment on column reporting.agreement_party.role          is 'Part played, code list party_role.';
comment on column reporting.agreement_party.name          is 'Name in the working language.';
comment on column reporting.agreement_party.country       is 'ISO 3166-1 alpha-2.';
comment on column reporting.agreement_party.org_type      is 'Code list org_type.';
comment on column reporting.agreement_party.share_percent is 'Stake in per cent, as last stated.';
