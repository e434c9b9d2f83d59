-- Columns are the fields of the Avro schema, nested records joined by _. The CHECK constraints carry the names of the
-- reject reasons; PostgreSQL tests them in alphabetical order, so the first name in the alphabet is the one reported.

create table event.outreach (
    event_id                uuid        not null,
    source                  text        not null,
    source_record_id        text,
    occurred_at             timestamptz not null,
    occurred_precision      text        not null,
    recorded_at             timestamptz not null,
    action                  text        not null,
    supersedes_event_id     uuid,
    reason                  text,
    actor_name              text,
    actor_role              text,
    actor_org_id            text,
    evidence_ref            text,
    note                    text,
    extensions              jsonb       not null,
    campaign_id             text        not null,
    stage                   text        not null,
    channel                 text        not null,
    initiator_org_id        text        not null,
    initiator_name          text        not null,
    initiator_names         jsonb       not null,
    initiator_country       text,
    initiator_org_type      text        not null,
    initiator_parent_org_id text,
    recipient_org_id        text,
    recipient_name          text,
    recipient_names         jsonb,
    recipient_country       text,
    recipient_org_type      text,
    recipient_parent_org_id text,
    org_count               integer     not null,
    count_basis             text        not null,
    batch_id                text,
    audience_sectors        text[]      not null,
    topics                  text[]      not null,
    delegates               integer,
    engagement_date         date,
    engagement_precision    text        not null,
    place_country           text,
    place_subdivision       text,
    place_locality          text,
    entity_key              text,
    stream_id               smallint    not null,
    kafka_partition         integer     not null,
    kafka_offset            bigint      not null,
    published_at            timestamptz,
    ingested_at             timestamptz not null default now(),
    schema_id               integer,
    avro                    bytea       not null,
    primary key (event_id),
    unique (stream_id, kafka_partition, kafka_offset),
    constraint "BAD_CODE" check (
        event.is_identifier(source)
        and event.is_identifier(campaign_id)
        and coalesce(event.is_identifier(batch_id), true)
        and coalesce(event.is_identifier(actor_org_id), true)
        and event.is_identifier(initiator_org_id)
        and coalesce(event.is_identifier(initiator_parent_org_id), true)
        and coalesce(event.is_country(initiator_country), true)
        and coalesce(event.is_identifier(recipient_org_id), true)
        and coalesce(event.is_identifier(recipient_parent_org_id), true)
        and coalesce(event.is_country(recipient_country), true)
        and coalesce(event.is_country(place_country), true)
        and coalesce(event.is_subdivision(place_subdivision, place_country), true)
    ),
    constraint "BAD_KEY" check (
        coalesce(entity_key = campaign_id || '|' || coalesce(recipient_org_id, '#' || coalesce(batch_id, '-')), false)
    ),
    constraint "MISSING_TARGET" check (
        action not in ('CORRECT', 'RETRACT')
        or (supersedes_event_id is not null and supersedes_event_id <> event_id)
    ),
    constraint "NEGATIVE_COUNT" check (
        org_count >= 0 and coalesce(delegates, 0) >= 0
    ),
    constraint "TOO_LONG" check (
        greatest(octet_length(source), octet_length(campaign_id), octet_length(batch_id), octet_length(actor_org_id),
            octet_length(initiator_org_id), octet_length(initiator_parent_org_id),
            octet_length(recipient_org_id), octet_length(recipient_parent_org_id)) <= 128
        and coalesce(octet_length(source_record_id), 0) <= 256
        and greatest(octet_length(actor_name), octet_length(actor_role), octet_length(initiator_name),
            octet_length(recipient_name), octet_length(place_locality), 0) <= 512
        and coalesce(octet_length(evidence_ref), 0) <= 2048
        and greatest(octet_length(reason), octet_length(note), 0) <= 4096
        and (octet_length(topics::text) <= 128 or event.longest(topics) <= 128)
        and (octet_length(initiator_names::text) <= 512 or event.longest(initiator_names, '$.*') <= 512)
        and (recipient_names is null or octet_length(recipient_names::text) <= 512 or event.longest(recipient_names, '$.*') <= 512)
    ),
    constraint "UNKNOWN_ACTION" check (
        action in ('ASSERT', 'CORRECT', 'RETRACT')
    )
);
create index outreach_by_target on event.outreach (supersedes_event_id) where supersedes_event_id is not null;
create index outreach_by_entity on event.outreach (campaign_id, recipient_org_id);

