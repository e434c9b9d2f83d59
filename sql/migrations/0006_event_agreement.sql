-- Columns are the fields of the Avro schema, nested records joined by _. The CHECK constraints carry the names of the
-- reject reasons; PostgreSQL tests them in alphabetical order, so the first name in the alphabet is the one reported.

create table event.agreement (
    event_id                   uuid          not null,
    source                     text          not null,
    source_record_id           text,
    occurred_at                timestamptz   not null,
    occurred_precision         text          not null,
    recorded_at                timestamptz   not null,
    action                     text          not null,
    supersedes_event_id        uuid,
    reason                     text,
    actor_name                 text,
    actor_role                 text,
    actor_org_id               text,
    evidence_ref               text,
    note                       text,
    extensions                 jsonb         not null,
    agreement_id               text          not null,
    agreement_type             text          not null,
    change_kind                text          not null,
    status                     text,
    title                      text,
    titles                     jsonb         not null,
    parties                    jsonb         not null,
    expected_signing_date      date,
    expected_signing_precision text          not null,
    signed_date                date,
    effective_date             date,
    expiry_date                date,
    value_amount               numeric(18,3),
    value_currency             text,
    value_basis                text,
    value_date                 date,
    facilities                 jsonb         not null,
    parent_agreement_id        text,
    topics                     text[]        not null,
    amendment_no               integer,
    cleared_fields             text[]        not null,
    entity_key                 text,
    stream_id                  smallint      not null,
    kafka_partition            integer       not null,
    kafka_offset               bigint        not null,
    published_at               timestamptz,
    ingested_at                timestamptz   not null default now(),
    schema_id                  integer,
    avro                       bytea         not null,
    primary key (event_id),
    unique (stream_id, kafka_partition, kafka_offset),
    constraint "BAD_CODE" check (
        event.is_identifier(source)
        and event.is_identifier(agreement_id)
        and coalesce(event.is_identifier(actor_org_id), true)
        and coalesce(event.is_identifier(parent_agreement_id), true)
        and coalesce(event.is_currency(value_currency), true)
        and event.parties_are_coded(parties)
        and event.facilities_are_coded(facilities)
    ),
    constraint "BAD_KEY" check (
        coalesce(entity_key = agreement_id, false)
    ),
    constraint "MISSING_TARGET" check (
        action not in ('CORRECT', 'RETRACT')
        or (supersedes_event_id is not null and supersedes_event_id <> event_id)
    ),
    constraint "NEGATIVE_COUNT" check (
        coalesce(amendment_no, 0) >= 0
    ),
    constraint "TOO_LONG" check (
        greatest(octet_length(source), octet_length(agreement_id), octet_length(actor_org_id), octet_length(parent_agreement_id)) <= 128
        and coalesce(octet_length(source_record_id), 0) <= 256
        and greatest(octet_length(actor_name), octet_length(actor_role), octet_length(title), 0) <= 512
        and coalesce(octet_length(evidence_ref), 0) <= 2048
        and greatest(octet_length(reason), octet_length(note), 0) <= 4096
        and (octet_length(topics::text) <= 128 or event.longest(topics) <= 128)
        and (octet_length(cleared_fields::text) <= 128 or event.longest(cleared_fields) <= 128)
        and (octet_length(titles::text) <= 512 or event.longest(titles, '$.*') <= 512)
        and (octet_length(parties::text) <= 128
            or event.longest(parties, '$[*].org.org_id') <= 128
                and event.longest(parties, '$[*].org.parent_org_id') <= 128)
        and (octet_length(parties::text) <= 512
            or event.longest(parties, '$[*].org.name') <= 512
                and event.longest(parties, '$[*].org.names.*') <= 512)
        and (octet_length(facilities::text) <= 128
            or event.longest(facilities, '$[*].facility_id') <= 128)
        and (octet_length(facilities::text) <= 512
            or event.longest(facilities, '$[*].name') <= 512
                and event.longest(facilities, '$[*].names.*') <= 512
                and event.longest(facilities, '$[*].place.locality') <= 512
                and event.longest(facilities, '$[*].purpose') <= 4096)
    ),
    constraint "UNKNOWN_ACTION" check (
        action in ('ASSERT', 'CORRECT', 'RETRACT')
    )
);
create index agreement_by_target on event.agreement (supersedes_event_id) where supersedes_event_id is not null;
create index agreement_by_entity on event.agreement (agreement_id);

