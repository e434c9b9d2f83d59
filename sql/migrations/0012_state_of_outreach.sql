-- What outreach events add up to: firms, batches, and who was reached by campaign, stage, channel and month.

-- By time within what the event is about: its neighbours are found without reading the others.
create index outreach_by_key on event.outreach (entity_key, occurred_at);
drop index event.outreach_by_entity;

create table state.firm_stage (
    campaign_id      text        not null,
    recipient_org_id text        not null,
    stage            text        not null,
    channel          text        not null,
    occurred_at      timestamptz not null,
    recorded_at      timestamptz not null,
    event_id         uuid        not null,
    primary key (campaign_id, recipient_org_id, stage)
);
comment on table  state.firm_stage                  is 'The first event that counts of each firm, campaign and stage.';
comment on column state.firm_stage.campaign_id      is 'Campaign.';
comment on column state.firm_stage.recipient_org_id is 'The firm.';
comment on column state.firm_stage.stage            is 'Stage, or the raw symbol where no code list knows it.';
comment on column state.firm_stage.channel          is 'Means of contact, code list channel.';
comment on column state.firm_stage.occurred_at      is 'When it happened, UTC instant.';
comment on column state.firm_stage.recorded_at      is 'When the source recorded it, UTC instant.';
comment on column state.firm_stage.event_id         is 'The event.';

create table state.batch_firm (
    campaign_id      text    not null,
    stage            text    not null,
    batch_id         text    not null,
    recipient_org_id text    not null,
    events           integer not null,
    primary key (campaign_id, stage, batch_id, recipient_org_id)
);
comment on table  state.batch_firm                  is 'Firms that itemise a batch at a stage.';
comment on column state.batch_firm.campaign_id      is 'Campaign.';
comment on column state.batch_firm.stage            is 'Stage.';
comment on column state.batch_firm.batch_id         is 'Batch.';
comment on column state.batch_firm.recipient_org_id is 'The firm.';
comment on column state.batch_firm.events           is 'Its events that count. Number.';

create table state.batch_stage (
    campaign_id   text   not null,
    stage         text   not null,
    batch_id      text   not null,
    organisations bigint not null,
    firms         bigint not null,
    channel       text,
    occurred_at   timestamptz,
    recorded_at   timestamptz,
    event_id      uuid,
    primary key (campaign_id, stage, batch_id)
) with (fillfactor = 70);
comment on table  state.batch_stage               is 'What group events say of a batch at a stage, and how much of it firms itemise.';
comment on column state.batch_stage.campaign_id   is 'Campaign.';
comment on column state.batch_stage.stage         is 'Stage.';
comment on column state.batch_stage.batch_id      is 'Batch.';
comment on column state.batch_stage.organisations is 'Sum of the group events that count. Number.';
comment on column state.batch_stage.firms         is 'Distinct firms that itemise it. Number.';
comment on column state.batch_stage.channel       is 'Channel of the first group event.';
comment on column state.batch_stage.occurred_at   is 'Time of the first group event, UTC instant.';
comment on column state.batch_stage.recorded_at   is 'When the first group event was recorded, UTC instant.';
comment on column state.batch_stage.event_id      is 'The first group event.';

create table state.outreach_reach (
    campaign_id   text   not null,
    stage         text   not null,
    channel       text   not null,
    month         date   not null,
    organisations bigint not null,
    firms         bigint not null,
    primary key (campaign_id, stage, channel, month)
) with (fillfactor = 50);
comment on table  state.outreach_reach               is 'Who was reached: firms once a campaign and stage, and what groups add.';
comment on column state.outreach_reach.campaign_id   is 'Campaign.';
comment on column state.outreach_reach.stage         is 'Stage.';
comment on column state.outreach_reach.channel       is 'Channel of the first event.';
comment on column state.outreach_reach.month         is 'First day of its month in Asia/Karachi.';
comment on column state.outreach_reach.organisations is 'Firms, and the part of groups that no firm itemises. Number.';
comment on column state.outreach_reach.firms         is 'Of them firms. Number.';

create table state.outreach_unnumbered (
    campaign_id text   not null,
    stage       text   not null,
    statements  bigint not null,
    primary key (campaign_id, stage)
) with (fillfactor = 50);
comment on table  state.outreach_unnumbered             is 'Group events without a number.';
comment on column state.outreach_unnumbered.campaign_id is 'Campaign.';
comment on column state.outreach_unnumbered.stage       is 'Stage.';
comment on column state.outreach_unnumbered.statements  is 'Events that count. Number.';

create table state.response_count (
    campaign_id text   not null,
    channel     text   not null,
    invited     bigint not null,
    responded   bigint not null,
    primary key (campaign_id, channel)
) with (fillfactor = 50);
comment on table  state.response_count             is 'Invited firms and those of them that answered.';
comment on column state.response_count.campaign_id is 'Campaign.';
comment on column state.response_count.channel     is 'Channel of the firm''s first invitation.';
comment on column state.response_count.invited     is 'Firms invited. Number.';
comment on column state.response_count.responded   is 'Of them firms that answered. Number.';

-- What the functions of the fold hand to one another.
create type state.outreach_change as (
    sign integer, event_id uuid, entity_key text, campaign_id text, recipient_org_id text, batch_id text, stage text,
    channel text, org_count integer, occurred_at timestamptz, recorded_at timestamptz);
create type state.first_event as (occurred_at timestamptz, recorded_at timestamptz, event_id uuid, channel text);
create type state.firm_change as (
    campaign_id text, recipient_org_id text, stage text, before state.first_event, after state.first_event);
create type state.reach_change as (
    campaign_id text, stage text, channel text, occurred_at timestamptz, organisations bigint, firms bigint);
create type state.response as (campaign_id text, channel text, microseconds bigint, sign integer);
create type state.firm_window as (entity_key text, first_at timestamptz, last_at timestamptz);
create type state.duration_change as (measure text, scope text, kind text, microseconds bigint, number bigint);
create type state.batch_step as (campaign_id text, stage text, batch_id text, firms bigint);
create type state.firm_step as (event_id uuid, entity_key text, stage text, before text, is_in_order boolean);
