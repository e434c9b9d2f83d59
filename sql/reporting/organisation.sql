-- In no order of its own: there may be millions.
create or replace view reporting.organisation as
select c.org_id,
       coalesce(c.name, (e.name).value) as name,
       coalesce(nullif(c.names, '{}'), (e.names).value, '{}') as names,
       coalesce(c.country, (e.country).value) as country,
       coalesce(nullif(c.org_type, 'UNKNOWN'), (e.org_type).value, 'UNKNOWN') as org_type,
       coalesce(c.parent_org_id, (e.parent_org_id).value) as parent_org_id,
       c.subdivision,
       true as is_curated
from reference.organisation as c
left join state.organisation as e using (org_id)
union all
select e.org_id, (e.name).value, coalesce((e.names).value, '{}'), (e.country).value, coalesce((e.org_type).value, 'UNKNOWN'),
       (e.parent_org_id).value, null, false
from state.organisation as e
where not exists (select from reference.organisation as c where c.org_id = e.org_id);

comment on view reporting.organisation is 'Organisations: curated by hand, or known from events only.';
comment on column reporting.organisation.org_id        is 'Organisation.';
comment on column reporting.organisation.name          is 'Name in the working language.';
comment on column reporting.organisation.names         is 'Names by BCP 47 tag, JSON object.';
comment on column reporting.organisation.country       is 'ISO 3166-1 alpha-2.';
comment on column reporting.organisation.org_type      is 'Code list org_type.';
comment on column reporting.organisation.parent_org_id is 'Owner or parent unit.';
comment on column reporting.organisation.subdivision   is 'ISO 3166-2.';
comment on column reporting.organisation.is_curated    is 'True where reference.organisation has it.';
