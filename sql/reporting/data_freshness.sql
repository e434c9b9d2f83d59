create or replace view reporting.data_freshness as
select e.source,
       e.event_type,
       count(*) as events,
       max(e.occurred_at) as last_occurred,
       max(e.recorded_at) as last_recorded,
       max(e.ingested_at) as last_ingested,
       count(*) filter (where e.ingested_at - e.occurred_at > interval '7 days') as older_than_7_days_on_arrival,
       count(u.event_id) as with_unknown_symbols,
       s.expected_interval,
       ((reporting.report_date() + 1)::timestamp at time zone 'Asia/Karachi') - max(e.recorded_at) > s.expected_interval as is_stale
from state.event as e
left join (select distinct event_type, event_id from state.unknown_symbol) as u using (event_type, event_id)
left join ingest.source as s using (source)
group by e.source, e.event_type, s.expected_interval
order by e.source, e.event_type;

comment on view reporting.data_freshness is 'Is the data fresh? One row a source and type of event.';
comment on column reporting.data_freshness.source                       is 'Emitting system.';
comment on column reporting.data_freshness.event_type                   is 'outreach, agreement or training.';
comment on column reporting.data_freshness.events                       is 'Events that count. Number.';
comment on column reporting.data_freshness.last_occurred                is 'Latest happening. UTC instant, shown in the session''s time zone.';
comment on column reporting.data_freshness.last_recorded                is 'Latest recording. UTC instant, shown in the session''s time zone.';
comment on column reporting.data_freshness.last_ingested                is 'Latest arrival. UTC instant, shown in the session''s time zone.';
comment on column reporting.data_freshness.older_than_7_days_on_arrival is 'Events that arrived more than seven days after they happened. Number.';
comment on column reporting.data_freshness.with_unknown_symbols         is 'Events with a symbol that no code list knows. Number.';
comment on column reporting.data_freshness.expected_interval            is 'Longest silence that is normal, as declared; null for none.';
comment on column reporting.data_freshness.is_stale                     is 'True where the source has been silent for longer, counted to the end of the report date; null where no interval is declared.';
