#!/usr/bin/env bash
# Rejects are published again: what is mended is stored once, what fails again keeps its history, and
# a message is published as it was.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
consume() {
    coop-consumer --until-end --database "$consumer" "$@" 2> "$work/consumer.err" || fail "$(tail -n 1 "$work/consumer.err")"
}
# Messages of a topic that say that they are replays.
replays_in() {
    kcat -b "$COOP_BROKERS" -C -e -q -o beginning -t "$1" -f '%h\n' | grep -c coop_replay_of || true
}
states() {
    query "select string_agg(state || ' ' || n, ', ' order by state) from (select state, count(*) as n from ingest.reject group by state) as s"
}
column() {
    query "select $1 from ingest.reject where reject_id = $2"
}
publish_raw "$COOP_BROKERS" "$golden/small/raw.tsv" 2> /dev/null
consume
expect 'rejects' "$(states)" 'open 20'

# The cause is mended: the schema that three events need comes into the folder, a fourth repeats one.
expect_exit 0 coop-admin rejects replay --reason UNKNOWN_SCHEMA --dry-run
expect 'told by a dry run' "$(grep -c '^would replay' "$work/out")" 5
expect 'published by a dry run' "$(replays_in coop.outreach.v1) $(states) $(query 'select count(*) from ingest.replay')" '0 open 20 0'
mended=$(query "select string_agg(reject_id::text, ' ') from ingest.reject where encode(value, 'hex') like 'c30167ee2c5dc0caf351%'")
# shellcheck disable=SC2086 # several numbers
expect_exit 0 coop-admin rejects replay $mended --by ali --why 'schema v2 is there'
expect 'replayed' "$(grep -c '^replayed' "$work/out")" 4
expect_says 'replayed=4 found=0 left=0'
expect 'settled' "$(query "select distinct settled_by || ' ' || settled_why || ' ' || attempts from ingest.reject where state = 'replayed'")" 'ali schema v2 is there 1'
consume --schemas "$(all_schemas)"
expect 'stored after the replay' "$(query "select count(*) from event.outreach")" 3
expect 'duplicates' "$(query 'select count(*) || $$ $$ || bool_and(same_content) from ingest.duplicate')" '1 true'
expect 'rejects' "$(states)" 'open 16, replayed 4'
expect 'places' "$(query 'select count(*) from ingest.replay as p join event.outreach as e using (stream_id, kafka_partition, kafka_offset)')" 3
# shellcheck disable=SC2086
expect_exit 0 coop-admin rejects replay $mended
expect_says 'was replayed already, by ali'
expect 'published the second time' "$(replays_in coop.outreach.v1)" 4
expect_exit 0 coop-admin rejects show "${mended%% *}"
expect_says ': stored'

# What fails again is another reject that leads to the first: twice more, with its headers.
first=$(query "select reject_id from ingest.reject where reason = 'TRUNCATED'")
query "update ingest.reject set headers = '[[\"ce_id\", \"61\"], [\"none\", null], [\"empty\", \"\"], [\"bin\", \"00ff\"], [\"bin\", \"01\"], [\"\\\\xff\", \"62\"]]' where reject_id = $first"
second=$first
for attempt in 1 2; do
    earlier=$second
    expect_exit 0 coop-admin rejects replay "$earlier" --by ali
    expect 'not yet taken in' "$(coop-admin rejects show "$earlier" | grep -c ': not yet taken in')" 1
    consume
    second=$(query "select max(reject_id) from ingest.reject")
    expect "reason of attempt $attempt" "$(column "reason || ' ' || state" "$second")" 'TRUNCATED open'
    expect "attempts after attempt $attempt" "$(coop-admin rejects list --reason TRUNCATED | awk 'NR == 2 {print $1, $7, $8, $9, $10}')" "$second $attempt first was $first"
    expect "bytes of attempt $attempt" "$(query "select f.key = s.key and f.value = s.value and f.value_sha256 = s.value_sha256 from ingest.reject as f, ingest.reject as s where f.reject_id = $first and s.reject_id = $second")" t
    expect "headers of attempt $attempt" "$(query "select s.headers = f.headers || jsonb_build_array(jsonb_build_array('coop_replay_of',
        encode(convert_to('coop.outreach.v1/' || e.kafka_partition || '/' || e.kafka_offset, 'UTF8'), 'hex')))
        from ingest.reject as f, ingest.reject as s, ingest.reject as e where f.reject_id = $first and s.reject_id = $second and e.reject_id = $earlier")" t
done
expect 'the attempts of an earlier one' "$(column attempts "$earlier")" 2
coop-admin rejects show "$second" > "$work/out"
expect 'history' "$(grep -oE 'attempt [0-9]+: reject [0-9]+|: reject [0-9]+$' "$work/out" | tr '\n' ' ')" \
    "attempt 1: reject $first : reject $earlier attempt 2: reject $earlier : reject $second "

