-- Rejects that were published again. A row is written and committed before anything is published, so that whoever comes
-- after a crash knows from which offset on to look for the message before it publishes it once more.

create table ingest.replay (
    reject_id       bigint      primary key references ingest.reject,
    first_reject_id bigint      not null references ingest.reject,
    attempt         integer     not null check (attempt > 0),
    stream_id       smallint    not null,
    kafka_partition integer     not null,
    from_offset     bigint      not null,
    begun_at        timestamptz not null default now(),
    begun_by        text        not null,
    kafka_offset    bigint,
    published_at    timestamptz,
    unique (stream_id, kafka_partition, kafka_offset)
);
create index replay_by_first on ingest.replay (first_reject_id);
comment on table  ingest.replay                 is 'Rejects that were published again, one row each. What fails again is a reject of its own, at kafka_offset; it may be replayed in its turn.';
comment on column ingest.replay.reject_id       is 'The reject that was published again, see ingest.reject.';
comment on column ingest.replay.first_reject_id is 'The reject that all attempts go back to; the same as reject_id in the first attempt.';
comment on column ingest.replay.attempt         is 'Which attempt this is, from 1. Number.';
comment on column ingest.replay.stream_id       is 'Topic that it was published to, see ingest.stream.';
comment on column ingest.replay.kafka_partition is 'Partition that it was published to.';
comment on column ingest.replay.from_offset     is 'End of that partition when the attempt began: the message is at or behind it, or was not published.';
comment on column ingest.replay.begun_at        is 'When the attempt began, UTC instant.';
comment on column ingest.replay.begun_by        is 'Who began it.';
comment on column ingest.replay.kafka_offset    is 'Offset that Kafka acknowledged; null while it is not known whether the message was published.';
comment on column ingest.replay.published_at    is 'Kafka timestamp of the new message, UTC instant; null as long as kafka_offset is.';