comment on table event.outreach is 'One step of contact with one organisation, or with a counted group of organisations, in a campaign. Topic coop.outreach.v1; key campaign_id|recipient.org_id, or campaign_id|#batch_id for a group (#- without a batch).';
comment on column event.outreach.event_id                is 'Idempotency key: a UUID. The same id again is a duplicate. Made by the producer when the input has none. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.outreach.source                  is 'System that emits the event, reverse domain name, at most 128 bytes, no blanks. Example: pk.gov.stza.crm';
comment on column event.outreach.source_record_id        is 'Key of the record in that system, for reconciliation, at most 256 bytes. Example: L-2022-0117';
comment on column event.outreach.occurred_at             is 'When it happened in the world: UTC instant, microseconds kept, from year 1 to year 9999. Where only a period is known: its end in Asia/Karachi, but never after recorded_at. Example: 2022-06-20T10:00:00+05:00';
comment on column event.outreach.occurred_precision      is 'How exact occurred_at is. Example: MONTH';
comment on column event.outreach.recorded_at             is 'When the source system recorded it: UTC instant, microseconds kept. Example: 2022-06-20T10:05:00+05:00';
comment on column event.outreach.action                  is 'ASSERT states a fact; CORRECT replaces the event named in supersedes_event_id as a whole; RETRACT withdraws it.';
comment on column event.outreach.supersedes_event_id     is 'The event that a CORRECT or RETRACT is about (required for these two), of the same type and with the same Kafka key. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.outreach.reason                  is 'Why it was corrected or retracted, at most 4096 bytes. Example: typing error, 700 for 70';
comment on column event.outreach.actor_name              is 'Who acted, or who stated it: Name as published, UTF-8, at most 512 bytes. Example: Moinul Haq';
comment on column event.outreach.actor_role              is 'Who acted, or who stated it: Post held, at most 512 bytes. Example: Ambassador of Pakistan to China';
comment on column event.outreach.actor_org_id            is 'Who acted, or who stated it: Organisation of the post, as in OrgRef.org_id. Example: COOP-EMB-PK-CN';
comment on column event.outreach.evidence_ref            is 'Citation: URL, letter or file number, news item; at most 2048 bytes. Example: STZA/SP/2022/114';
comment on column event.outreach.note                    is 'Free text, UTF-8, at most 4096 bytes; never counted.';
comment on column event.outreach.extensions              is 'Extras of the source system, not reported on. Example: {"dossier": "BJ-12"}';
comment on column event.outreach.campaign_id             is 'Campaign, an identifier as in OrgRef.org_id. Example: CMP-STZA-FORUM-2022';
comment on column event.outreach.stage                   is 'Step reached. Example: INVITED';
comment on column event.outreach.channel                 is 'Means of contact. Example: LETTER';
comment on column event.outreach.initiator_org_id        is 'Who makes the contact: Stable identifier in the form {list}-{id} of org-id.guide, or COOP-{slug} where no public list covers the organisation. At most 128 bytes, no blanks, no ''|'', not starting with ''#''. Examples: CN-USCI-G11100007178352756, PK-SEC-0086650, COOP-STZA';
comment on column event.outreach.initiator_name          is 'Who makes the contact: Name in the source''s working language, UTF-8, at most 512 bytes. Example: Z-Park';
comment on column event.outreach.initiator_names         is 'Who makes the contact: Names by BCP 47 language tag, each at most 512 bytes. Example: {"zh-Hans": "中关村科技园", "ur": "زیڈ پارک"}';
comment on column event.outreach.initiator_country       is 'Who makes the contact: ISO 3166-1 alpha-2, two capitals; null when not stated. Example: CN';
comment on column event.outreach.initiator_org_type      is 'Who makes the contact: Kind of organisation. Example: TECHNOLOGY_PARK';
comment on column event.outreach.initiator_parent_org_id is 'Who makes the contact: Owner or parent unit, as in org_id. Example: COOP-MOFA-PK';
comment on column event.outreach.recipient_org_id        is 'Who is contacted; null for a group event: Stable identifier in the form {list}-{id} of org-id.guide, or COOP-{slug} where no public list covers the organisation. At most 128 bytes, no blanks, no ''|'', not starting with ''#''. Examples: CN-USCI-G11100007178352756, PK-SEC-0086650, COOP-STZA';
comment on column event.outreach.recipient_name          is 'Who is contacted; null for a group event: Name in the source''s working language, UTF-8, at most 512 bytes. Example: Z-Park';
comment on column event.outreach.recipient_names         is 'Who is contacted; null for a group event: Names by BCP 47 language tag, each at most 512 bytes. Example: {"zh-Hans": "中关村科技园", "ur": "زیڈ پارک"}';
comment on column event.outreach.recipient_country       is 'Who is contacted; null for a group event: ISO 3166-1 alpha-2, two capitals; null when not stated. Example: CN';
comment on column event.outreach.recipient_org_type      is 'Who is contacted; null for a group event: Kind of organisation. Example: TECHNOLOGY_PARK';
comment on column event.outreach.recipient_parent_org_id is 'Who is contacted; null for a group event: Owner or parent unit, as in org_id. Example: COOP-MOFA-PK';
comment on column event.outreach.org_count               is 'Organisations this event adds to the stage, 0 or more: 1 with a recipient, N for a group, 0 when the number is not stated. Never a running total. Example: 200';
comment on column event.outreach.count_basis             is 'How sure org_count is; UNKNOWN goes with 0. Example: EXACT';
comment on column event.outreach.batch_id                is 'Joins a group event to the per-firm events that itemise it; a batch counts as the greater of the two. Identifier, unique in the campaign. Example: B-LETTER-1';
comment on column event.outreach.audience_sectors        is 'Sectors addressed. Example: ["PUBLIC", "PRIVATE"]';
comment on column event.outreach.topics                  is 'Lower-case tags, each at most 128 bytes. Example: ["it-cooperation"]';
comment on column event.outreach.delegates               is 'People coming or present, 0 or more. Example: 3';
comment on column event.outreach.engagement_date         is 'Day of the forum or meeting; the last day when engagement_precision is a period. Example: 2022-08-31';
comment on column event.outreach.engagement_precision    is 'How exact engagement_date is; without meaning when that is null. Example: MONTH';
comment on column event.outreach.place_country           is 'Where the engagement is held: ISO 3166-1 alpha-2, two capitals. Example: PK';
comment on column event.outreach.place_subdivision       is 'Where the engagement is held: ISO 3166-2 code of the same country; null when not stated. Examples: PK-IS, CN-BJ';
comment on column event.outreach.place_locality          is 'Where the engagement is held: Town or site as free text, at most 512 bytes. Example: Haidian district';
comment on column event.outreach.entity_key              is 'Kafka key as received: the entity the event is about, and what order is kept by.';
comment on column event.outreach.stream_id               is 'Topic, see ingest.stream.';
comment on column event.outreach.kafka_partition         is 'Kafka partition.';
comment on column event.outreach.kafka_offset            is 'Kafka offset.';
comment on column event.outreach.published_at            is 'Kafka timestamp: when it was published. UTC instant, shown in the session''s time zone.';
comment on column event.outreach.ingested_at             is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column event.outreach.schema_id               is 'Writer schema, see ingest.schema.';
comment on column event.outreach.avro                    is 'Avro body as received, without the frame.';
