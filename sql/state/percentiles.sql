-- As percentile_cont() of the single values: between the two neighbours of the place, in double precision. A rank is found by the
-- counts, first of 256 buckets together, then of eight, then of each; only the values of that one are read. Views call it, and it runs with
-- its owner's rights: within a view a function has those of the caller.
create or replace function state.percentiles(a_measure text, fractions double precision[], a_unit double precision)
    returns table (scope text, kind text, number bigint, percentiles double precision[])
    language sql stable security definer
    set search_path = pg_catalog
    set enable_seqscan = off set enable_mergejoin = off set enable_memoize = off set jit = off
begin atomic
    with series as materialized (
        select t.scope, t.kind, sum(t.number)::bigint as total, array_agg(t.bucket order by t.bucket) as buckets,
               array_agg(t.before order by t.bucket) as befores
        from (
            select b.scope, b.kind, b.bucket, b.number,
                   (sum(b.number) over (partition by b.scope, b.kind order by b.bucket) - b.number)::bigint as before
            from state.duration_bucket as b
            where b.measure = a_measure and b.width = 8 and b.number > 0
        ) as t
        group by t.scope, t.kind
    ),
    sought as materialized (
        select s.scope, s.kind, s.total, p.fraction_no, p.place, r.rank, s.buckets[r.at] as bucket, s.befores[r.at] as before
        from series as s
        cross join lateral (
            select f.n as fraction_no, f.fraction * (s.total - 1) as place
            from unnest(fractions) with ordinality as f (fraction, n)
        ) as p
        cross join lateral (
            select rank, width_bucket(rank, s.befores) as at
            from (values (floor(p.place)::bigint), (ceil(p.place)::bigint)) as r (rank)
        ) as r
    ),
    eights as materialized (
        select s.scope, s.kind, s.bucket as within, b.bucket, b.number,
               (s.before + sum(b.number) over (partition by s.scope, s.kind, s.bucket order by b.bucket) - b.number)::bigint as before
        from (select distinct scope, kind, bucket, before from sought) as s
        cross join lateral (
            select b.bucket, b.number
            from state.duration_bucket as b
            where b.measure = a_measure and b.width = 3 and b.scope = s.scope and b.kind = s.kind
              and b.bucket >= s.bucket << 5 and b.bucket < (s.bucket + 1) << 5 and b.number > 0
            offset 0
        ) as b
    ),
    narrowed as materialized (
        select s.scope, s.kind, s.total, s.fraction_no, s.place, s.rank, e.bucket, e.before
        from sought as s
        join eights as e
            on e.scope = s.scope and e.kind = s.kind and e.within = s.bucket and s.rank >= e.before and s.rank < e.before + e.number
    ),
    one as materialized (
        select s.scope, s.kind, d.bucket, sum(d.number)::bigint as number,
               (s.before + sum(sum(d.number)) over (partition by s.scope, s.kind, s.bucket order by d.bucket) - sum(d.number))::bigint as before
        from (select distinct scope, kind, bucket, before from narrowed) as s
        cross join lateral (
            select d.bucket, cardinality(d.added) - cardinality(d.removed) as number
            from state.duration as d
            where d.measure = a_measure and d.scope = s.scope and d.kind = s.kind
              and d.bucket >= s.bucket << 3 and d.bucket < (s.bucket + 1) << 3
            offset 0
        ) as d
        group by s.scope, s.kind, s.bucket, s.before, d.bucket
    ),
    found as materialized (
        select s.scope, s.kind, s.total, s.fraction_no, s.place, o.bucket, s.rank - o.before + 1 as rank_in_bucket
        from narrowed as s
        join one as o on o.scope = s.scope and o.kind = s.kind and s.rank >= o.before and s.rank < o.before + o.number
    ),
    sorted as materialized (
        -- Of most buckets nothing was taken back.
        select f.scope, f.kind, f.bucket, case when (
                   select true
                   from state.duration as d
                   where d.measure = a_measure and d.scope = f.scope and d.kind = f.kind and d.bucket = f.bucket and d.removed <> '{}'
                   limit 1) is null
               then array(
                   select a.microseconds
                   from state.duration as d
                   cross join lateral unnest(d.added) as a (microseconds)
                   where d.measure = a_measure and d.scope = f.scope and d.kind = f.kind and d.bucket = f.bucket
                   order by 1)
               else array(
                   select d.microseconds
                   from state.duration_count as d
                   cross join lateral generate_series(1, d.number)
                   where d.measure = a_measure and d.scope = f.scope and d.kind = f.kind and d.bucket = f.bucket
                   order by 1) end as microseconds
        from (select distinct scope, kind, bucket from found) as f
    ),
    percentile as (
        select v.scope, v.kind, v.total, v.fraction_no, min(v.value) + (v.place - floor(v.place)) * (max(v.value) - min(v.value)) as value
        from (
            select f.*, (extract(epoch from s.microseconds[f.rank_in_bucket] * interval '1 microsecond') / a_unit::numeric)::double precision as value
            from found as f
            join sorted as s on s.scope = f.scope and s.kind = f.kind and s.bucket = f.bucket
        ) as v
        group by v.scope, v.kind, v.total, v.fraction_no, v.place
    )
    select p.scope, p.kind, p.total, array_agg(p.value order by p.fraction_no)
    from percentile as p
    group by p.scope, p.kind, p.total;
end;
comment on function state.percentiles(text, double precision[], double precision) is 'Percentiles of each series of a measure, in units of so many seconds.';
