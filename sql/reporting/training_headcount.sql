create or replace view reporting.training_headcount as
select programme_id,
       audience,
       coalesce(province, '(not stated)') as province,
       subject_code,
       coalesce(sum(headcount) filter (where stage = 'PLANNED'), 0)::bigint as seats_planned,
       coalesce(sum(headcount) filter (where stage = 'ENROLLED'), 0)::bigint as enrolled,
       coalesce(sum(headcount) filter (where stage = 'STARTED'), 0)::bigint as started,
       coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0)::bigint as completed,
       coalesce(sum(headcount) filter (where stage = 'CERTIFIED'), 0)::bigint as certified,
       coalesce(sum(headcount) filter (where stage = 'DROPPED'), 0)::bigint as dropped,
       coalesce(sum(headcount_female) filter (where stage = 'COMPLETED'), 0)::bigint as completed_women,
       round(100.0 * coalesce(sum(headcount) filter (where stage = 'COMPLETED'), 0)
           / nullif(sum(headcount) filter (where stage = 'ENROLLED'), 0), 2) as completion_pct,
       round(coalesce(sum(person_minutes) filter (where stage = 'COMPLETED'), 0) / 60.0000, 1) as person_hours,
       sum(unnumbered)::bigint as statements_without_number
from state.training_sum
group by programme_id, audience, province, subject_code
order by programme_id, audience, province, subject_code;

comment on view reporting.training_headcount is 'Who was trained, by province, audience and subject?';
comment on column reporting.training_headcount.programme_id              is 'Programme.';
comment on column reporting.training_headcount.audience                  is 'Who is trained, code list audience.';
comment on column reporting.training_headcount.province                  is 'ISO 3166-2, or (not stated).';
comment on column reporting.training_headcount.subject_code              is 'ISCED-F 2013 detailed field.';
comment on column reporting.training_headcount.seats_planned             is 'Seats planned. Number.';
comment on column reporting.training_headcount.enrolled                  is 'People enrolled. Number.';
comment on column reporting.training_headcount.started                   is 'People who started. Number.';
comment on column reporting.training_headcount.completed                 is 'People who completed. Number.';
comment on column reporting.training_headcount.certified                 is 'People certified. Number.';
comment on column reporting.training_headcount.dropped                   is 'People who dropped out. Number.';
comment on column reporting.training_headcount.completed_women           is 'Women among those who completed, where counted. Number.';
comment on column reporting.training_headcount.completion_pct            is 'Completed in per cent of enrolled, two decimals.';
comment on column reporting.training_headcount.person_hours              is 'Hours taught to those who completed, people times hours, one decimal.';
comment on column reporting.training_headcount.statements_without_number is 'Events that state the stage without a number. Number.';
