-- Durations are kept by the list instead of a row each: what a fold adds to a bucket is one row.
alter table state.duration rename to duration_single;
create table state.duration (
    measure text     not null,
    scope   text     not null,
    kind    text     not null,
    bucket  integer  not null,
    added   bigint[] not null,
    removed bigint[] not null
);
create index duration_by_bucket on state.duration (measure, scope, kind, bucket);
comment on table  state.duration         is 'Durations of each series (measure, scope, kind), for exact percentiles: a row for what a fold did to a bucket.';
comment on column state.duration.measure is 'response: from first invitation to first answer. ingest: from publishing to the database.';
comment on column state.duration.scope   is 'response: campaign. ingest: hour in UTC.';
comment on column state.duration.kind    is 'response: channel. ingest: type of event.';
comment on column state.duration.bucket  is 'See state.bucket_of().';
comment on column state.duration.added   is 'Durations that came, microseconds.';
comment on column state.duration.removed is 'Durations that went, microseconds.';

drop type state.duration_change cascade;
create type state.duration_change as (measure text, scope text, kind text, bucket integer, added bigint[], removed bigint[]);

create or replace function state.bucket_of(microseconds bigint) returns integer
    language sql immutable parallel safe
    return sign(microseconds)::integer * (
        (get_byte(float8send(abs(microseconds)::double precision), 0) << 16)
        + (get_byte(float8send(abs(microseconds)::double precision), 1) << 8)
        + get_byte(float8send(abs(microseconds)::double precision), 2));
insert into state.duration (measure, scope, kind, bucket, added, removed)
select d.measure, d.scope, d.kind, state.bucket_of(d.microseconds), array_agg(d.microseconds), '{}'
from state.duration_single as d
cross join lateral generate_series(1, d.number)
group by 1, 2, 3, 4;
drop table state.duration_single cascade;
delete from state.duration_bucket;
insert into state.duration_bucket (measure, scope, kind, bucket, number)
select d.measure, d.scope, d.kind, d.bucket >> 4, sum(cardinality(d.added)) from state.duration as d group by 1, 2, 3, 4;
comment on table  state.duration_bucket        is 'How many durations there are in sixteen buckets of state.duration together.';
comment on column state.duration_bucket.bucket is 'That of state.duration without its last four bits.';

-- Of firms with few events nothing is kept: they are worked out from their events.
create table state.wide_firm (
    entity_key text primary key
);
comment on table  state.wide_firm            is 'Firms with so many events that state.firm_stage keeps the first of each stage.';
comment on column state.wide_firm.entity_key is 'Campaign and firm, see event.outreach.';
truncate state.firm_stage;
comment on table state.firm_stage is 'The first event that counts of each campaign and stage, of the firms in state.wide_firm.';

drop type state.response cascade;
create type state.response as (
    campaign_id text, old_channel text, old_invited_at timestamptz, old_responded_at timestamptz,
    channel text, invited_at timestamptz, responded_at timestamptz);
drop type state.firm_step cascade;
create type state.firm_step as (event_id uuid, entity_key text, stage text, before text);
drop type state.firm_window cascade;

-- Functions of the fold that are no more, or take or give something else now.
drop function if exists state.percentiles(text, double precision[], double precision), state.fold_superseding(text), state.fold_effective(text, text, anyarray), state.fold_outreach(),
    state.fold_training(), state.fold_firm_steps(state.outreach_change[]), state.fold_responses(state.firm_change[]),
    state.is_cleared_later(text, text, timestamptz, timestamptz, uuid);
