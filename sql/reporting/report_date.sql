create or replace function reporting.report_date() returns date
    language sql stable parallel safe
    return coalesce(nullif(current_setting('coop.report_date', true), '')::date, (now() at time zone 'Asia/Karachi')::date);

comment on function reporting.report_date() is 'Today in Asia/Karachi, or the session setting coop.report_date (YYYY-MM-DD), so that a report can be printed again.';
