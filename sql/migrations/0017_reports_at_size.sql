-- The scorecard needs the country of every party of every agreement, and looked each up among all organisations.

create table state.partner (
    org_id  text primary key,
    country text
);
comment on table  state.partner         is 'Organisations that an agreement event has named as a party, whether it counts or not.';
comment on column state.partner.org_id  is 'Organisation.';
comment on column state.partner.country is 'As last stated, ISO 3166-1 alpha-2.';
insert into state.partner (org_id, country)
select p.org_id, (o.country).value
from (
    select distinct p -> 'org' ->> 'org_id' as org_id
    from event.agreement as e
    cross join lateral jsonb_array_elements(e.parties) as p
) as p
left join state.organisation as o using (org_id);

-- Counts of eight buckets of durations together, instead of sixteen: percentiles read fewer single ones.
delete from state.duration_bucket;
insert into state.duration_bucket (measure, scope, kind, bucket, number)
select d.measure, d.scope, d.kind, d.bucket >> 3, sum(cardinality(d.added) - cardinality(d.removed))
from state.duration as d
group by 1, 2, 3, 4
having sum(cardinality(d.added) - cardinality(d.removed)) <> 0;
comment on table  state.duration_bucket        is 'How many durations there are in eight buckets of state.duration together.';
comment on column state.duration_bucket.bucket is 'That of state.duration without its last three bits.';
