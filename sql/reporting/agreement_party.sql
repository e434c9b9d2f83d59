create or replace view reporting.agreement_party as
select p.agreement_id,
       p.org_id,
       p.role,
       coalesce(c.name, (e.name).value) as name,
       coalesce(c.country, (e.country).value) as country,
       coalesce(nullif(c.org_type, 'UNKNOWN'), (e.org_type).value, 'UNKNOWN') as org_type,
       p.share_percent
from state.agreement_party as p
left join reference.organisation as c on c.org_id = p.org_id
left join state.organisation as e on e.org_id = p.org_id
order by p.agreement_id, p.role, p.org_id;

comment on view reporting.agreement_party is 'Who is party to what? One row an agreement, organisation and role.';
comment on column reporting.agreement_party.agreement_id  is 'Agreement.';
comment on column reporting.agreement_party.org_id        is 'Organisation.';
comment on column reporting.agreement_party.role          is 'Part played, code list party_role.';
comment on column reporting.agreement_party.name          is 'Name in the working language.';
comment on column reporting.agreement_party.country       is 'ISO 3166-1 alpha-2.';
comment on column reporting.agreement_party.org_type      is 'Code list org_type.';
comment on column reporting.agreement_party.share_percent is 'Stake in per cent, as last stated.';