comment on table event.agreement is 'A change to one agreement, framework, plan, strategy, working group or project. Sparse: null, empty and UNKNOWN mean not stated here, and what was stated before stands. Topic coop.agreement.v1; key agreement_id.';
comment on column event.agreement.event_id                   is 'Idempotency key: a UUID. The same id again is a duplicate. Made by the producer when the input has none. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.agreement.source                     is 'System that emits the event, reverse domain name, at most 128 bytes, no blanks. Example: pk.gov.stza.crm';
comment on column event.agreement.source_record_id           is 'Key of the record in that system, for reconciliation, at most 256 bytes. Example: L-2022-0117';
comment on column event.agreement.occurred_at                is 'When it happened in the world: UTC instant, microseconds kept, from year 1 to year 9999. Where only a period is known: its end in Asia/Karachi, but never after recorded_at. Example: 2022-06-20T10:00:00+05:00';
comment on column event.agreement.occurred_precision         is 'How exact occurred_at is. Example: MONTH';
comment on column event.agreement.recorded_at                is 'When the source system recorded it: UTC instant, microseconds kept. Example: 2022-06-20T10:05:00+05:00';
comment on column event.agreement.action                     is 'ASSERT states a fact; CORRECT replaces the event named in supersedes_event_id as a whole; RETRACT withdraws it.';
comment on column event.agreement.supersedes_event_id        is 'The event that a CORRECT or RETRACT is about (required for these two), of the same type and with the same Kafka key. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.agreement.reason                     is 'Why it was corrected or retracted, at most 4096 bytes. Example: typing error, 700 for 70';
comment on column event.agreement.actor_name                 is 'Who acted, or who stated it: Name as published, UTF-8, at most 512 bytes. Example: Moinul Haq';
comment on column event.agreement.actor_role                 is 'Who acted, or who stated it: Post held, at most 512 bytes. Example: Ambassador of Pakistan to China';
comment on column event.agreement.actor_org_id               is 'Who acted, or who stated it: Organisation of the post, as in OrgRef.org_id. Example: COOP-EMB-PK-CN';
comment on column event.agreement.evidence_ref               is 'Citation: URL, letter or file number, news item; at most 2048 bytes. Example: STZA/SP/2022/114';
comment on column event.agreement.note                       is 'Free text, UTF-8, at most 4096 bytes; never counted.';
comment on column event.agreement.extensions                 is 'Extras of the source system, not reported on. Example: {"dossier": "BJ-12"}';
comment on column event.agreement.agreement_id               is 'Identifier as in OrgRef.org_id. Example: AGR-ZPARK-2022';
comment on column event.agreement.agreement_type             is 'Kind of instrument. Example: JOINT_VENTURE';
comment on column event.agreement.change_kind                is 'Kind of change. Example: STATUS';
comment on column event.agreement.status                     is 'Status after this event; null when unchanged. Example: NEGOTIATING';
comment on column event.agreement.title                      is 'Title in the working language, at most 512 bytes. Example: STZA and Z-Park agreement';
comment on column event.agreement.titles                     is 'Titles by BCP 47 language tag, each at most 512 bytes.';
comment on column event.agreement.parties                    is 'Parties stated by this event.';
comment on column event.agreement.expected_signing_date      is 'Day of the expected signature; the last day of a period. Example: 2022-09-30';
comment on column event.agreement.expected_signing_precision is 'How exact expected_signing_date is; without meaning when that is null. Example: MONTH';
comment on column event.agreement.signed_date                is 'Day of the actual signature. Example: 2022-11-18';
comment on column event.agreement.effective_date             is 'Day of entry into force. Example: 2022-12-01';
comment on column event.agreement.expiry_date                is 'Last day of validity; 9999-12-31 for no end. Example: 2027-11-30';
comment on column event.agreement.value_amount               is 'Amount of the instrument: Amount in units of the currency, three decimals, up to 999999999999999.999 either way. Example: 400000000000.000';
comment on column event.agreement.value_currency             is 'Amount of the instrument: ISO 4217 alphabetic code, three capitals. Example: USD';
comment on column event.agreement.value_basis                is 'Amount of the instrument: Kind of amount. Example: ANNOUNCED';
comment on column event.agreement.value_date                 is 'Amount of the instrument: Day whose exchange rate applies; null when not stated. Example: 2022-06-20';
comment on column event.agreement.facilities                 is 'Facilities stated by this event.';
comment on column event.agreement.parent_agreement_id        is 'Agreement under which this one hangs, identifier. Example: AGR-GOV-IT-FRAMEWORK';
comment on column event.agreement.topics                     is 'Lower-case tags, each at most 128 bytes. Example: ["chip-design", "semiconductors"]';
comment on column event.agreement.amendment_no               is 'Number of the formal amendment, 0 or more. Example: 1';
comment on column event.agreement.cleared_fields             is 'Names of fields set back to not stated before this event''s own values apply: title, expected_signing_date, signed_date, effective_date, expiry_date, value, parent_agreement_id, topics, parties, facilities. Example: ["expected_signing_date"]';
comment on column event.agreement.entity_key                 is 'Kafka key as received: the entity the event is about, and what order is kept by.';
comment on column event.agreement.stream_id                  is 'Topic, see ingest.stream.';
comment on column event.agreement.kafka_partition            is 'Kafka partition.';
comment on column event.agreement.kafka_offset               is 'Kafka offset.';
comment on column event.agreement.published_at               is 'Kafka timestamp: when it was published. UTC instant, shown in the session''s time zone.';
comment on column event.agreement.ingested_at                is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column event.agreement.schema_id                  is 'Writer schema, see ingest.schema.';
comment on column event.agreement.avro                       is 'Avro body as received, without the frame.';
