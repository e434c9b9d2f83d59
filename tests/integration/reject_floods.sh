#!/usr/bin/env bash
# A thousand bad messages in a row, of bytes that nobody can decode and of rows that break a rule, in
# one batch and across many: every one is kept, every good one beside them is stored.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# flood KIND TOPIC: a thousand of them, each another one.
flood() {
    python3 - "$golden/small/raw.tsv" "$1" "$2" << 'END' | publish_raw "$COOP_BROKERS" 2> /dev/null
import sys
import uuid
path, kind, topic = sys.argv[1:]
line = next(line for line in open(path) if line.split("\t")[3:4] == [kind])
_, key, value, *_ = line.split("\t")
value = bytes.fromhex(value)
for i in range(1000):
    # Behind C3 01, the fingerprint and the length: the id, as text.
    event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{topic} {i}")).encode()
    print(topic, key, (value[:11] + event_id + value[47:]).hex(), sep="\t")
END
}

first=0
for rows in 5000 100; do
    topic=flood.$rows
    coop-admin topics --partitions 1 "$topic" > /dev/null
    for kind in TRUNCATED NEGATIVE_COUNT none; do
        make_outreach 50 $first | coop-outreach --topic "$topic" 2> /dev/null
        first=$((first + 50))
        [[ $kind == none ]] || flood "$kind" "$topic"
    done
    # One lane and a long wait: a batch is as full as --batch-rows lets it be.
    coop-consumer --until-end --database "$consumer" --group "$topic" --route "$topic=event.outreach" --batch-rows "$rows" \
        --batch-bytes 67108864 --batch-wait 2000 2> "$work/err" || fail "$(tail -n 1 "$work/err")"
    echo "--batch-rows $rows: $(grep -o 'stored=.*' "$work/err")"
    expect "rejects with --batch-rows $rows" "$(query "select string_agg(reason || ' ' || n || ' ' || first || '-' || last, ', ' order by first) from (
        select reason, count(*) as n, min(kafka_offset) as first, max(kafka_offset) as last
        from ingest.reject as r join ingest.stream as s using (stream_id) where s.topic = '$topic' group by reason) as f")" \
        'TRUNCATED 1000 50-1049, NEGATIVE_COUNT 1000 1100-2099'
    expect "stored with --batch-rows $rows" "$(query "select count(*) || ' ' || count(distinct e.event_id) from event.outreach as e
        join ingest.stream as s using (stream_id) where s.topic = '$topic'")" '150 150'
    expect "position with --batch-rows $rows" "$(query "select next_offset from ingest.position as p join ingest.stream as s using (stream_id) where s.topic = '$topic'")" 2150
done
expect 'rejects without an id that could be read' "$(query 'select count(*) from ingest.reject where event_id is null')" 0
done_ok 'a thousand bad messages in a row'
