-- Columns are the fields of the Avro schema, nested records joined by _. The CHECK constraints carry the names of the
-- reject reasons; PostgreSQL tests them in alphabetical order, so the first name in the alphabet is the one reported.

create table event.training (
    event_id                  uuid          not null,
    source                    text          not null,
    source_record_id          text,
    occurred_at               timestamptz   not null,
    occurred_precision        text          not null,
    recorded_at               timestamptz   not null,
    action                    text          not null,
    supersedes_event_id       uuid,
    reason                    text,
    actor_name                text,
    actor_role                text,
    actor_org_id              text,
    evidence_ref              text,
    note                      text,
    extensions                jsonb         not null,
    programme_id              text          not null,
    cohort_id                 text          not null,
    programme_title           text,
    titles                    jsonb         not null,
    stage                     text          not null,
    headcount                 integer       not null,
    headcount_female          integer,
    minutes_per_person        integer,
    audience                  text          not null,
    subject_code              text,
    topics                    text[]        not null,
    delivery_mode             text          not null,
    provider_org_id           text,
    provider_name             text,
    provider_names            jsonb,
    provider_country          text,
    provider_org_type         text,
    provider_parent_org_id    text,
    beneficiary_org_id        text,
    beneficiary_name          text,
    beneficiary_names         jsonb,
    beneficiary_country       text,
    beneficiary_org_type      text,
    beneficiary_parent_org_id text,
    place_country             text,
    place_subdivision         text,
    place_locality            text,
    planned_start_date        date,
    planned_end_date          date,
    actual_start_date         date,
    actual_end_date           date,
    credential                text,
    agreement_id              text,
    cost_amount               numeric(18,3),
    cost_currency             text,
    cost_basis                text,
    cost_date                 date,
    entity_key                text,
    stream_id                 smallint      not null,
    kafka_partition           integer       not null,
    kafka_offset              bigint        not null,
    published_at              timestamptz,
    ingested_at               timestamptz   not null default now(),
    schema_id                 integer,
    avro                      bytea         not null,
    primary key (event_id),
    unique (stream_id, kafka_partition, kafka_offset),
    constraint "BAD_CODE" check (
        event.is_identifier(source)
        and event.is_identifier(programme_id)
        and event.is_identifier(cohort_id)
        and coalesce(event.is_identifier(actor_org_id), true)
        and coalesce(event.is_identifier(agreement_id), true)
        and coalesce(subject_code ~ '^[0-9]{4}$', true)
        and coalesce(event.is_currency(cost_currency), true)
        and coalesce(event.is_identifier(provider_org_id), true)
        and coalesce(event.is_identifier(provider_parent_org_id), true)
        and coalesce(event.is_country(provider_country), true)
        and coalesce(event.is_identifier(beneficiary_org_id), true)
        and coalesce(event.is_identifier(beneficiary_parent_org_id), true)
        and coalesce(event.is_country(beneficiary_country), true)
        and coalesce(event.is_country(place_country), true)
        and coalesce(event.is_subdivision(place_subdivision, place_country), true)
    ),
    constraint "BAD_KEY" check (
        coalesce(entity_key = programme_id || '|' || cohort_id, false)
    ),
    constraint "MISSING_TARGET" check (
        action not in ('CORRECT', 'RETRACT')
        or (supersedes_event_id is not null and supersedes_event_id <> event_id)
    ),
    constraint "NEGATIVE_COUNT" check (
        headcount >= 0 and coalesce(headcount_female, 0) >= 0 and coalesce(minutes_per_person, 0) >= 0
    ),
    constraint "TOO_LONG" check (
        greatest(octet_length(source), octet_length(programme_id), octet_length(cohort_id), octet_length(actor_org_id),
            octet_length(agreement_id), octet_length(provider_org_id), octet_length(provider_parent_org_id),
            octet_length(beneficiary_org_id), octet_length(beneficiary_parent_org_id)) <= 128
        and coalesce(octet_length(source_record_id), 0) <= 256
        and greatest(octet_length(actor_name), octet_length(actor_role), octet_length(programme_title), octet_length(credential),
            octet_length(provider_name), octet_length(beneficiary_name), octet_length(place_locality), 0) <= 512
        and coalesce(octet_length(evidence_ref), 0) <= 2048
        and greatest(octet_length(reason), octet_length(note), 0) <= 4096
        and (octet_length(topics::text) <= 128 or event.longest(topics) <= 128)
        and (octet_length(titles::text) <= 512 or event.longest(titles, '$.*') <= 512)
        and (provider_names is null or octet_length(provider_names::text) <= 512 or event.longest(provider_names, '$.*') <= 512)
        and (beneficiary_names is null or octet_length(beneficiary_names::text) <= 512 or event.longest(beneficiary_names, '$.*') <= 512)
    ),
    constraint "UNKNOWN_ACTION" check (
        action in ('ASSERT', 'CORRECT', 'RETRACT')
    )
);
create index training_by_target on event.training (supersedes_event_id) where supersedes_event_id is not null;
create index training_by_entity on event.training (programme_id, cohort_id);

