create or replace view state.organisation as
select org_id,
       state.latest(name order by occurred_at, recorded_at, event_id, place_in_event) as name,
       coalesce(state.latest(nullif(names, '{}') order by occurred_at, recorded_at, event_id, place_in_event), '{}') as names,
       state.latest(country order by occurred_at, recorded_at, event_id, place_in_event) as country,
       coalesce(state.latest(nullif(org_type, 'UNKNOWN') order by occurred_at, recorded_at, event_id, place_in_event), 'UNKNOWN') as org_type,
       state.latest(parent_org_id order by occurred_at, recorded_at, event_id, place_in_event) as parent_org_id
from state.organisation_mention
group by org_id;

comment on view state.organisation is 'Organisations as the events describe them: the last value stated of each field.';
comment on column state.organisation.org_id        is 'Organisation.';
comment on column state.organisation.name          is 'Name in the working language.';
comment on column state.organisation.names         is 'Names by BCP 47 tag, JSON object.';
comment on column state.organisation.country       is 'ISO 3166-1 alpha-2.';
comment on column state.organisation.org_type      is 'Code list org_type.';
comment on column state.organisation.parent_org_id is 'Owner or parent unit.';
