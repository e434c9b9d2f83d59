create or replace view reporting.facility_by_country as
select country, facility_type, ownership, facility_status,
       count(*) as facilities,
       array_agg(facility_id order by facility_id) as facility_ids
from reporting.facility
group by country, facility_type, ownership, facility_status
order by country, facility_type, ownership, facility_status;

comment on view reporting.facility_by_country is 'Facilities counted. Planned ones are not built: look at facility_status.';
comment on column reporting.facility_by_country.country         is 'ISO 3166-1 alpha-2.';
comment on column reporting.facility_by_country.facility_type   is 'Code list facility_type.';
comment on column reporting.facility_by_country.ownership       is 'Code list ownership.';
comment on column reporting.facility_by_country.facility_status is 'Code list facility_status; only OPERATIONAL is built.';
comment on column reporting.facility_by_country.facilities      is 'Facilities. Number.';
comment on column reporting.facility_by_country.facility_ids    is 'Which.';
