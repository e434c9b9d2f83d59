create or replace view reporting.data_freshness as
select c.source,
       c.event_type,
       c.events,
       c.last_occurred,
       c.last_recorded,
       c.last_ingested,
       c.older_than_7_days_on_arrival,
       c.with_unknown_symbols,
       s.expected_interval,
       ((reporting.report_date() + 1)::timestamp at time zone 'Asia/Karachi') - c.last_recorded > s.expected_interval as is_stale
from state.source_count as c
left join ingest.source as s using (source)
order by c.source, c.event_type;

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
