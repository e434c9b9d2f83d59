-- The table of event_log.avsc: 240 bytes of heap a row, found again by its key alone. Nothing else may work on it
-- while it is measured.
create schema bench;
create table bench.event_log (
    event_id uuid primary key,
    source text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    stage text not null,
    channel text not null,
    campaign_id text not null,
    org_id text not null,
    org_count integer not null,
    country text not null,
    province text not null,
    amount numeric(14, 2) not null,
    currency text not null,
    note text not null
) with (autovacuum_enabled = off);
grant usage on schema bench to coop_consumer;
grant select, insert on bench.event_log to coop_consumer;
