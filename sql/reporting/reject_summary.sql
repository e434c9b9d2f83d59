create or replace view reporting.reject_summary as
select s.topic,
       r.reason,
       count(*) as messages,
       min(r.rejected_at) as first_seen,
       max(r.rejected_at) as last_seen,
       max(r.value_bytes) as largest_bytes
from ingest.reject as r
join ingest.stream as s using (stream_id)
group by s.topic, r.reason
order by s.topic, r.reason;

comment on view reporting.reject_summary is 'What was refused? One row a topic and reason.';
comment on column reporting.reject_summary.topic         is 'Kafka topic.';
comment on column reporting.reject_summary.reason        is 'Reason, see the contract.';
comment on column reporting.reject_summary.messages      is 'Messages. Number.';
comment on column reporting.reject_summary.first_seen    is 'First refusal. UTC instant, shown in the session''s time zone.';
comment on column reporting.reject_summary.last_seen     is 'Last refusal. UTC instant, shown in the session''s time zone.';
comment on column reporting.reject_summary.largest_bytes is 'Size of the largest value, bytes.';