comment on table event.training is 'A step of one cohort of one training programme, with the number of people it adds to that step. No personal data. Topic coop.training.v1; key programme_id|cohort_id.';
comment on column event.training.event_id                  is 'Idempotency key: a UUID. The same id again is a duplicate. Made by the producer when the input has none. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.training.source                    is 'System that emits the event, reverse domain name, at most 128 bytes, no blanks. Example: pk.gov.stza.crm';
comment on column event.training.source_record_id          is 'Key of the record in that system, for reconciliation, at most 256 bytes. Example: L-2022-0117';
comment on column event.training.occurred_at               is 'When it happened in the world: UTC instant, microseconds kept, from year 1 to year 9999. Where only a period is known: its end in Asia/Karachi, but never after recorded_at. Example: 2022-06-20T10:00:00+05:00';
comment on column event.training.occurred_precision        is 'How exact occurred_at is. Example: MONTH';
comment on column event.training.recorded_at               is 'When the source system recorded it: UTC instant, microseconds kept. Example: 2022-06-20T10:05:00+05:00';
comment on column event.training.action                    is 'ASSERT states a fact; CORRECT replaces the event named in supersedes_event_id as a whole; RETRACT withdraws it.';
comment on column event.training.supersedes_event_id       is 'The event that a CORRECT or RETRACT is about (required for these two), of the same type and with the same Kafka key. Example: 018180ea-8b00-8d1e-9c51-3f8e4bd3a0c2';
comment on column event.training.reason                    is 'Why it was corrected or retracted, at most 4096 bytes. Example: typing error, 700 for 70';
comment on column event.training.actor_name                is 'Who acted, or who stated it: Name as published, UTF-8, at most 512 bytes. Example: Moinul Haq';
comment on column event.training.actor_role                is 'Who acted, or who stated it: Post held, at most 512 bytes. Example: Ambassador of Pakistan to China';
comment on column event.training.actor_org_id              is 'Who acted, or who stated it: Organisation of the post, as in OrgRef.org_id. Example: COOP-EMB-PK-CN';
comment on column event.training.evidence_ref              is 'Citation: URL, letter or file number, news item; at most 2048 bytes. Example: STZA/SP/2022/114';
comment on column event.training.note                      is 'Free text, UTF-8, at most 4096 bytes; never counted.';
comment on column event.training.extensions                is 'Extras of the source system, not reported on. Example: {"dossier": "BJ-12"}';
comment on column event.training.programme_id              is 'Programme, an identifier as in OrgRef.org_id. Example: TRN-GOV-IT';
comment on column event.training.cohort_id                 is 'Cohort within the programme, an identifier. Example: 2022-PK-PB-1';
comment on column event.training.programme_title           is 'Title in the working language, at most 512 bytes. Example: Government IT course';
comment on column event.training.titles                    is 'Titles by BCP 47 language tag, each at most 512 bytes.';
comment on column event.training.stage                     is 'Step reached. Example: ENROLLED';
comment on column event.training.headcount                 is 'People this event adds to the step, 0 or more; for PROPOSED and PLANNED the seats meant; 0 when not stated. Never a running total. Example: 80';
comment on column event.training.headcount_female          is 'Of them women, 0 or more, where counted. Example: 21';
comment on column event.training.minutes_per_person        is 'Contact time per person in minutes, 0 or more. Example: 2400';
comment on column event.training.audience                  is 'Who is trained. Example: PROVINCIAL_GOVERNMENT';
comment on column event.training.subject_code              is 'ISCED-F 2013 detailed field, four digits. Example: 0714 (electronics and automation)';
comment on column event.training.topics                    is 'Lower-case tags, each at most 128 bytes. Example: ["chip-design"]';
comment on column event.training.delivery_mode             is 'How it is taught. Example: IN_PERSON';
comment on column event.training.provider_org_id           is 'Who teaches: Stable identifier in the form {list}-{id} of org-id.guide, or COOP-{slug} where no public list covers the organisation. At most 128 bytes, no blanks, no ''|'', not starting with ''#''. Examples: CN-USCI-G11100007178352756, PK-SEC-0086650, COOP-STZA';
comment on column event.training.provider_name             is 'Who teaches: Name in the source''s working language, UTF-8, at most 512 bytes. Example: Z-Park';
comment on column event.training.provider_names            is 'Who teaches: Names by BCP 47 language tag, each at most 512 bytes. Example: {"zh-Hans": "中关村科技园", "ur": "زیڈ پارک"}';
comment on column event.training.provider_country          is 'Who teaches: ISO 3166-1 alpha-2, two capitals; null when not stated. Example: CN';
comment on column event.training.provider_org_type         is 'Who teaches: Kind of organisation. Example: TECHNOLOGY_PARK';
comment on column event.training.provider_parent_org_id    is 'Who teaches: Owner or parent unit, as in org_id. Example: COOP-MOFA-PK';
comment on column event.training.beneficiary_org_id        is 'Institute whose people are taught: Stable identifier in the form {list}-{id} of org-id.guide, or COOP-{slug} where no public list covers the organisation. At most 128 bytes, no blanks, no ''|'', not starting with ''#''. Examples: CN-USCI-G11100007178352756, PK-SEC-0086650, COOP-STZA';
comment on column event.training.beneficiary_name          is 'Institute whose people are taught: Name in the source''s working language, UTF-8, at most 512 bytes. Example: Z-Park';
comment on column event.training.beneficiary_names         is 'Institute whose people are taught: Names by BCP 47 language tag, each at most 512 bytes. Example: {"zh-Hans": "中关村科技园", "ur": "زیڈ پارک"}';
comment on column event.training.beneficiary_country       is 'Institute whose people are taught: ISO 3166-1 alpha-2, two capitals; null when not stated. Example: CN';
comment on column event.training.beneficiary_org_type      is 'Institute whose people are taught: Kind of organisation. Example: TECHNOLOGY_PARK';
comment on column event.training.beneficiary_parent_org_id is 'Institute whose people are taught: Owner or parent unit, as in org_id. Example: COOP-MOFA-PK';
comment on column event.training.place_country             is 'Where it is taught: ISO 3166-1 alpha-2, two capitals. Example: PK';
comment on column event.training.place_subdivision         is 'Where it is taught: ISO 3166-2 code of the same country; null when not stated. Examples: PK-IS, CN-BJ';
comment on column event.training.place_locality            is 'Where it is taught: Town or site as free text, at most 512 bytes. Example: Haidian district';
comment on column event.training.planned_start_date        is 'Planned first day. Example: 2022-09-01';
comment on column event.training.planned_end_date          is 'Planned last day. Example: 2022-09-30';
comment on column event.training.actual_start_date         is 'Actual first day. Example: 2022-09-01';
comment on column event.training.actual_end_date           is 'Actual last day. Example: 2022-09-30';
comment on column event.training.credential                is 'Certificate earned, for CERTIFIED, at most 512 bytes. Example: IT fundamentals';
comment on column event.training.agreement_id              is 'Agreement under which it is given, identifier. Example: AGR-GOV-IT-FRAMEWORK';
comment on column event.training.cost_amount               is 'Cost of this step: Amount in units of the currency, three decimals, up to 999999999999999.999 either way. Example: 400000000000.000';
comment on column event.training.cost_currency             is 'Cost of this step: ISO 4217 alphabetic code, three capitals. Example: USD';
comment on column event.training.cost_basis                is 'Cost of this step: Kind of amount. Example: ANNOUNCED';
comment on column event.training.cost_date                 is 'Cost of this step: Day whose exchange rate applies; null when not stated. Example: 2022-06-20';
comment on column event.training.entity_key                is 'Kafka key as received: the entity the event is about, and what order is kept by.';
comment on column event.training.stream_id                 is 'Topic, see ingest.stream.';
comment on column event.training.kafka_partition           is 'Kafka partition.';
comment on column event.training.kafka_offset              is 'Kafka offset.';
comment on column event.training.published_at              is 'Kafka timestamp: when it was published. UTC instant, shown in the session''s time zone.';
comment on column event.training.ingested_at               is 'When it was taken in. UTC instant, shown in the session''s time zone.';
comment on column event.training.schema_id                 is 'Writer schema, see ingest.schema.';
comment on column event.training.avro                      is 'Avro body as received, without the frame.';
