create or replace view reporting.data_quality_issue as
select 'TRANSITION' as issue, event_id, agreement_id as entity, coalesce(prev_status, '(none)') || ' to ' || status as detail
from reporting.agreement_timeline
where not transition_ok
union all
select 'TRANSITION', x.event_id, x.campaign_id || '|' || x.recipient_org_id, coalesce(x.before, '(none)') || ' to ' || x.stage
from (
    select e.event_id, e.campaign_id, e.recipient_org_id, e.stage,
           lag(e.stage) over (
               partition by e.campaign_id, e.recipient_org_id
               order by e.occurred_at, s.rank nulls last, e.recorded_at, e.event_id) as before
    from state.effective_outreach as e
    left join reference.stage as s on s.event_type = 'outreach' and s.stage = e.stage
    where e.recipient_org_id is not null
) as x
where x.before is distinct from x.stage
  and not exists (
      select from reference.stage_transition as t
      where t.event_type = 'outreach' and t.from_stage = coalesce(x.before, 'START') and t.to_stage = x.stage)
union all
select 'ORPHAN_SUPERSEDE', e.event_id, e.entity_key, 'target ' || e.supersedes_event_id || ' never seen'
from state.event as e
where e.action in ('CORRECT', 'RETRACT')
  and not exists (select from state.event as t where t.event_type = e.event_type and t.event_id = e.supersedes_event_id)
union all
select 'RETRACTS_A_RETRACTION', e.event_id, e.entity_key, 'target ' || t.event_id
from state.event as e
join state.event as t on t.event_type = e.event_type and t.event_id = e.supersedes_event_id
where e.action in ('CORRECT', 'RETRACT') and t.action = 'RETRACT'
union all
select 'SUPERSEDE_OTHER_ENTITY', e.event_id, e.entity_key, 'target belongs to ' || t.entity_key
from state.event as e
join state.event as t on t.event_type = e.event_type and t.event_id = e.supersedes_event_id
where e.action in ('CORRECT', 'RETRACT') and t.entity_key <> e.entity_key
union all
select 'RIVAL_CORRECTIONS', min(e.event_id::text)::uuid, min(e.entity_key), count(*) || ' corrections of ' || e.supersedes_event_id
from state.event as e
where e.action in ('CORRECT', 'RETRACT')
group by e.event_type, e.supersedes_event_id
having count(*) > 1
union all
select 'UNKNOWN_SYMBOL', u.event_id, e.entity_key, string_agg(distinct u.symbol, ', ' order by u.symbol)
from state.unknown_symbol as u
join state.event as e using (event_type, event_id)
group by u.event_type, u.event_id, e.entity_key
union all
select 'RECORDED_BEFORE_OCCURRED', event_id, entity_key, occurred_at || ' recorded ' || recorded_at
from state.event
where recorded_at < occurred_at and occurred_precision = 'INSTANT'
union all
select distinct 'DUPLICATE_ID_OTHER_CONTENT', d.event_id, coalesce(e.entity_key, '(not stored)'), 'kept the first'
from ingest.duplicate as d
join ingest.stream as s using (stream_id)
left join state.event as e on 'event.' || e.event_type = s.event_table and e.event_id = d.event_id
where not d.same_content
union all
select 'HEADCOUNT_BALANCE', null, programme_id || '|' || cohort_id,
       'enrolled ' || enrolled || ', completed ' || completed || ', dropped ' || dropped || ', certified ' || certified
from (
    select programme_id, cohort_id,
           coalesce(sum(headcount) filter (where stage = 'ENROLLED'), 0) as enrolled,
           coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0) as completed,
           coalesce(sum(headcount) filter (where stage = 'DROPPED'), 0) as dropped,
           coalesce(sum(headcount) filter (where stage = 'CERTIFIED'), 0) as certified
    from state.effective_training
    group by programme_id, cohort_id
) as cohort
where completed + dropped > enrolled or certified > completed
union all
select 'NO_SUCH_AGREEMENT', t.event_id, t.agreement_id, 'training names an agreement that no event describes'
from state.effective_training as t
where t.agreement_id is not null
  and not exists (select from state.effective_agreement as a where a.agreement_id = t.agreement_id);

comment on view reporting.data_quality_issue is 'What looks wrong? Nothing here was refused; each row is for a person to look at. issue is one of TRANSITION, ORPHAN_SUPERSEDE, RETRACTS_A_RETRACTION, SUPERSEDE_OTHER_ENTITY, RIVAL_CORRECTIONS, UNKNOWN_SYMBOL, RECORDED_BEFORE_OCCURRED, DUPLICATE_ID_OTHER_CONTENT, HEADCOUNT_BALANCE, NO_SUCH_AGREEMENT.';
comment on column reporting.data_quality_issue.issue    is 'What is wrong.';
comment on column reporting.data_quality_issue.event_id is 'Event; null where a whole cohort is meant.';
comment on column reporting.data_quality_issue.entity   is 'What it is about.';
comment on column reporting.data_quality_issue.detail   is 'In words.';
