create or replace view reporting.ingest_latency as
select scope::timestamp at time zone 'UTC' as hour,
       kind as event_type,
       number as events,
       percentiles[1] as p50_s,
       percentiles[2] as p95_s,
       percentiles[3] as p99_s,
       percentiles[4] as max_s
from state.percentiles('ingest', array[0.50, 0.95, 0.99, 1], 1)
order by hour, event_type;

comment on view reporting.ingest_latency is 'How long from publishing to the database? One row an hour (session time zone) and type of event.';
comment on column reporting.ingest_latency.hour       is 'Hour of arrival.';
comment on column reporting.ingest_latency.event_type is 'outreach, agreement or training.';
comment on column reporting.ingest_latency.events     is 'Events that count. Number.';
comment on column reporting.ingest_latency.p50_s      is 'Median seconds from publishing to arrival.';
comment on column reporting.ingest_latency.p95_s      is '95th percentile, seconds.';
comment on column reporting.ingest_latency.p99_s      is '99th percentile, seconds.';
comment on column reporting.ingest_latency.max_s      is 'Longest, seconds.';
