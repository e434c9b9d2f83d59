#!/usr/bin/env bash
# What the producers put into Kafka, seen by kcat and by an Avro implementation that is not ours.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
servers_up
coop-admin topics > /dev/null

COOP_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 \
    coop-outreach "$golden/seed/outreach.jsonl" --receipts "$work/receipts" 2> "$work/err"
expect_says 'published=5 acknowledged=5 rejected=0 spooled=0 seconds='
expect 'receipts' "$(wc -l < "$work/receipts")" 5

# Keys and headers as in the contract.
kcat -C -q -e -b "$COOP_BROKERS" -t coop.outreach.v1 -o beginning -f '%k %h\n' | sort > "$work/messages"
expect 'keys' "$(cut -d ' ' -f 1 "$work/messages" | tr '\n' ' ')" \
    'CMP-GOV-LIAISON|COOP-EMB-PK-CN CMP-OPEN-CALL|#B-OPEN CMP-STZA-FORUM-2022|#- CMP-STZA-FORUM-2022|#B-INTEREST CMP-STZA-FORUM-2022|#B-LETTER-1 '
expect 'headers' "$(head -n 1 "$work/messages" | cut -d ' ' -f 2-)" \
    'ce_specversion=1.0,ce_id=547e0b78-a281-56f1-854f-32c1861f7a33,ce_source=pk.gov.stza.crm,ce_type=coop.outreach.v1,ce_time=2022-06-20T05:00:00.000000Z,content-type=application/avro,traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

# A malformed trace context is told and left out; the events go their way.
coop-admin topics traced.v1 > /dev/null
COOP_TRACEPARENT=00-nonsense coop-outreach --topic traced.v1 "$golden/seed/outreach.jsonl" 2> "$work/err"
expect 'warnings' "$(grep -c 'warning: COOP_TRACEPARENT is no traceparent' "$work/err")" 1
expect_says 'published=5 acknowledged=5 rejected=0'
expect 'headers that trace' "$(kcat -C -q -e -b "$COOP_BROKERS" -t traced.v1 -o beginning -f '%h\n' | grep -c traceparent || true)" 0

# The receipts tell where each event lies, under its id.
while read -r line; do
    IFS=' ' read -r id partition offset <<< "$(sed -E 's/.*"event_id": "([^"]*)".*"partition": ([0-9]*), "offset": ([0-9]*).*/\1 \2 \3/' <<< "$line")"
    expect "header of $id" "$(kcat -C -q -e -c 1 -b "$COOP_BROKERS" -t coop.outreach.v1 -p "$partition" -o "$offset" -f '%h' | sed -E 's/.*ce_id=([^,]*),.*/\1/')" "$id"
done < "$work/receipts"

# An Avro implementation that is not ours reads the same facts.
coop-agreement "$golden/seed/agreement.jsonl" 2> /dev/null
coop-training "$golden/seed/training.jsonl" 2> /dev/null
for type in outreach agreement training; do
    kcat -C -q -e -b "$COOP_BROKERS" -t "coop.$type.v1" -o beginning -f '%R%s' > "$work/$type.bin"
    # The system's own interpreter: that is the one whose packages apt installs.
    /usr/bin/python3 "$SOURCE/tests/support/decode_avro.py" "$SOURCE/schemas/${type}_event.avsc" "$golden/seed/$type.jsonl" < "$work/$type.bin" ||
        fail "$type: another Avro implementation reads something else"
done

# The same file again is the same bytes, partition by partition.
contents() {
    local partition
    for partition in 0 1 2 3 4 5; do
        kcat -C -q -e -b "$COOP_BROKERS" -t "$1" -p "$partition" -o beginning -f '%R%s'
    done | md5sum
}
coop-admin topics again.v1 > /dev/null
coop-training --topic again.v1 "$golden/seed/training.jsonl" 2> /dev/null
expect 'the bytes of a repeat' "$(contents again.v1)" "$(contents coop.training.v1)"

# Bad lines: with stop nothing is sent, with skip exactly the good ones, and the bad ones are kept.
end() {
    kcat -C -q -e -b "$COOP_BROKERS" -t bad.v1 -o beginning -f 'x\n' | wc -l
}
coop-admin topics bad.v1 > /dev/null
bad=$(grep -c '^outreach' "$golden/bad-lines/expected.tsv")
all=$(wc -l < "$golden/bad-lines/outreach.jsonl")
expect_exit 65 coop-outreach --topic bad.v1 --allow-unnamed "$golden/bad-lines/outreach.jsonl"
expect_says "published=0 acknowledged=0 rejected=$bad"
expect 'messages after stop' "$(end)" 0
expect_exit 65 coop-outreach --topic bad.v1 --allow-unnamed --on-error skip --rejects "$work/bad.jsonl" "$golden/bad-lines/outreach.jsonl"
expect_says "published=$((all - bad)) acknowledged=$((all - bad)) rejected=$bad"
expect 'messages after skip' "$(end)" $((all - bad))
expect 'lines kept' "$(wc -l < "$work/bad.jsonl")" "$bad"
grep -qxFf "$golden/bad-lines/outreach.jsonl" "$work/bad.jsonl" || fail 'a bad line was changed'

# Standard input: what went before the first bad line is acknowledged.
code=0
coop-training --topic bad.v1 < "$golden/unnamed/training.jsonl" 2> "$work/err" || code=$?
expect 'exit of a stream with a bad line' "$code" 65
expect_says 'standard input:2: field "event_id"'
expect_says 'published=1 acknowledged=1 rejected=1'
expect_exit 0 coop-training --topic bad.v1 --allow-unnamed "$golden/unnamed/training.jsonl"

# Wrong port, missing topic, full disk.
expect_exit 69 coop-training --brokers 127.0.0.1:1 "$golden/seed/training.jsonl"
expect_says 'could not reach Kafka at "127.0.0.1:1"'
expect_exit 78 coop-training --topic no.such.v1 "$golden/seed/training.jsonl"
expect_says 'topic "no.such.v1" cannot be written to'
expect_exit 74 coop-training --receipts /dev/full "$golden/seed/training.jsonl"
expect_says 'could not write the receipts'
done_ok 'the producers publish what the contract says'
