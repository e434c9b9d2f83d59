#!/usr/bin/env bash
# Rows that PostgreSQL refuses, for known reasons and others, never stop their neighbours; and any
# Avro topic goes into any table whose columns match by name.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# A rule that the producers do not know: REFUSED for one row in two hundred, found by halving.
query "create function event.no_unlucky() returns trigger language plpgsql as
    \$\$ begin if new.source_record_id = 'G-77' then raise exception 'unlucky' using errcode = '22000'; end if; return new; end \$\$;
    create trigger no_unlucky before insert on event.outreach for each row execute function event.no_unlucky()"
make_outreach 200 | coop-outreach 2> /dev/null
coop-consumer --until-end --database "$consumer" 2> "$work/consumer.err" || fail "$(tail -n 1 "$work/consumer.err")"
expect 'stored beside one refused' "$(query 'select count(*) from event.outreach')" 199
expect 'the refused one' "$(query "select reason || ' ' || sqlstate || ' ' || detail || ' ' || (event_id is not null) from ingest.reject")" 'REFUSED 22000 unlucky true'

# A thousand bad ones in a row among good ones take no thousand round trips.
query 'drop trigger no_unlucky on event.outreach'
make_outreach 1000 1000 | sed 's/"country": "CN"/"country": "CN"/' > "$work/good.jsonl"
coop-outreach "$work/good.jsonl" 2> /dev/null
# The same key for all: bytes that no schema knows.
for ((i = 0; i < 1000; i++)); do printf 'coop.outreach.v1\t6b6579\tc301ffffffffffffffff%08x\n' "$i"; done > "$work/bad.tsv"
publish_raw "$COOP_BROKERS" "$work/bad.tsv"
make_outreach 1000 2000 | coop-outreach 2> /dev/null
coop-consumer --until-end --database "$consumer" --batch-rows 300 2> "$work/consumer.err" || fail "$(tail -n 1 "$work/consumer.err")"
expect 'stored around a thousand bad ones' "$(query 'select count(*) from event.outreach')" 2199
expect 'rejects by reason' "$(query "select string_agg(reason || '=' || n, ' ' order by reason) from (select reason, count(*) as n from ingest.reject group by reason) as r")" 'REFUSED=1 UNKNOWN_SCHEMA=1000'

# Another table: fewer columns, none of ours, a column with a default and one from a field.
query "create schema other; create table other.training (event_id uuid primary key, programme_id text not null,
    headcount bigint not null, topics text[], occurred_at timestamptz, made_at timestamptz not null default now(), remark text default 'none');
    grant usage on schema other to coop_consumer; grant select, insert on other.training to coop_consumer"
coop-admin topics other.v1 > /dev/null
coop-training --topic other.v1 "$golden/seed/training.jsonl" "$golden/seed/training.jsonl" 2> /dev/null
coop-consumer --until-end --database "$consumer" --group other --route other.v1=other.training 2> "$work/consumer.err" ||
    fail "$(tail -n 1 "$work/consumer.err")"
expect 'rows of the other table' "$(query "select count(*) || ' ' || count(distinct programme_id) || ' ' || min(remark) from other.training")" '5 3 none'
expect 'duplicates there' "$(query "select count(*) || ' ' || bool_and(same_content) from ingest.duplicate as d join ingest.stream as s using (stream_id) where s.topic = 'other.v1'")" '5 true'

# A table that does not fit is refused at the start, by name.
query 'create table other.wrong (event_id uuid primary key, headcount text, missing integer not null)'
expect_exit 78 coop-consumer --until-end --database "$COOP_DATABASE" --group wrong --route other.v1=other.wrong
expect_says 'other.wrong'
expect_exit 78 coop-consumer --until-end --database "$COOP_DATABASE" --group wrong --route other.v1=other.none
expect_says 'there is no table other.none'
done_ok 'refused rows and other tables'
