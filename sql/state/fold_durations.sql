-- Buckets of durations: the exponent and the first eight bits of the fraction of the value as a double, so that the bounds of
-- one lie 1/256 apart: coarser, and more values are read within a bucket; finer, and more buckets. Greater durations have greater buckets.
create or replace function state.bucket_of(microseconds bigint) returns integer
    language sql immutable parallel safe
    return sign(microseconds)::integer * (
        (get_byte(float8send(abs(microseconds)::double precision), 0) << 12)
        + (get_byte(float8send(abs(microseconds)::double precision), 1) << 4)
        + (get_byte(float8send(abs(microseconds)::double precision), 2) >> 4));
comment on function state.bucket_of(bigint) is 'Bucket of a duration in microseconds, see state.duration.';

create or replace view state.duration_count as
select d.measure, d.scope, d.kind, d.bucket, v.microseconds, sum(v.sign) as number
from state.duration as d
cross join lateral (
    select a.microseconds, 1 as sign from unnest(d.added) as a (microseconds)
    union all
    select r.microseconds, -1 from unnest(d.removed) as r (microseconds)
) as v
group by 1, 2, 3, 4, 5
having sum(v.sign) <> 0;
comment on view   state.duration_count              is 'How often each duration occurs in a series.';
comment on column state.duration_count.measure      is 'See state.duration.';
comment on column state.duration_count.scope        is 'See state.duration.';
comment on column state.duration_count.kind         is 'See state.duration.';
comment on column state.duration_count.bucket       is 'See state.duration.';
comment on column state.duration_count.microseconds is 'The duration, microseconds.';
comment on column state.duration_count.number       is 'How often it occurs. Number.';

create or replace function state.fold_durations(changes state.duration_change[]) returns void
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_memoize = off
as $$
begin
    if changes is null then
        return;
    end if;
    insert into state.duration (measure, scope, kind, bucket, added, removed)
    select c.measure, c.scope, c.kind, c.bucket, coalesce(c.added, '{}'), coalesce(c.removed, '{}')
    from unnest(changes) as c;
    insert into state.duration_bucket as b (measure, scope, kind, bucket, number)
    select c.measure, c.scope, c.kind, c.bucket, coalesce(cardinality(c.added), 0) - coalesce(cardinality(c.removed), 0)
    from unnest(changes) as c
    on conflict (measure, scope, kind, bucket) do update set number = b.number + excluded.number;

    with emptied as (
        delete from state.duration_bucket as b
        using unnest(changes) as c
        where c.removed is not null and b.number = 0
          and (b.measure, b.scope, b.kind, b.bucket) = (c.measure, c.scope, c.kind, c.bucket)
        returning b.*
    )
    delete from state.duration as d
    using emptied as e
    where (d.measure, d.scope, d.kind, d.bucket) = (e.measure, e.scope, e.kind, e.bucket);
end
$$;
comment on function state.fold_durations(state.duration_change[]) is 'Takes over durations that came and went; each bucket may be named once.';

-- As percentile_cont() of the single values: between the two neighbours of the place, in double precision. Views call it, and
-- it runs with its owner's rights: within a view a function has those of the caller.
create or replace function state.percentiles(a_measure text, fractions double precision[], a_unit double precision)
    returns table (scope text, kind text, number bigint, percentiles double precision[], greatest_value double precision)
    language sql stable security definer
    set search_path = pg_catalog
begin atomic
    with running as materialized (
        select b.scope, b.kind, b.bucket, b.number,
               (sum(b.number) over (partition by b.scope, b.kind order by b.bucket) - b.number)::bigint as before
        from state.duration_bucket as b
        where b.measure = a_measure
    ),
    place as (
        select r.scope, r.kind, r.total, f.n as fraction_no, f.fraction, p.rank
        from (select scope, kind, sum(number)::bigint as total from running group by scope, kind) as r
        cross join unnest(fractions || 1::double precision) with ordinality as f (fraction, n)
        cross join lateral (values (floor(f.fraction * (r.total - 1))::bigint), (ceil(f.fraction * (r.total - 1))::bigint)) as p (rank)
    ),
    found as (
        select p.scope, p.kind, p.total, p.fraction_no, p.fraction, p.rank, (
                   select (extract(epoch from v.microseconds * interval '1 microsecond') / a_unit::numeric)::double precision
                   from (
                       select d.microseconds, sum(d.number) over (order by d.microseconds) as up_to
                       from state.duration_count as d
                       where d.measure = a_measure and d.scope = p.scope and d.kind = p.kind and d.bucket = r.bucket
                   ) as v
                   where v.up_to > p.rank - r.before
                   order by v.microseconds
                   limit 1) as value
        from place as p
        join running as r on r.scope = p.scope and r.kind = p.kind and p.rank >= r.before and p.rank < r.before + r.number
    ),
    percentile as (
        select f.scope, f.kind, f.total, f.fraction_no,
               min(f.value) + (f.fraction * (f.total - 1) - floor(f.fraction * (f.total - 1))) * (max(f.value) - min(f.value)) as value
        from found as f
        group by f.scope, f.kind, f.total, f.fraction_no, f.fraction
    )
    select p.scope, p.kind, p.total, array_agg(p.value order by p.fraction_no), max(p.value)
    from percentile as p
    group by p.scope, p.kind, p.total;
end;
comment on function state.percentiles(text, double precision[], double precision) is 'Percentiles of each series of a measure, and the greatest value (last of percentiles, too), in units of so many seconds.';
