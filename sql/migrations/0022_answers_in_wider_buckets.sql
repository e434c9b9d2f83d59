-- Of answers nearly every one had a bucket of its own in each fold: a row, and two counts to move. Their buckets are 32 times as wide
-- now. And each bucket has a count, for its rows are many.
update state.duration set bucket = bucket >> 5 where measure = 'response';
delete from state.duration_bucket;
insert into state.duration_bucket (measure, width, scope, kind, bucket, number)
select d.measure, w.width, d.scope, d.kind, d.bucket >> w.width, sum(cardinality(d.added) - cardinality(d.removed))
from state.duration as d
cross join unnest(array[0, 8]) as w (width)
group by 1, 2, 3, 4, 5
having sum(cardinality(d.added) - cardinality(d.removed)) <> 0;
comment on table  state.duration_bucket       is 'How many durations there are in a bucket of state.duration, or in 256 together.';
comment on column state.duration_bucket.width is '0: a bucket, 8: 256 together. Number of bits.';
comment on column state.duration.bucket       is 'See state.bucket_of(); response: without its last five bits.';
