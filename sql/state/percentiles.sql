-- As percentile_cont() of the single values: between the two neighbours of the place, in double precision. A rank is found by the
-- counts, first of 256 buckets together, then of each; only the values of that one are read. Views call it, and it runs with
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
    found as materialized (
        select s.scope, s.kind, s.total, r.fraction_no, r.place, b.buckets[r.at] as bucket, r.rank - b.befores[r.at] + 1 as rank_in_bucket
        from (
            select scope, kind, total, bucket, before, array_agg(fraction_no) as fraction_nos, array_agg(place) as places,
                   array_agg(rank) as ranks
            from sought
            group by scope, kind, total, bucket, before
        ) as s
        cross join lateral (
            select array_agg(c.bucket) as buckets, array_agg(c.before) as befores
            from (
                select b.bucket, (s.before + sum(b.number::double precision) over (order by b.bucket) - b.number)::bigint as before
                from state.duration_bucket as b
                where b.measure = a_measure and b.width = 0 and b.scope = s.scope and b.kind = s.kind
                  and b.bucket >= s.bucket << 8 and b.bucket < (s.bucket + 1) << 8 and b.number > 0
                order by b.bucket
            ) as c
        ) as b
        cross join lateral (
            select q.*, width_bucket(q.rank, b.befores) as at
            from unnest(s.fraction_nos, s.places, s.ranks) as q (fraction_no, place, rank)
        ) as r
    ),
    sorted as materialized (
        -- Of most buckets nothing was taken back. A row that only takes back has to be seen, too: unnest() would pass over it.
        select f.*, case when a.are_all then a.microseconds else array(
                   select d.microseconds
                   from state.duration_count as d
                   cross join lateral generate_series(1, d.number)
                   where d.measure = a_measure and d.scope = f.scope and d.kind = f.kind and d.bucket = f.bucket
                   order by 1) end as microseconds
        from (
            select scope, kind, total, bucket, array_agg(fraction_no) as fraction_nos, array_agg(place) as places,
                   array_agg(rank_in_bucket) as ranks
            from found
            group by scope, kind, total, bucket
        ) as f
        cross join lateral (
            select array_agg(d.microseconds order by d.microseconds) as microseconds, bool_and(d.are_all) as are_all
            from (
                select unnest(case when d.added = '{}' then array[null::bigint] else d.added end) as microseconds,
                       cardinality(d.removed) = 0 as are_all
                from state.duration as d
                where d.measure = a_measure and d.scope = f.scope and d.kind = f.kind and d.bucket = f.bucket
            ) as d
        ) as a
    ),
    percentile as (
        select v.scope, v.kind, v.total, v.fraction_no, min(v.value) + (v.place - floor(v.place)) * (max(v.value) - min(v.value)) as value
        from (
            select s.scope, s.kind, s.total, f.fraction_no, f.place,
                   (extract(epoch from s.microseconds[f.rank] * interval '1 microsecond') / a_unit::numeric)::double precision as value
            from sorted as s
            cross join lateral unnest(s.fraction_nos, s.places, s.ranks) as f (fraction_no, place, rank)
        ) as v
        group by v.scope, v.kind, v.total, v.fraction_no, v.place
    )
    select p.scope, p.kind, p.total, array_agg(p.value order by p.fraction_no)
    from percentile as p
    group by p.scope, p.kind, p.total;
end;
comment on function state.percentiles(text, double precision[], double precision) is 'Percentiles of each series of a measure, in units of so many seconds.';
