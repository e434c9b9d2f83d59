#!/usr/bin/env bash
# coop-admin find tells of an event or a record what became of it, wherever it is by now.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# finds RECORD EXPRESSION WANTED: a Python expression over the list that --json gives.
finds() {
    expect_exit 0 coop-admin find --json "$1"
    expect "$1: $2" "$(/usr/bin/python3 -c 'import json, sys
found = json.load(open(sys.argv[1]))["found"]
print(eval(sys.argv[2]))' "$work/out" "$2")" "$3"
}
outcomes='sorted(f["outcome"] for f in found)'

# Before any consumer: only Kafka has it, and no schema is known to the database.
publish seed
id=547e0b78-a281-56f1-854f-32c1861f7a33
finds "$id" '[(f["outcome"], f["event_id"], f["topic"], f["type"]) for f in found]' "[('not yet taken in', '$id', 'coop.outreach.v1', 'outreach')]"
finds s1 "$outcomes" "['not yet taken in']"
expect_exit 0 coop-admin find "${id^^}"
expect_says 'outcome  not yet taken in'
expect_exit 1 coop-admin find no-such-record
expect_says 'nothing found for "no-such-record": no event, duplicate or reject, and none of 18 messages not yet taken in'
expect_exit 1 coop-admin find 018180ea-8b00-8d1e-9c51-000000000000
expect_exit 1 coop-admin find --wait 0 "$id"

consume_to_end
finds "$id" "$outcomes, [f['effective'] for f in found], found[0]['source_record_id']" "(['stored'], [True], None)"
place=$(query "select kafka_partition || ' ' || kafka_offset from event.outreach where source_record_id = 's1'")
finds s1 'str(found[0]["partition"]) + " " + str(found[0]["offset"])' "$place"
expect_exit 0 coop-admin find s1
expect_says "$(query "select event_id from event.outreach where source_record_id = 's1'") outreach ASSERT"
expect_says 'source   pk.gov.stza.crm, record s1'
expect_says 'outcome  stored, effective'

# Corrected, retracted, overruled, published again; with the same content and with other.
line='{"source": "pk.gov.test", "occurred_at": "2022-06-20", "programme_id": "P", "cohort_id": "C", "stage": "ENROLLED", "headcount": 70'
{
    echo "$line, \"source_record_id\": \"r1\"}"
    echo "$line, \"source_record_id\": \"r1\", \"note\": \"other\"}"
    echo "$line, \"source_record_id\": \"r1\"}"
    echo "$line, \"source_record_id\": \"r1\", \"action\": \"CORRECT\", \"supersedes_source_record_id\": \"r1\", \"recorded_at\": \"2022-07-01T00:00:00Z\"}"
    echo "$line, \"source_record_id\": \"r1\", \"action\": \"CORRECT\", \"supersedes_source_record_id\": \"r1\", \"recorded_at\": \"2022-07-02T00:00:00Z\"}"
    echo "$line, \"source_record_id\": \"r2\"}"
} > "$work/lines"
coop-training "$work/lines" 2> /dev/null
grep '"r2"' "$work/lines" | coop-training --retract --reason wrong 2> /dev/null
consume_to_end
finds r1 "$outcomes" "['duplicate', 'duplicate', 'stored', 'stored', 'stored']"
finds r1 '[(f["action"], f["effective"], len(f["superseded_by"]), len(f["overruled_by"])) for f in found if f["outcome"] == "stored"]' \
    "[('ASSERT', False, 2, 0), ('CORRECT', False, 0, 1), ('CORRECT', True, 0, 0)]"
finds r1 '[f["same_content"] for f in found if f["outcome"] == "duplicate"]' '[False, True]'
expect_exit 0 coop-admin find r1
expect_says 'duplicate, with other content: the first stands'
expect_says 'duplicate, the same content: the first stands'
expect_says ', overruled by '
finds r2 '[(f["action"], f["effective"]) for f in found]' "[('ASSERT', False), ('RETRACT', False)]"
retracted=$(query "select event_id from event.training where source_record_id = 'r2' and action = 'ASSERT'")
retraction=$(query "select event_id from event.training where source_record_id = 'r2' and action = 'RETRACT'")
finds "$retracted" '[f["superseded_by"][0]["event_id"] for f in found]' "['$retraction']"
expect_exit 0 coop-admin find "$retraction"
expect_says "stored; it retracts $retracted"
# The same answer as the reports': every event of the log, effective or not.
expect 'what counts' "$(query "select count(*) from state.counted_training where source_record_id in ('r1', 'r2')")" 1

# Rejects: by the id in the table, and by the record in their bytes.
publish_raw "$COOP_BROKERS" "$golden/small/raw.tsv"
consume_to_end
while read -r id reason; do
    finds "$id" '" ".join(f["outcome"] + f["reason"] + f["state"] for f in found if f["outcome"] == "reject")' "reject${reason}open"
done < <(query "select event_id || ' ' || reason from ingest.reject where event_id is not null" | sort -u -k 1,1)
query "select 'coop.training.v1', encode('nobody', 'hex'), encode('\\xc301' || s.fingerprint || e.avro, 'hex'), '-', '-'
    from event.training as e join ingest.schema as s using (schema_id) where e.event_id = '$retracted'" | tr '|' '\t' > "$work/raw.tsv"
publish_raw "$COOP_BROKERS" "$work/raw.tsv"
consume_to_end
finds r2 '[(f["outcome"], f["reason"], f["event_id"], f["action"]) for f in found if "reason" in f]' "[('reject', 'BAD_KEY', '$retracted', 'ASSERT')]"
finds "$retracted" "$outcomes" "['reject', 'stored']"
expect_exit 0 coop-admin find r2
expect_says 'outcome  rejected, BAD_KEY: '

# Beyond the stored position, beside what is stored; an event that only speaks of the record is another.
{ head -n 1 "$work/lines" && echo "$line, \"source_record_id\": \"r3\", \"note\": \"r1\"}"; } | coop-training 2> /dev/null
finds r1 '[f["outcome"] for f in found].count("not yet taken in")' 1

# Without Kafka: what is stored is told, and nothing found is not said for certain.
expect_exit 0 coop-admin find --brokers 127.0.0.1:1 r1
expect_says 'what is not yet taken in could not be asked for: could not reach Kafka'
expect_exit 69 coop-admin find --brokers 127.0.0.1:1 no-such-record
expect_says '"no-such-record" is not in the database, and Kafka cannot be asked'
expect_exit 69 coop-admin find --database 'host=127.0.0.1 port=1' r1
expect_exit 64 coop-admin find
expect_exit 64 coop-admin find ''
expect_exit 64 coop-admin find r1 r2
expect_exit 64 coop-admin find "$(printf 'x%.0s' {1..257})"
done_ok 'coop-admin find'
