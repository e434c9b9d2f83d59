-- What follows from the arrival of an event alone, whether it counts or not: sources, delays, late ones.
create or replace function state.fold_arrivals(a_type text) returns void
    language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    delays state.duration_change[];
begin
    execute format($query$
        insert into state.source_count as c (source, event_type, events, last_occurred, last_recorded, last_ingested,
            older_than_7_days_on_arrival, with_unknown_symbols)
        select a.source, %1$L, count(*), max(a.occurred_at), max(a.recorded_at), max(a.ingested_at),
               count(*) filter (where a.ingested_at - a.occurred_at > interval '7 days'),
               count(u.event_id)
        from state.arrived_%1$s as a
        left join state.unknown_symbol as u on u.event_id = a.event_id and u.event_type = %1$L
        group by a.source
        on conflict (source, event_type) do update
            set events = c.events + excluded.events,
                last_occurred = greatest(c.last_occurred, excluded.last_occurred),
                last_recorded = greatest(c.last_recorded, excluded.last_recorded),
                last_ingested = greatest(c.last_ingested, excluded.last_ingested),
                older_than_7_days_on_arrival = c.older_than_7_days_on_arrival + excluded.older_than_7_days_on_arrival,
                with_unknown_symbols = c.with_unknown_symbols + excluded.with_unknown_symbols
    $query$, a_type);

    execute format($query$
        select array_agg(row('ingest', to_char(d.hour, 'YYYY-MM-DD"T"HH24:00'), %1$L, d.microseconds, d.number)::state.duration_change)
        from (
            select date_trunc('hour', a.ingested_at at time zone 'UTC') as hour,
                   (extract(epoch from a.ingested_at - a.published_at) * 1000000)::bigint as microseconds, count(*) as number
            from state.arrived_%1$s as a
            where a.published_at is not null
            group by 1, 2
        ) as d
    $query$, a_type) into delays;
    perform state.fold_durations(delays);

    -- Behind an event that came before it: one of earlier folds, or one of this one. What came before is looked for by key
    -- and time: + 0 keeps PostgreSQL, while it has no statistics, from going through the whole partition.
    execute format($query$
        insert into state.late_arrival (event_type, entity_key, occurred_at, event_id, source, ingested_at, newest_seen_before)
        select %1$L, entity_key, occurred_at, event_id, source, ingested_at, newest
        from (
            select a.*, greatest(
                       max(a.occurred_at) over (
                           partition by a.entity_key, a.stream_id, a.kafka_partition
                           order by a.kafka_offset rows between unbounded preceding and 1 preceding),
                       max(a.newest_before) over (partition by a.entity_key, a.stream_id, a.kafka_partition)) as newest
            from (
                select b.*, case when b.is_first then (
                           select o.occurred_at
                           from event.%1$I as o
                           where o.entity_key = b.entity_key and o.stream_id + 0 = b.stream_id
                             and o.kafka_partition + 0 = b.kafka_partition and o.kafka_offset + 0 < b.kafka_offset
                           order by o.occurred_at desc
                           limit 1) end as newest_before
                from (
                    select e.event_id, e.entity_key, e.source, e.occurred_at, e.ingested_at, e.stream_id, e.kafka_partition, e.kafka_offset,
                           row_number() over (partition by e.entity_key, e.stream_id, e.kafka_partition order by e.kafka_offset) = 1 as is_first
                    from state.arrived_%1$s as e
                ) as b
            ) as a
        ) as arrived
        where newest > occurred_at
    $query$, a_type);

    execute format($query$
        insert into state.quality_issue (issue, event_type, subject, event_id, entity)
        select 'RECORDED_BEFORE_OCCURRED', %1$L, event_id, event_id, entity_key
        from state.arrived_%1$s
        where recorded_at < occurred_at and occurred_precision = 'INSTANT'
    $query$, a_type);
end
$$;
comment on function state.fold_arrivals(text) is 'Folds what follows from the arrival of events of a type: counts by source, delays, late ones.';
