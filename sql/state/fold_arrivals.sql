-- What follows from the arrival of an event alone, whether it counts or not: sources, delays, late ones.
create or replace function state.fold_arrivals(a_type text, newcomers text[]) returns void
    language plpgsql
as $$
declare
    firm constant text := case a_type when 'outreach' then 'recipient_org_id' else 'null' end;
    delays state.duration_change[];
begin
    -- Late is what comes behind an event that came before it: one of this fold, or one of earlier ones, which is looked for
    -- behind the first of its key: where there is none, the first has taken its place for the others. Firms that are newcomers
    -- have none. + 0 keeps PostgreSQL, while it has no statistics, from going through the whole partition.
    execute format($query$
        with arrived as materialized (
            select event_id, entity_key, source, occurred_at, occurred_precision, recorded_at, ingested_at,
                   round(date_part('epoch', ingested_at - published_at) * 1000000)::bigint as microseconds,
                   stream_id, kafka_partition, kafka_offset, coalesce(%2$s = any ($1), false) as is_newcomer
            from state.arrived_%1$s
        ),
        counted as (
            insert into state.source_count as c (source, event_type, events, last_occurred, last_recorded, last_ingested,
                older_than_7_days_on_arrival, with_unknown_symbols)
            select a.source, %1$L, count(*), max(a.occurred_at), max(a.recorded_at), max(a.ingested_at),
                   count(*) filter (where a.ingested_at - a.occurred_at > interval '7 days'), 0
            from arrived as a
            group by a.source
            on conflict (source, event_type) do update
                set events = c.events + excluded.events,
                    last_occurred = greatest(c.last_occurred, excluded.last_occurred),
                    last_recorded = greatest(c.last_recorded, excluded.last_recorded),
                    last_ingested = greatest(c.last_ingested, excluded.last_ingested),
                    older_than_7_days_on_arrival = c.older_than_7_days_on_arrival + excluded.older_than_7_days_on_arrival
        ),
        in_order as (
            select e.*, max(e.occurred_at) over (
                       partition by e.entity_key, e.stream_id, e.kafka_partition
                       order by e.kafka_offset rows between unbounded preceding and 1 preceding) as newest_here
            from arrived as e
        ),
        placed as (
            select e.*, max(b.occurred_at) over (partition by e.entity_key, e.stream_id, e.kafka_partition) as newest_before
            from in_order as e
            left join lateral (
                select o.occurred_at
                from event.%1$I as o
                where e.newest_here is null and not e.is_newcomer
                  and o.entity_key = e.entity_key and o.occurred_at > e.occurred_at
                  and o.stream_id + 0 = e.stream_id and o.kafka_partition + 0 = e.kafka_partition and o.kafka_offset + 0 < e.kafka_offset
                order by o.occurred_at desc
                limit 1
            ) as b on true
        ),
        late as (
            insert into state.late_arrival (event_type, entity_key, occurred_at, event_id, source, ingested_at, newest_seen_before)
            select %1$L, p.entity_key, p.occurred_at, p.event_id, p.source, p.ingested_at, greatest(p.newest_here, p.newest_before)
            from placed as p
            where greatest(p.newest_here, p.newest_before) > p.occurred_at
        ),
        recorded_early as (
            insert into state.quality_issue (issue, event_type, subject, event_id, entity)
            select 'RECORDED_BEFORE_OCCURRED', %1$L, event_id, event_id, entity_key
            from arrived
            where recorded_at < occurred_at and occurred_precision = 'INSTANT'
        )
        select array_agg(row('ingest', to_char(d.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00'), %1$L, d.bucket, d.added, null)::state.duration_change)
        from (
            select date_bin('1 hour', a.ingested_at, 'epoch') as hour, state.bucket_of(a.microseconds) as bucket,
                   array_agg(a.microseconds) as added
            from arrived as a
            where a.microseconds is not null
            group by 1, 2
        ) as d
    $query$, a_type, firm) into delays using newcomers;
    perform state.fold_durations(delays);
end
$$;
comment on function state.fold_arrivals(text, text[]) is 'Folds what follows from the arrival of events of a type: counts by source, delays, late ones. Of newcomers there was no event before.';
