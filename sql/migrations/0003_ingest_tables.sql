-- The pipeline itself. No foreign keys lead to ingest.stream and ingest.schema: they cost a third of an insert.

create table ingest.stream (
    stream_id   smallint primary key,
    topic       text        not null,
    generation  integer     not null default 1,
    cluster_id  text,
    event_table text        not null,
    record_name text,
    created_at  timestamptz not null default now(),
    unique (topic, generation)
);
insert into ingest.stream (stream_id, topic, event_table, record_name) values
    (1, 'coop.outreach.v1', 'event.outreach', 'coop.events.OutreachEvent'),
    (2, 'coop.agreement.v1', 'event.agreement', 'coop.events.AgreementEvent'),
    (3, 'coop.training.v1', 'event.training', 'coop.events.TrainingEvent');
comment on table  ingest.stream             is 'Topics that are read. A topic that was deleted and made anew is another stream: its offsets begin again.';
comment on column ingest.stream.stream_id   is 'Number used in the other tables.';
comment on column ingest.stream.topic       is 'Kafka topic.';
comment on column ingest.stream.generation  is 'From 1; the next one for a topic of the same name that was made anew.';
comment on column ingest.stream.cluster_id  is 'Id of the Kafka cluster, once known.';
comment on column ingest.stream.event_table is 'Table its events go to; its name in schema event is the type of event.';
comment on column ingest.stream.record_name is 'Full name of the Avro record that the topic carries; another one is WRONG_TYPE. Null: any record that fits the table.';
comment on column ingest.stream.created_at  is 'When it was entered here, UTC instant.';

create table ingest.position (
    stream_id         smallint    not null,
    kafka_partition   integer     not null,
    next_offset       bigint      not null,
    last_published_at timestamptz,
    folded_offset     bigint      not null default 0,
    epoch             bigint      not null default 0,
    owner             text,
    backend_pid       integer,
    updated_at        timestamptz not null default now(),
    primary key (stream_id, kafka_partition)
);
comment on table  ingest.position                   is 'How far each partition has been taken in; moves in the same transaction as the rows.';
comment on column ingest.position.stream_id         is 'Topic, see ingest.stream.';
comment on column ingest.position.kafka_partition   is 'Partition.';
comment on column ingest.position.next_offset       is 'First offset not yet taken in.';
comment on column ingest.position.last_published_at is 'Kafka timestamp of the record at next_offset - 1, UTC instant; null before the first.';
comment on column ingest.position.folded_offset     is 'First offset whose event is not yet part of schema state.';
comment on column ingest.position.epoch             is 'Raised at each claim; an older owner cannot write any more.';
comment on column ingest.position.owner             is 'Consumer that claimed it last.';
comment on column ingest.position.backend_pid       is 'Process id of the backend that claimed it last.';
comment on column ingest.position.updated_at        is 'Last move, UTC instant.';

create table ingest.schema (
    schema_id   integer generated always as identity primary key,
    full_name   text  not null,
    fingerprint bytea not null,
    registry_id integer,
    sha256      bytea not null unique,
    text        text  not null,
    first_seen  timestamptz not null default now()
);
comment on table  ingest.schema             is 'Writer schemas met so far.';
comment on column ingest.schema.schema_id   is 'Number used in the event tables.';
comment on column ingest.schema.full_name   is 'Full name of the record.';
comment on column ingest.schema.fingerprint is 'CRC-64-AVRO of the parsing canonical form, 8 bytes, little-endian.';
comment on column ingest.schema.registry_id is 'Id at the schema registry, if it came from there.';
comment on column ingest.schema.sha256      is 'SHA-256 of the text; the fingerprint is blind to logical types and defaults.';
comment on column ingest.schema.text        is 'The schema as published, unchanged.';
comment on column ingest.schema.first_seen  is 'When it was first met, UTC instant.';

create table ingest.source (
    source            text primary key,
    owner             text,
    contact           text,
    expected_interval interval
);
comment on table  ingest.source                   is 'Emitting systems, as declared by the operator.';
comment on column ingest.source.source            is 'Name, as in the events.';
comment on column ingest.source.owner             is 'Organisation that runs it.';
comment on column ingest.source.contact           is 'Whom to call.';
comment on column ingest.source.expected_interval is 'Longest silence that is normal; null for none declared.';

