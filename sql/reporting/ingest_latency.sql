create or replace view reporting.ingest_latency as
select date_trunc('hour', ingested_at) as hour,
       event_type,
       count(*) as events,
       percentile_cont(0.50) within group (order by extract(epoch from ingested_at - published_at)) as p50_s,
       percentile_cont(0.95) within group (order by extract(epoch from ingested_at - published_at)) as p95_s,
       percentile_cont(0.99) within group (order by extract(epoch from ingested_at - published_at)) as p99_s,
       max(extract(epoch from ingested_at - published_at))::double precision as max_s
from state.event
where published_at is not null
group by hour, event_type
order by hour, event_type;

comment on view reporting.ingest_latency is 'How long from publishing to the database? One row an hour (session time zone) and type of event.';
comment on column reporting.ingest_latency.hour       is 'Hour of arrival.';
comment on column reporting.ingest_latency.event_type is 'outreach, agreement or training.';
comment on column reporting.ingest_latency.events     is 'Events that count. Number.';
comment on column reporting.ingest_latency.p50_s      is 'Median seconds from publishing to arrival.';
comment on column reporting.ingest_latency.p95_s      is '95th percentile, seconds.';
comment on column reporting.ingest_latency.p99_s      is '99th percentile, seconds.';
comment on column reporting.ingest_latency.max_s      is 'Longest, seconds.';
