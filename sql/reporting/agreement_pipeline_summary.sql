create or replace view reporting.agreement_pipeline_summary as
select status,
       status_rank,
       count(*) as agreements,
       round(avg(days_in_status), 1) as avg_days_in_status,
       max(days_in_status) as oldest_days,
       count(*) filter (where is_overdue) as overdue,
       sum(value_amount) filter (where value_currency = 'USD') as value_usd
from state.agreement_in_pipeline
group by status, status_rank
order by status_rank nulls last, status;

comment on view reporting.agreement_pipeline_summary is 'The pipeline in one row a status.';
comment on column reporting.agreement_pipeline_summary.status             is 'Status as last stated.';
comment on column reporting.agreement_pipeline_summary.status_rank        is 'Order of the status; null for an unknown symbol.';
comment on column reporting.agreement_pipeline_summary.agreements         is 'Agreements. Number.';
comment on column reporting.agreement_pipeline_summary.avg_days_in_status is 'Average days in the status, one decimal.';
comment on column reporting.agreement_pipeline_summary.oldest_days        is 'Most days in the status.';
comment on column reporting.agreement_pipeline_summary.overdue            is 'Of them overdue. Number.';
comment on column reporting.agreement_pipeline_summary.value_usd          is 'Sum of the amounts in USD; other currencies are not converted.';
