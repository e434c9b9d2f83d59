create or replace view reporting.indicator_progress as
with current_target as (
    select distinct on (indicator_id, scope) *
    from reference.target
    where valid_from <= reporting.report_date()
    order by indicator_id, scope, valid_from desc
),
line as (
    select t.indicator_id, i.title, i.kind, i.unit, i.ascending, t.scope,
           t.baseline, t.target, t.deadline, t.deadline_precision, t.evidence_ref,
           case when i.measure <> '-' then coalesce(a.actual, 0) end as actual
    from current_target as t
    join reference.indicator as i using (indicator_id)
    left join state.indicator_actual as a on a.measure = i.measure and a.scope = t.scope
)
select indicator_id,
       title,
       kind,
       unit,
       scope,
       baseline,
       target,
       deadline,
       deadline_precision,
       actual,
       target - actual as gap,
       round(100.0 * (actual - coalesce(baseline, 0)) / nullif(target - coalesce(baseline, 0), 0), 2) as pct_of_target,
       case
           when kind = 'CONTEXT' then 'REFERENCE'
           when target is null or actual is null then 'NO TARGET'
           when ascending and actual >= target or not ascending and actual <= target then 'MET'
           when deadline < reporting.report_date() then 'MISSED'
           else 'OPEN'
       end as state,
       evidence_ref
from line
order by indicator_id, scope;

comment on view reporting.indicator_progress is 'Where do we stand against the targets? One row an indicator and scope, with the target valid on the report date.';
comment on column reporting.indicator_progress.indicator_id       is 'Indicator.';
comment on column reporting.indicator_progress.title              is 'Title.';
comment on column reporting.indicator_progress.kind               is 'TARGET: a goal. CONTEXT: a figure to read others against, never a goal.';
comment on column reporting.indicator_progress.unit               is 'Unit.';
comment on column reporting.indicator_progress.scope              is 'Campaign, agreement or programme; * for all.';
comment on column reporting.indicator_progress.baseline           is 'Value at the start, in the unit.';
comment on column reporting.indicator_progress.target             is 'Value aimed at, in the unit.';
comment on column reporting.indicator_progress.deadline           is 'Last day; null for none.';
comment on column reporting.indicator_progress.deadline_precision is 'How exact the deadline is.';
comment on column reporting.indicator_progress.actual             is 'Actual value, in the unit of the indicator.';
comment on column reporting.indicator_progress.gap                is 'Target minus actual, in the unit.';
comment on column reporting.indicator_progress.pct_of_target      is 'Way from baseline to target covered, per cent, two decimals.';
comment on column reporting.indicator_progress.state              is 'MET, OPEN, MISSED (deadline before the report date), REFERENCE (context), NO TARGET.';
comment on column reporting.indicator_progress.evidence_ref       is 'Citation.';
