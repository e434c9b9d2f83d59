create or replace view reporting.certification_monthly as
with by_month as (
    select programme_id,
           month,
           sum(headcount)::bigint as certified
    from state.training_sum
    where stage = 'CERTIFIED'
    group by programme_id, month
)
select programme_id,
       month,
       certified,
       (sum(certified) over (partition by programme_id order by month))::bigint as certified_to_date
from by_month
order by programme_id, month;

comment on view reporting.certification_monthly is 'Certificates by month (Asia/Karachi), and the running total.';
comment on column reporting.certification_monthly.programme_id      is 'Programme.';
comment on column reporting.certification_monthly.month             is 'First day of the month in Asia/Karachi.';
comment on column reporting.certification_monthly.certified         is 'People certified. Number.';
comment on column reporting.certification_monthly.certified_to_date is 'Running total. Number.';
