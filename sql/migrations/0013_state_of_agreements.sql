-- Agreements as they stand, each worked out anew when an event of it comes.

create index agreement_by_key on event.agreement (entity_key, occurred_at);

create table state.agreement (
    agreement_id               text primary key,
    agreement_type             text not null,
    title                      text,
    status                     text,
    status_since               timestamptz,
    first_seen                 timestamptz not null,
    last_event_at              timestamptz not null,
    events                     bigint not null,
    first_expected_signing     date,
    expected_signing           date,
    expected_signing_precision text,
    signed_date                date,
    effective_date             date,
    expiry_date                date,
    value_amount               numeric,
    value_currency             text,
    value_basis                text,
    value_date                 date,
    parent_agreement_id        text,
    topics                     text[] not null,
    amendment_no               integer
);
comment on table  state.agreement                            is 'reporting.agreement_as_of() without arguments.';
comment on column state.agreement.agreement_id               is 'Agreement.';
comment on column state.agreement.agreement_type             is 'Kind of instrument, code list agreement_type.';
comment on column state.agreement.title                      is 'Title.';
comment on column state.agreement.status                     is 'Status as last stated.';
comment on column state.agreement.status_since               is 'When the status changed last, UTC instant.';
comment on column state.agreement.first_seen                 is 'First event that counts, UTC instant.';
comment on column state.agreement.last_event_at              is 'Last event that counts, UTC instant.';
comment on column state.agreement.events                     is 'Events that count. Number.';
comment on column state.agreement.first_expected_signing     is 'Signing date first expected.';
comment on column state.agreement.expected_signing           is 'Signing date expected now; last day of a period.';
comment on column state.agreement.expected_signing_precision is 'How exact expected_signing is.';
comment on column state.agreement.signed_date                is 'Day of signature.';
comment on column state.agreement.effective_date             is 'Day of entry into force.';
comment on column state.agreement.expiry_date                is 'Last day of validity.';
comment on column state.agreement.value_amount               is 'Amount, in value_currency, three decimals.';
comment on column state.agreement.value_currency             is 'ISO 4217.';
comment on column state.agreement.value_basis                is 'What the amount stands for, code list value_basis.';
comment on column state.agreement.value_date                 is 'Day of the amount.';
comment on column state.agreement.parent_agreement_id        is 'Agreement under which it hangs.';
comment on column state.agreement.topics                     is 'Tags.';
comment on column state.agreement.amendment_no               is 'Greatest number of a formal amendment stated.';

create table state.agreement_step (
    agreement_id          text    not null,
    seq                   bigint  not null,
    event_id              uuid    not null,
    occurred_at           timestamptz not null,
    change_kind           text    not null,
    prev_status           text,
    status                text,
    expected_signing_date date,
    days_since_previous   numeric,
    transition_ok         boolean not null,
    actor_name            text,
    actor_role            text,
    evidence_ref          text,
    note                  text,
    primary key (agreement_id, seq)
);
comment on table  state.agreement_step                       is 'Events that count of each agreement, in order; see reporting.agreement_timeline.';
comment on column state.agreement_step.agreement_id          is 'Agreement.';
comment on column state.agreement_step.seq                   is 'Place in the agreement''s order of events, from 1.';
comment on column state.agreement_step.event_id              is 'Event.';
comment on column state.agreement_step.occurred_at           is 'When it happened, UTC instant.';
comment on column state.agreement_step.change_kind           is 'Code list change_kind.';
comment on column state.agreement_step.prev_status           is 'Status in force before.';
comment on column state.agreement_step.status                is 'Status as stated.';
comment on column state.agreement_step.expected_signing_date is 'Signing date expected, where stated.';
comment on column state.agreement_step.days_since_previous   is 'Days since the event before, one decimal.';
comment on column state.agreement_step.transition_ok         is 'False where the step is out of order.';
comment on column state.agreement_step.actor_name            is 'Office holder who acted or stated it.';
comment on column state.agreement_step.actor_role            is 'Post of the actor.';
comment on column state.agreement_step.evidence_ref          is 'Citation.';
comment on column state.agreement_step.note                  is 'Free text.';

create table state.agreement_party (
    agreement_id  text not null,
    org_id        text not null,
    role          text not null,
    share_percent numeric,
    primary key (agreement_id, role, org_id)
);
comment on table  state.agreement_party               is 'Who is party to what.';
comment on column state.agreement_party.agreement_id  is 'Agreement.';
comment on column state.agreement_party.org_id        is 'Organisation.';
comment on column state.agreement_party.role          is 'Part played, code list party_role.';
comment on column state.agreement_party.share_percent is 'Stake in per cent, as last stated.';

create table state.facility_statement (
    facility_id  text        not null,
    agreement_id text        not null,
    occurred_at  timestamptz not null,
    recorded_at  timestamptz not null,
    event_id     uuid        not null,
    place        bigint      not null,
    facility     jsonb       not null,
    primary key (facility_id, event_id, place)
);
create index facility_statement_by_agreement on state.facility_statement (agreement_id);
comment on table  state.facility_statement              is 'What events that count say of a facility, as far as it was not cleared.';
comment on column state.facility_statement.facility_id  is 'Facility.';
comment on column state.facility_statement.agreement_id is 'Agreement.';
comment on column state.facility_statement.occurred_at  is 'When it happened, UTC instant.';
comment on column state.facility_statement.recorded_at  is 'When the source recorded it, UTC instant.';
comment on column state.facility_statement.event_id     is 'Event.';
comment on column state.facility_statement.place        is 'Place of the statement within the event.';
comment on column state.facility_statement.facility     is 'The statement, as in the event.';

create table state.facility (
    facility_id          text primary key,
    name                 text,
    facility_type        text not null,
    ownership            text not null,
    facility_status      text not null,
    country              text,
    subdivision          text,
    purpose              text,
    planned_opening_date date,
    agreement_id         text,
    as_stated_at         timestamptz
);
comment on table  state.facility                      is 'Facilities as last stated.';
comment on column state.facility.facility_id          is 'Facility.';
comment on column state.facility.name                 is 'Name.';
comment on column state.facility.facility_type        is 'Code list facility_type.';
comment on column state.facility.ownership            is 'Code list ownership.';
comment on column state.facility.facility_status      is 'Code list facility_status.';
comment on column state.facility.country              is 'ISO 3166-1 alpha-2.';
comment on column state.facility.subdivision          is 'ISO 3166-2.';
comment on column state.facility.purpose              is 'What it is for.';
comment on column state.facility.planned_opening_date is 'Day on which it is to open.';
comment on column state.facility.agreement_id         is 'Agreement that stated it last.';
comment on column state.facility.as_stated_at         is 'Latest statement, UTC instant.';
