-- What training events add up to.

create index training_by_key on event.training (entity_key, occurred_at);
create index training_by_agreement on event.training (agreement_id) where agreement_id is not null;

create table state.training_sum (
    programme_id     text    not null,
    stage            text    not null,
    audience         text    not null,
    province         text,
    subject_code     text,
    provider_country text,
    month            date,
    events           bigint  not null,
    headcount        bigint  not null,
    headcount_female bigint  not null,
    person_minutes   numeric not null,
    unnumbered       bigint  not null,
    unique nulls not distinct (programme_id, stage, audience, province, subject_code, provider_country, month)
) with (fillfactor = 70);
comment on table  state.training_sum                  is 'Events that count, added up.';
comment on column state.training_sum.programme_id     is 'Programme.';
comment on column state.training_sum.stage            is 'Stage.';
comment on column state.training_sum.audience         is 'Who is trained, code list audience.';
comment on column state.training_sum.province         is 'ISO 3166-2; null where not stated.';
comment on column state.training_sum.subject_code     is 'ISCED-F 2013 detailed field; null where not stated.';
comment on column state.training_sum.provider_country is 'Country of the provider; null where not stated.';
comment on column state.training_sum.month            is 'CERTIFIED only: first day of the month in Asia/Karachi.';
comment on column state.training_sum.events           is 'Events. Number.';
comment on column state.training_sum.headcount        is 'People. Number.';
comment on column state.training_sum.headcount_female is 'Women among them, where counted. Number.';
comment on column state.training_sum.person_minutes   is 'People times minutes.';
comment on column state.training_sum.unnumbered       is 'Events without a number. Number.';

create table state.cohort (
    programme_id text   not null,
    cohort_id    text   not null,
    events       bigint not null,
    enrolled     bigint not null,
    completed    bigint not null,
    dropped      bigint not null,
    certified    bigint not null,
    primary key (programme_id, cohort_id)
) with (fillfactor = 70);
create index cohort_out_of_balance on state.cohort (programme_id, cohort_id)
    where completed + dropped > enrolled or certified > completed;
comment on table  state.cohort              is 'People of each cohort.';
comment on column state.cohort.programme_id is 'Programme.';
comment on column state.cohort.cohort_id    is 'Cohort.';
comment on column state.cohort.events       is 'Events that count. Number.';
comment on column state.cohort.enrolled     is 'People enrolled. Number.';
comment on column state.cohort.completed    is 'People who completed. Number.';
comment on column state.cohort.dropped      is 'People who dropped out. Number.';
comment on column state.cohort.certified    is 'People certified. Number.';

create type state.training_change as (
    sign integer, event_id uuid, programme_id text, cohort_id text, stage text, audience text, province text,
    subject_code text, provider_country text, month date, headcount integer, headcount_female integer,
    minutes_per_person integer, agreement_id text);
