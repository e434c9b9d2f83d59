-- Code lists, organisations, campaigns, programmes, indicators and targets.

create table reference.stage (
    event_type text    not null check (event_type in ('outreach', 'agreement', 'training')),
    stage      text    not null,
    rank       integer not null,
    funnel     boolean not null,
    responded  boolean not null,
    terminal   boolean not null,
    label_en   text    not null,
    label_zh   text    not null,
    label_ur   text    not null,
    primary key (event_type, stage)
);
comment on table  reference.stage            is 'Stages of outreach and training and statuses of agreements, with their order and flags.';
comment on column reference.stage.event_type is 'outreach, agreement or training.';
comment on column reference.stage.stage      is 'Symbol as it stands in the events.';
comment on column reference.stage.rank       is 'Order within the type; greater is later.';
comment on column reference.stage.funnel     is 'True where the stage is a step of the funnel, between which conversion is computed.';
comment on column reference.stage.responded  is 'Outreach: true where the stage means that the organisation has answered; a no is an answer.';
comment on column reference.stage.terminal   is 'True where nothing is expected to follow.';
comment on column reference.stage.label_en   is 'Label in English.';
comment on column reference.stage.label_zh   is 'Label in simplified Chinese.';
comment on column reference.stage.label_ur   is 'Label in Urdu.';

create table reference.stage_transition (
    event_type text not null,
    from_stage text not null,
    to_stage   text not null,
    primary key (event_type, from_stage, to_stage)
);
comment on table  reference.stage_transition            is 'Steps that are in order. Others are listed in data_quality_issue (TRANSITION), never refused.';
comment on column reference.stage_transition.event_type is 'outreach, agreement or training.';
comment on column reference.stage_transition.from_stage is 'Stage before; START for the first event.';
comment on column reference.stage_transition.to_stage   is 'Stage after.';

create table reference.code (
    list     text    not null,
    symbol   text    not null,
    position integer not null,
    label_en text    not null,
    label_zh text    not null,
    label_ur text    not null,
    primary key (list, symbol)
);
comment on table  reference.code          is 'All other code lists of the event schemas. A symbol that is not here is kept as it came and listed in data_quality_issue (UNKNOWN_SYMBOL).';
comment on column reference.code.list     is 'Code list, e.g. channel, org_type, party_role.';
comment on column reference.code.symbol   is 'Symbol as it stands in the events.';
comment on column reference.code.position is 'Place in the Avro enum, from 0.';
comment on column reference.code.label_en is 'Label in English.';
comment on column reference.code.label_zh is 'Label in simplified Chinese.';
comment on column reference.code.label_ur is 'Label in Urdu.';

create table reference.organisation (
    org_id        text primary key,
    name          text not null,
    names         jsonb not null default '{}',
    country       text,
    org_type      text not null default 'UNKNOWN',
    parent_org_id text,
    subdivision   text
);
comment on table  reference.organisation               is 'Organisations as curated by hand; what stands here wins over what events say. Reports use reporting.organisation, which adds those known from events only.';
comment on column reference.organisation.org_id        is 'Identifier, {list}-{id} of org-id.guide or COOP-{slug}.';
comment on column reference.organisation.name          is 'Name in the working language.';
comment on column reference.organisation.names         is 'Names by BCP 47 tag, JSON object.';
comment on column reference.organisation.country       is 'ISO 3166-1 alpha-2.';
comment on column reference.organisation.org_type      is 'Code list org_type.';
comment on column reference.organisation.parent_org_id is 'Owner or parent unit.';
comment on column reference.organisation.subdivision   is 'ISO 3166-2 code of the seat.';

create table reference.org_membership (
    org_id           text not null,
    member_of_org_id text not null,
    role             text not null,
    start_date       date,
    end_date         date,
    evidence_ref     text,
    primary key (org_id, member_of_org_id, role)
);
comment on table  reference.org_membership                  is 'Who belongs to what: sections, members, organised under.';
comment on column reference.org_membership.org_id           is 'The organisation that belongs.';
comment on column reference.org_membership.member_of_org_id is 'What it belongs to.';
comment on column reference.org_membership.role             is 'How: section of, member, organised under.';
comment on column reference.org_membership.start_date       is 'First day; null when not stated.';
comment on column reference.org_membership.end_date         is 'Last day; null when not stated.';
comment on column reference.org_membership.evidence_ref     is 'Citation.';