# Null stays null, no key stays no key, and a replay of all ends although its own messages come back.
printf 'coop.outreach.v1\t-\tc301ada356986ed8255f00\n' | publish_raw "$COOP_BROKERS" 2> /dev/null
coop-consumer --database "$consumer" 2> "$work/consumer.err" &
pid=$!
is_there() {
    [[ $(query 'select count(*) from ingest.reject where key is null') -ge $1 ]]
}
wait_until 30 is_there 1
open=$(query "select count(*) from ingest.reject where state = 'open'")
expect_exit 0 coop-admin rejects replay --all
expect_says "replayed=$open found=0 left=0"
wait_until 30 is_there 2
all_came_back() {
    [[ $(states) == "open $open, replayed $((open + 6))" ]]
}
wait_until 30 all_came_back
kill -TERM "$pid"
wait "$pid"
expect 'null values' "$(query "select count(*) || ' ' || count(value) || ' ' || sum(value_bytes) from ingest.reject where reason = 'NULL_VALUE'")" '2 0 0'
expect 'partitions of a message without a key' "$(query 'select count(distinct kafka_partition) from ingest.reject where key is null')" 1

# By topic and limit: the oldest first.
expect_exit 0 coop-admin rejects replay --topic coop.agreement.v1 --dry-run
expect 'of one topic' "$(wc -l < "$work/out")" 1
expect_exit 0 coop-admin rejects replay --all --limit 2 --dry-run
expect 'the two oldest' "$(awk '{print $3}' "$work/out" | tr '\n' ' ')" "$(query "select string_agg(reject_id || ' ', '' order by reject_id) from (select reject_id from ingest.reject where state = 'open' order by 1 limit 2) as o")"

# A value that was kept only in part comes from Kafka, as long as Kafka has it.
alter_topic "$COOP_BROKERS" coop.training.v1 max.message.bytes=4000000
python3 -c 'print("coop.training.v1", b"big".hex(), "c301" + "ab" * 1500000, sep="\t")' | publish_raw "$COOP_BROKERS" 2> /dev/null
consume
big=$(query 'select reject_id from ingest.reject where value_bytes = 1500002')
expect 'kept of it' "$(column "octet_length(value) || ' ' || reason" "$big")" '1048576 OVERSIZE'
expect_exit 0 coop-admin rejects replay "$big"
consume
expect 'both' "$(query 'select count(*) || $$ $$ || count(distinct value_sha256) from ingest.reject where value_bytes = 1500002')" '2 1'
again=$(query 'select max(reject_id) from ingest.reject where value_bytes = 1500002')
alter_topic "$COOP_BROKERS" coop.training.v1 "$(column kafka_partition "$again")" "$(($(column kafka_offset "$again") + 1))"
expect_exit 65 coop-admin rejects replay "$again" --dry-run
expect_exit 65 coop-admin rejects replay "$again"
expect_says 'only the first MiB of its value was kept, and Kafka has the message no more'
expect 'a value that is gone' "$(column state "$again") $(query "select count(*) from ingest.replay where reject_id = $again")" 'open 0'

# Kafka away, or too small a limit: the reject stays open, and the next run does it once.
expect_exit 69 coop-admin rejects replay --all --brokers 127.0.0.1:1
big=$(query "select reject_id from ingest.reject where reason = 'OVERSIZE' and state = 'open' and value_bytes < 100000")
alter_topic "$COOP_BROKERS" coop.outreach.v1 max.message.bytes=50000
before=$(replays_in coop.outreach.v1)
expect_exit 69 coop-admin rejects replay "$big" -X compression.codec=none
expect_says 'Kafka has not taken every message'
expect 'refused by Kafka' "$(column state "$big") $(query "select count(*) from ingest.replay where reject_id = $big and kafka_offset is null")" 'open 1'
expect_exit 65 coop-admin rejects discard --reason OVERSIZE --topic coop.outreach.v1 --by ali --why x
expect_says 'a replay of it has begun'
alter_topic "$COOP_BROKERS" coop.outreach.v1 max.message.bytes=1000000
query "update ingest.replay set begun_at = begun_at - interval '1 hour' where reject_id = $big"
expect_exit 0 coop-admin rejects replay "$big"
expect 'published after all' "$(($(replays_in coop.outreach.v1) - before))" 1

# An audit counts what was replayed once, as what became of it; what the log holds no more is expired.
consume
expect_exit 0 coop-admin audit
expect_says 'missing=0 extra=0 altered=0'
number_of() {
    sed -nE "s/.*\\b$1=([0-9]+).*/\1/p" "$work/out"
}
replayed=$(query "select count(*) from ingest.reject where state = 'replayed' and not
    ((stream_id, kafka_partition) = (select stream_id, kafka_partition from ingest.reject where reject_id = $again)
     and kafka_offset <= (select kafka_offset from ingest.reject where reject_id = $again))")
((replayed > 3)) || fail "only $replayed rejects were replayed"
expect 'records that the audit counts' "$(($(number_of records) + $(number_of expired) + replayed))" "$(accounted)"
done_ok 'rejects are replayed'
