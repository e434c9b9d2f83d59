-- Every mention of an organisation in any stored event, retracted or not: a name is not a count.
create or replace view state.organisation_mention as
select e.initiator_org_id as org_id, e.initiator_name as name, e.initiator_names as names, e.initiator_country as country,
       e.initiator_org_type as org_type, e.initiator_parent_org_id as parent_org_id,
       e.occurred_at, e.recorded_at, e.event_id, 1::bigint as place_in_event
from event.outreach as e
union all
select e.recipient_org_id, e.recipient_name, e.recipient_names, e.recipient_country,
       e.recipient_org_type, e.recipient_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from event.outreach as e
where e.recipient_org_id is not null
union all
select p -> 'org' ->> 'org_id', p -> 'org' ->> 'name', p -> 'org' -> 'names', p -> 'org' ->> 'country',
       p -> 'org' ->> 'org_type', p -> 'org' ->> 'parent_org_id', e.occurred_at, e.recorded_at, e.event_id, p.place
from event.agreement as e
cross join lateral jsonb_array_elements(e.parties) with ordinality as p (p, place)
union all
select e.provider_org_id, e.provider_name, e.provider_names, e.provider_country,
       e.provider_org_type, e.provider_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 1
from event.training as e
where e.provider_org_id is not null
union all
select e.beneficiary_org_id, e.beneficiary_name, e.beneficiary_names, e.beneficiary_country,
       e.beneficiary_org_type, e.beneficiary_parent_org_id, e.occurred_at, e.recorded_at, e.event_id, 2
from event.training as e
where e.beneficiary_org_id is not null;

comment on view state.organisation_mention is 'Every mention of an organisation in a stored event.';
comment on column state.organisation_mention.org_id         is 'Organisation.';
comment on column state.organisation_mention.name           is 'Name in the working language.';
comment on column state.organisation_mention.names          is 'Names by BCP 47 tag, JSON object.';
comment on column state.organisation_mention.country        is 'ISO 3166-1 alpha-2.';
comment on column state.organisation_mention.org_type       is 'Code list org_type.';
comment on column state.organisation_mention.parent_org_id  is 'Owner or parent unit.';
comment on column state.organisation_mention.occurred_at    is 'When it happened. UTC instant, shown in the session''s time zone.';
comment on column state.organisation_mention.recorded_at    is 'When the source recorded it. UTC instant, shown in the session''s time zone.';
comment on column state.organisation_mention.event_id       is 'Event.';
comment on column state.organisation_mention.place_in_event is 'Place of the mention within the event.';
