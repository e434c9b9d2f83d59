-- Buckets of durations: the exponent and the first twelve bits of the fraction of the value as a double, so that the bounds of
-- one lie 1/4096 apart. Greater durations have greater buckets. state.duration_bucket counts each, and 256 together.
create or replace function state.bucket_of(microseconds bigint) returns integer
    language sql immutable parallel safe
    return sign(microseconds)::integer * (
        (get_byte(float8send(abs(microseconds)::double precision), 0) << 16)
        + (get_byte(float8send(abs(microseconds)::double precision), 1) << 8)
        + get_byte(float8send(abs(microseconds)::double precision), 2));
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
as $$
begin
    if changes is null then
        return;
    end if;
    insert into state.duration (measure, scope, kind, bucket, added, removed)
    select c.measure, c.scope, c.kind, c.bucket, coalesce(c.added, '{}'), coalesce(c.removed, '{}')
    from unnest(changes) as c;
    insert into state.duration_bucket as b (measure, width, scope, kind, bucket, number)
    select c.measure, w.width, c.scope, c.kind, c.bucket >> w.width,
           sum(coalesce(cardinality(c.added), 0) - coalesce(cardinality(c.removed), 0))
    from unnest(changes) as c
    cross join unnest(array[0, 8]) as w (width)
    group by 1, 2, 3, 4, 5
    on conflict (measure, width, scope, kind, bucket) do update set number = b.number + excluded.number;
    if not exists (select from unnest(changes) as c where c.removed is not null) then
        return;
    end if;

    with emptied as (
        delete from state.duration_bucket as b
        using (
            select distinct c.measure, w.width, c.scope, c.kind, c.bucket >> w.width as bucket
            from unnest(changes) as c
            cross join unnest(array[0, 8]) as w (width)
            where c.removed is not null) as c
        where b.number = 0 and (b.measure, b.width, b.scope, b.kind, b.bucket) = (c.measure, c.width, c.scope, c.kind, c.bucket)
        returning b.*
    )
    delete from state.duration as d
    using emptied as e
    where e.width = 0 and (d.measure, d.scope, d.kind, d.bucket) = (e.measure, e.scope, e.kind, e.bucket);
end
$$;
comment on function state.fold_durations(state.duration_change[]) is 'Takes over durations that came and went; each bucket may be named once.';