create table reference.campaign (
    campaign_id     text primary key,
    title           text not null,
    titles          jsonb not null default '{}',
    owner_org_id    text,
    partner_country text,
    priority        text,
    forum_date      date,
    forum_precision text
);
comment on table  reference.campaign                 is 'Outreach campaigns. Events of a campaign that is missing here are counted all the same, but credited to no partner country.';
comment on column reference.campaign.campaign_id     is 'Identifier, as in the events.';
comment on column reference.campaign.title           is 'Title in the working language.';
comment on column reference.campaign.titles          is 'Titles by BCP 47 tag, JSON object.';
comment on column reference.campaign.owner_org_id    is 'Organisation that runs it.';
comment on column reference.campaign.partner_country is 'ISO 3166-1 alpha-2 of the country addressed; the scorecard credits firms to it.';
comment on column reference.campaign.priority        is 'PRINCIPAL where technology cooperation is the stated priority, else SIGNIFICANT or null.';
comment on column reference.campaign.forum_date      is 'Day of the forum; last day of a period.';
comment on column reference.campaign.forum_precision is 'How exact forum_date is, code list date_precision.';

create table reference.programme (
    programme_id    text primary key,
    title           text not null,
    titles          jsonb not null default '{}',
    subject_code    text,
    partner_country text
);
comment on table  reference.programme                 is 'Training programmes.';
comment on column reference.programme.programme_id    is 'Identifier, as in the events.';
comment on column reference.programme.title           is 'Title in the working language.';
comment on column reference.programme.titles          is 'Titles by BCP 47 tag, JSON object.';
comment on column reference.programme.subject_code    is 'ISCED-F 2013 detailed field, four digits.';
comment on column reference.programme.partner_country is 'ISO 3166-1 alpha-2; the scorecard credits people to it where an event states no provider country.';

create table reference.subdivision (
    code       text primary key,
    country    text not null,
    name_en    text not null,
    name_local text
);
comment on table  reference.subdivision            is 'ISO 3166-2 subdivisions of the countries concerned.';
comment on column reference.subdivision.code       is 'ISO 3166-2 code, e.g. PK-PB.';
comment on column reference.subdivision.country    is 'ISO 3166-1 alpha-2.';
comment on column reference.subdivision.name_en    is 'Name in English.';
comment on column reference.subdivision.name_local is 'Name in Urdu (PK) or simplified Chinese (CN).';

create table reference.indicator (
    indicator_id text primary key,
    title        text not null,
    unit         text not null,
    ascending    boolean not null default true,
    kind         text not null check (kind in ('TARGET', 'CONTEXT')),
    measure      text not null
);
comment on table  reference.indicator              is 'What is measured.';
comment on column reference.indicator.indicator_id is 'Identifier.';
comment on column reference.indicator.title        is 'Title in English.';
comment on column reference.indicator.unit         is 'Unit: firms, people, agreements, facilities.';
comment on column reference.indicator.ascending    is 'True where more is better.';
comment on column reference.indicator.kind         is 'TARGET: a goal of ours. CONTEXT: a figure to read others against, never a goal.';
comment on column reference.indicator.measure      is 'Measure of state.indicator_actual that gives the actual value; - for none.';

create table reference.target (
    indicator_id       text not null references reference.indicator,
    scope              text not null default '*',
    baseline           numeric,
    baseline_date      date,
    target             numeric,
    deadline           date,
    deadline_precision text not null default 'DAY',
    evidence_ref       text,
    valid_from         date not null default '2022-01-01',
    primary key (indicator_id, scope, valid_from)
);
comment on table  reference.target                    is 'What is aimed at. A changed target is a new row with a later valid_from.';
comment on column reference.target.indicator_id       is 'Indicator.';
comment on column reference.target.scope              is 'Campaign, agreement or programme; * for all.';
comment on column reference.target.baseline           is 'Value at the start, in the unit of the indicator.';
comment on column reference.target.baseline_date      is 'Day of the baseline.';
comment on column reference.target.target             is 'Value aimed at, in the unit of the indicator.';
comment on column reference.target.deadline           is 'Last day; null when none is stated.';
comment on column reference.target.deadline_precision is 'How exact the deadline is, code list date_precision.';
comment on column reference.target.evidence_ref       is 'Citation.';
comment on column reference.target.valid_from         is 'First day on which this target applies.';

create view reference.symbol as
select list, symbol from reference.code
union all
select event_type || '_stage', stage from reference.stage;
comment on view   reference.symbol        is 'Every symbol known, of all code lists and stages.';
comment on column reference.symbol.list   is 'Code list; outreach_stage, agreement_stage and training_stage for the stages.';
comment on column reference.symbol.symbol is 'Symbol.';
