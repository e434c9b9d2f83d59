create or replace view reporting.facility as
with stated as (
    select e.agreement_id, e.occurred_at, e.recorded_at, e.event_id, f.place, f.facility
    from state.effective_agreement as e
    cross join lateral jsonb_array_elements(e.facilities) with ordinality as f (facility, place)
    where not exists (
        select from state.effective_agreement as c
        where c.agreement_id = e.agreement_id and 'facilities' = any (c.cleared_fields)
          and (c.occurred_at, c.recorded_at, c.event_id) > (e.occurred_at, e.recorded_at, e.event_id))
)
select facility ->> 'facility_id' as facility_id,
       state.latest(facility ->> 'name' order by occurred_at, recorded_at, event_id, place) as name,
       coalesce(state.latest(nullif(facility ->> 'facility_type', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as facility_type,
       coalesce(state.latest(nullif(facility ->> 'ownership', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as ownership,
       coalesce(state.latest(nullif(facility ->> 'facility_status', 'UNKNOWN') order by occurred_at, recorded_at, event_id, place), 'UNKNOWN') as facility_status,
       state.latest(facility -> 'place' ->> 'country' order by occurred_at, recorded_at, event_id, place) as country,
       state.latest(facility -> 'place' ->> 'subdivision' order by occurred_at, recorded_at, event_id, place) as subdivision,
       state.latest(facility ->> 'purpose' order by occurred_at, recorded_at, event_id, place) as purpose,
       state.latest((facility ->> 'planned_opening_date')::date order by occurred_at, recorded_at, event_id, place) as planned_opening_date,
       state.latest(agreement_id order by occurred_at, recorded_at, event_id, place) as agreement_id,
       max(occurred_at) as as_stated_at
from stated
group by facility ->> 'facility_id'
order by facility_id;

comment on view reporting.facility is 'What is being built where? One row a facility, each field as last stated.';
comment on column reporting.facility.facility_id          is 'Facility.';
comment on column reporting.facility.name                 is 'Name in the working language.';
comment on column reporting.facility.facility_type        is 'Code list facility_type.';
comment on column reporting.facility.ownership            is 'Code list ownership.';
comment on column reporting.facility.facility_status      is 'Code list facility_status; only OPERATIONAL is built.';
comment on column reporting.facility.country              is 'ISO 3166-1 alpha-2.';
comment on column reporting.facility.subdivision          is 'ISO 3166-2.';
comment on column reporting.facility.purpose              is 'Stated purpose.';
comment on column reporting.facility.planned_opening_date is 'Planned opening.';
comment on column reporting.facility.agreement_id         is 'Agreement that stated it last.';
comment on column reporting.facility.as_stated_at         is 'When it was last stated. UTC instant, shown in the session''s time zone.';
