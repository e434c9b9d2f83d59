#!/usr/bin/env bash
# A replay happens once: two at a time, killed between publishing and noting, killed at any moment, and
# begun by a run that never published.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
count=1500
python3 - $count << 'END' > "$work/bad.tsv"
import sys
for i in range(int(sys.argv[1])):
    print("coop.outreach.v1", f"key {i}".encode().hex(), f"c301ffffffffffffffff{i:08x}", sep="\t")
END
publish_raw "$COOP_BROKERS" "$work/bad.tsv" 2> /dev/null
coop-consumer --until-end --database "$consumer" 2> "$work/err" || fail "$(tail -n 1 "$work/err")"
expect 'rejects' "$(query 'select count(*) from ingest.reject')" $count

# Which reject a message says that it repeats, one a line.
replays() {
    kcat -b "$COOP_BROKERS" -C -e -q -o beginning -t coop.outreach.v1 -f '%h\n' | grep -o 'coop_replay_of=[^,]*' || true
}
# once WHAT N: N replays in Kafka, all of another reject, and PostgreSQL knows where each is.
once() {
    replays > "$work/replays"
    expect "$1: messages" "$(wc -l < "$work/replays")" "$2"
    expect "$1: of different rejects" "$(sort -u "$work/replays" | wc -l)" "$2"
    expect "$1: noted" "$(query "select count(*) from ingest.replay as p join ingest.reject as r using (reject_id)
        where p.kafka_offset is not null and r.state = 'replayed' and r.attempts = 1")" "$2"
}
later() {
    query "update ingest.replay set begun_at = begun_at - interval '1 hour' where kafka_offset is null"
}

# Two operators at once, with the same rejects.
coop-admin rejects replay --all --limit 300 > "$work/one" 2> "$work/one.err" &
one=$!
coop-admin rejects replay --all --limit 200 > "$work/two" 2> "$work/two.err" &
two=$!
wait $one || fail "$(cat "$work/one.err")"
wait $two || fail "$(cat "$work/two.err")"
done=$(($(wc -l < "$work/one") + $(wc -l < "$work/two")))
((done >= 300)) || fail "two at once have replayed $done"
once 'two at once' $done

# Killed when Kafka has the message and PostgreSQL is not yet told: a lock of ours holds the note up.
query "create function ingest.hold() returns trigger language plpgsql as \$\$ begin perform pg_advisory_xact_lock(77); return new; end \$\$;
    create trigger hold before update on ingest.replay for each row execute function ingest.hold()"
mkfifo "$work/holder"
psql -X -q -d "$COOP_DATABASE" < "$work/holder" > /dev/null &
exec 8> "$work/holder"
echo 'select pg_advisory_lock(77);' >&8
is_held() {
    [[ $(query "select count(*) from pg_locks where locktype = 'advisory' and objid = 77 and granted = $1") -eq 1 ]]
}
wait_until 10 is_held true
coop-admin rejects replay --all --limit 50 > /dev/null 2>&1 &
pid=$!
wait_until 30 is_held false
kill -KILL $pid
wait $pid 2> /dev/null || true
query "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 77 and not granted" > /dev/null
exec 8>&-
wait_until 10 eval '! is_held true'
query 'drop trigger hold on ingest.replay'
expect 'begun, and not noted' "$(query 'select count(*) from ingest.replay where kafka_offset is null')" 50
expect 'in Kafka' "$(replays | wc -l)" $((done + 50))
# Nobody has to wait for what is found, and the two that look do it once.
coop-admin rejects replay --all --limit 50 > "$work/one" 2> "$work/one.err" &
one=$!
expect_exit 0 coop-admin rejects replay --all --limit 50
wait $one || fail "$(cat "$work/one.err")"
cat "$work/out" "$work/one" > "$work/both"
expect 'found' "$(grep -c 'by an earlier run' "$work/both")" 50
done=$((done + $(wc -l < "$work/both")))
once 'killed before it was noted' $done

# Begun by a run that was killed before it published: a moment ago, and long ago.
begin() {
    query "insert into ingest.replay (reject_id, first_reject_id, attempt, stream_id, kafka_partition, from_offset, begun_by, begun_at)
        select reject_id, reject_id, 1, stream_id, kafka_partition, 0, 'nobody', now() - interval '$1'
        from ingest.reject where state = 'open' order by reject_id limit 1"
}
begin '58 s'
expect_exit 0 coop-admin rejects replay --all --limit 1
expect_says 'may still be on its way: waiting'
begin '1 hour'
expect_exit 0 coop-admin rejects replay --all --limit 1
expect 'words about waiting' "$(grep -c waiting "$work/err" || true)" 0
done=$((done + 2))
once 'begun and never published' $done
expect 'by whom' "$(query "select count(*) from ingest.replay where begun_by = 'nobody'")" 0

# Killed at any moment, until nothing is left.
for delay in 0.20 0.80 0.90 1.00 1.05 1.10 1.15 1.20 1.25 1.30 1.40 1.60; do
    coop-admin rejects replay --all --limit 70 > /dev/null 2> "$work/err" &
    pid=$!
    sleep $delay
    kill -KILL $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
    echo "killed after $delay s: $(query "select count(kafka_offset) || ' noted, ' || count(*) - count(kafka_offset) || ' begun' from ingest.replay")"
    later
done
expect_exit 0 coop-admin rejects replay --all
once 'killed at any moment' $count
expect_exit 0 coop-admin rejects replay --all
once 'nothing is left' $count
done_ok 'a replay happens once'
