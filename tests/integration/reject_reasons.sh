#!/usr/bin/env bash
# Every reason of the contract: one bad message between two good ones becomes one row, its neighbours
# are stored, and the position moves on; also at the first and the last offset of a partition.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
query "create function event.no_refused() returns trigger language plpgsql as
    \$\$ begin if new.source_record_id = 'refuse-me' then raise exception 'refused' using errcode = '22000'; end if; return new; end \$\$;
    create trigger no_refused before insert on event.outreach for each row execute function event.no_refused()"

grep -hvE '^#|	(STORED|DUPLICATE)	' "$golden/small/raw.tsv" "$SOURCE/tests/data/rejects.tsv" > "$work/bad.tsv"
expect 'reasons in the data' "$(cut -f 4 "$work/bad.tsv" | sort | uniq -c | grep -c ' 1 ')" 22

# Two good events for the key of every bad one. They take a topic of their own to become bytes.
coop-admin topics --partitions 1 good.outreach good.agreement > /dev/null
python3 - "$work" << 'END'
import json
import sys
work = sys.argv[1]
org = {"org_id": "COOP-STZA", "name": "Special Technology Zones Authority"}
with open(f"{work}/outreach.jsonl", "w") as outreach, open(f"{work}/agreement.jsonl", "w") as agreement:
    for i, line in enumerate(open(f"{work}/bad.tsv")):
        topic, key, *_ = line.split("\t")
        key = bytes.fromhex(key).decode()
        for side in ("before", "after"):
            event = {"source": "pk.gov.test.good", "source_record_id": f"{i}-{side}", "occurred_at": "2022-06-20T10:00:00+05:00"}
            if topic == "coop.agreement.v1":
                print(json.dumps(event | {"agreement_id": key}), file=agreement)
                continue
            campaign, other = key.split("|")
            whom = {"batch_id": other[1:]} if other.startswith("#") else {"recipient": {"org_id": other, "name": "Firm"}}
            print(json.dumps(event | {"campaign_id": campaign, "initiator": org} | whom), file=outreach)
END
for type in outreach agreement; do
    "coop-$type" --topic "good.$type" "$work/$type.jsonl" 2> "$work/err" || fail "$(cat "$work/err")"
    kcat -b "$COOP_BROKERS" -C -e -q -o beginning -t "good.$type" -f '%R%s' > "$work/$type.values"
done
python3 - "$work" << 'END'
import sys
work = sys.argv[1]
good = {}
for type in ("outreach", "agreement"):
    data = open(f"{work}/{type}.values", "rb").read()
    values = []
    while data:
        length = int.from_bytes(data[:4], "big")
        values.append(data[4:4 + length].hex())
        data = data[4 + length:]
    good[f"coop.{type}.v1"] = iter(values)
with open(f"{work}/sandwiches.tsv", "w") as out:
    for line in open(f"{work}/bad.tsv"):
        topic, key, *_ = line.split("\t")
        print(topic, key, next(good[topic]), sep="\t", file=out)
        print(line, end="", file=out)
        print(topic, key, next(good[topic]), sep="\t", file=out)
END
publish_raw "$COOP_BROKERS" "$work/sandwiches.tsv" 2> /dev/null
consume_to_end
coop-admin status > /dev/null || fail 'the positions have not moved to the end'

expect 'rows' "$(query 'select count(*) from ingest.reject')" 22
# shellcheck disable=SC2016 # a dollar of PostgreSQL's
neighbours='select count(*) from (select entity_key, stream_id, kafka_partition, kafka_offset from event.outreach
    union all select entity_key, stream_id, kafka_partition, kafka_offset from event.agreement) as e
    where e.stream_id = r.stream_id and e.kafka_partition = r.kafka_partition and abs(e.kafka_offset - r.kafka_offset) = 1
      and e.entity_key = convert_from(r.key, $$UTF8$$)'
while IFS=$'\t' read -r topic key value reason _; do
    [[ $value != - ]] || value=
    expect "the row of $reason" "$(query "select count(*) || ' ' || min(reason) || ' ' || min(state) || ' ' || sum(($neighbours))
        from ingest.reject as r join ingest.stream as s using (stream_id)
        where s.topic = '$topic' and r.key = '\\x$key' and md5(coalesce(encode(r.value, 'hex'), '')) = '$(printf %s "$value" | md5sum | cut -d ' ' -f 1)'
          and r.value_bytes = $((${#value} / 2)) and r.value_sha256 is not distinct from sha256(r.value)")" "1 $reason open 2"
done < "$work/bad.tsv"
expect 'stored neighbours' "$(query 'select (select count(*) from event.outreach) + (select count(*) from event.agreement)')" 44

# The first and the last offset of a partition, and a partition that holds nothing else.
for topic in edges.v1 alone.v1; do coop-admin topics --partitions 1 "$topic" > /dev/null; done
bad() {
    grep -P "\t$1\t" "$work/bad.tsv" | sed "s/^[^\t]*/$2/" | publish_raw "$COOP_BROKERS" 2> /dev/null
}
bad TRUNCATED edges.v1
make_outreach 10 | coop-outreach --topic edges.v1 2> /dev/null
bad NEGATIVE_COUNT edges.v1
bad NULL_VALUE alone.v1
coop-consumer --until-end --database "$consumer" --group edges --route edges.v1=event.outreach --route alone.v1=event.outreach 2> "$work/err" ||
    fail "$(tail -n 1 "$work/err")"
expect 'rejects at the edges' "$(query "select string_agg(s.topic || '/' || r.kafka_offset || ' ' || r.reason, ', ' order by s.topic, r.kafka_offset)
    from ingest.reject as r join ingest.stream as s using (stream_id) where s.topic in ('edges.v1', 'alone.v1')")" \
    'alone.v1/0 NULL_VALUE, edges.v1/0 TRUNCATED, edges.v1/11 NEGATIVE_COUNT'
expect 'positions at the edges' "$(query "select string_agg(s.topic || ' ' || p.next_offset, ', ' order by s.topic)
    from ingest.position as p join ingest.stream as s using (stream_id) where s.topic in ('edges.v1', 'alone.v1')")" 'alone.v1 1, edges.v1 12'
expect 'stored between the edges' "$(query "select count(*) from event.outreach where source_record_id like 'G-%'")" 10
done_ok 'every reason has its one row, its neighbours are stored'
