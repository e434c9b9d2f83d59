create or replace view reporting.data_quality_issue as
select q.issue, q.event_id, q.entity,
       coalesce(q.detail, (
           select e.occurred_at || ' recorded ' || e.recorded_at
           from state.event as e
           where e.event_type = q.event_type and e.event_id = q.event_id)) as detail
from state.quality_issue as q
union all
select 'UNKNOWN_SYMBOL', u.event_id, e.entity_key, array_to_string(u.symbols, ', ')
from state.unknown_symbol as u
join state.event as e using (event_type, event_id)
union all
select distinct 'DUPLICATE_ID_OTHER_CONTENT', d.event_id, coalesce(e.entity_key, '(not stored)'), 'kept the first'
from ingest.duplicate as d
join ingest.stream as s using (stream_id)
left join state.event as e on 'event.' || e.event_type = s.event_table and e.event_id = d.event_id
where not d.same_content
union all
select 'HEADCOUNT_BALANCE', null, programme_id || '|' || cohort_id,
       'enrolled ' || enrolled || ', completed ' || completed || ', dropped ' || dropped || ', certified ' || certified
from state.cohort
where completed + dropped > enrolled or certified > completed;

comment on view reporting.data_quality_issue is 'What looks wrong? Nothing here was refused; each row is for a person to look at. issue is one of TRANSITION, ORPHAN_SUPERSEDE, RETRACTS_A_RETRACTION, SUPERSEDE_OTHER_ENTITY, RIVAL_CORRECTIONS, UNKNOWN_SYMBOL, RECORDED_BEFORE_OCCURRED, DUPLICATE_ID_OTHER_CONTENT, HEADCOUNT_BALANCE, NO_SUCH_AGREEMENT.';
comment on column reporting.data_quality_issue.issue    is 'What is wrong.';
comment on column reporting.data_quality_issue.event_id is 'Event; null where a whole cohort is meant.';
comment on column reporting.data_quality_issue.entity   is 'What it is about.';
comment on column reporting.data_quality_issue.detail   is 'In words.';