create table ingest.reject (
    reject_id       bigint generated always as identity primary key,
    stream_id       smallint not null,
    kafka_partition integer  not null,
    kafka_offset    bigint   not null,
    published_at    timestamptz,
    rejected_at     timestamptz not null default now(),
    reason          text     not null,
    detail          text     not null default '',
    sqlstate        text,
    event_id        uuid,
    key             bytea,
    value           bytea,
    value_bytes     integer  not null,
    value_sha256    bytea,
    headers         jsonb    not null default '[]',
    state           text     not null default 'open' check (state in ('open', 'replayed', 'discarded')),
    attempts        integer  not null default 0,
    settled_at      timestamptz,
    settled_by      text,
    settled_why     text,
    unique (stream_id, kafka_partition, kafka_offset)
);
comment on table  ingest.reject                 is 'Messages that could not be taken in, one row each, with their bytes.';
comment on column ingest.reject.reject_id       is 'Running number.';
comment on column ingest.reject.stream_id       is 'Topic, see ingest.stream.';
comment on column ingest.reject.kafka_partition is 'Partition.';
comment on column ingest.reject.kafka_offset    is 'Offset.';
comment on column ingest.reject.published_at    is 'Kafka timestamp, UTC instant.';
comment on column ingest.reject.rejected_at     is 'When it was refused, UTC instant.';
comment on column ingest.reject.reason          is 'One of the reasons of the contract.';
comment on column ingest.reject.detail          is 'What exactly was wrong.';
comment on column ingest.reject.sqlstate        is 'SQLSTATE where PostgreSQL refused the row, five characters; else null.';
comment on column ingest.reject.event_id        is 'Event id, where it could be read.';
comment on column ingest.reject.key             is 'Kafka key as received; null for none.';
comment on column ingest.reject.value           is 'Kafka value as received, at most 1 MiB of it; null for none.';
comment on column ingest.reject.value_bytes     is 'Full size of the value in bytes; 0 for none.';
comment on column ingest.reject.value_sha256    is 'SHA-256 of the whole value, 32 bytes; null for none.';
comment on column ingest.reject.headers         is 'Kafka headers, list of [name, value in hex]; null for a header without value.';
comment on column ingest.reject.state           is 'open, replayed (taken in at a later attempt) or discarded (settled by a person).';
comment on column ingest.reject.attempts        is 'How often it was tried again. Number.';
comment on column ingest.reject.settled_at      is 'When it was replayed or discarded, UTC instant; null while open.';
comment on column ingest.reject.settled_by      is 'Who did it; null while open.';
comment on column ingest.reject.settled_why     is 'Why, in words; null while open.';

create table ingest.duplicate (
    stream_id       smallint not null,
    kafka_partition integer  not null,
    kafka_offset    bigint   not null,
    event_id        uuid     not null,
    same_content    boolean  not null,
    avro            bytea,
    published_at    timestamptz,
    seen_at         timestamptz not null default now(),
    primary key (stream_id, kafka_partition, kafka_offset)
);
comment on table  ingest.duplicate                 is 'Messages whose event_id was known already, one row each. The first stands.';
comment on column ingest.duplicate.stream_id       is 'Topic, see ingest.stream.';
comment on column ingest.duplicate.kafka_partition is 'Partition.';
comment on column ingest.duplicate.kafka_offset    is 'Offset.';
comment on column ingest.duplicate.event_id        is 'The id seen again.';
comment on column ingest.duplicate.same_content    is 'True when the Avro body is equal, byte for byte, to that of the stored event.';
comment on column ingest.duplicate.avro            is 'Avro body as received, without the frame, where the content differs; else null.';
comment on column ingest.duplicate.published_at    is 'Kafka timestamp, UTC instant.';
comment on column ingest.duplicate.seen_at         is 'When it was taken in, UTC instant.';

-- The consumer works here, and nothing it has written about a message can it change or take back.
grant select, insert, update on ingest.position to coop_consumer;
grant select, insert on ingest.stream, ingest.schema, ingest.reject, ingest.duplicate to coop_consumer;
