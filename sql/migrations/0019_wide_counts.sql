-- Percentiles read a count for each eight buckets that have durations: thousands for each campaign. Beside those counts there are
-- now such of 256 buckets together, a hundred or so, which are read first.

alter table state.duration_bucket add column width smallint not null default 3;
alter table state.duration_bucket alter column width drop default;
alter table state.duration_bucket drop constraint duration_bucket_pkey;
alter table state.duration_bucket add primary key (measure, width, scope, kind, bucket);
insert into state.duration_bucket (measure, width, scope, kind, bucket, number)
select b.measure, 8, b.scope, b.kind, b.bucket >> 5, sum(b.number)
from state.duration_bucket as b
where b.width = 3
group by 1, 3, 4, 5
having sum(b.number) <> 0;
comment on table  state.duration_bucket        is 'How many durations there are in buckets of state.duration together, in eight and in 256 of them.';
comment on column state.duration_bucket.width  is '3: eight buckets together, 8: 256. Number of bits.';
comment on column state.duration_bucket.bucket is 'That of state.duration without its last bits, width of them.';
