-- What has been applied to this database; coop-admin migrate reads and writes it. Changes nothing where it is there.

create schema if not exists ingest;

create table if not exists ingest.migration (
    name       text primary key,
    kind       text        not null check (kind in ('migration', 'view')),
    sha256     bytea       not null,
    applied_at timestamptz not null default now()
);
comment on table  ingest.migration            is 'Files of folder sql that this database has taken in.';
comment on column ingest.migration.name       is 'File, below folder sql.';
comment on column ingest.migration.kind       is 'migration: applied once and never changed. view: made anew when its file has changed.';
comment on column ingest.migration.sha256     is 'SHA-256 of the file, 32 bytes.';
comment on column ingest.migration.applied_at is 'When it was applied last, UTC instant.';
