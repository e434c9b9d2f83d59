create or replace view reporting.facility as
select facility_id,
       name,
       facility_type,
       ownership,
       facility_status,
       country,
       subdivision,
       purpose,
       planned_opening_date,
       agreement_id,
       as_stated_at
from state.facility
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
