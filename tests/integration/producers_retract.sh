#!/usr/bin/env bash
# --retract undoes an upload: the reports are as before it, and a repeat changes nothing.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# The wrong upload: small without what seed has, and without the lines that give a known id other content.
mkdir "$work/wrong"
for type in outreach agreement training; do
    head -n -1 "$golden/small/$type.jsonl" | grep -vxFf "$golden/seed/$type.jsonl" > "$work/wrong/$type.jsonl"
done
publish seed
consume_to_end
reports_are_golden seed

# each OPTION...: the wrong files, with all three producers.
each() {
    local type code
    for type in outreach agreement training; do
        code=0
        "coop-$type" --allow-unnamed "$@" "$work/wrong/$type.jsonl" 2> "$work/$type.err" || code=$?
        [[ $code -eq 0 || $code -eq 65 ]] || fail "coop-$type $*: $(cat "$work/$type.err")"
    done
    consume_to_end
}
each
"$golden/compare.sh" "$golden/seed" "$COOP_DATABASE" > "$work/compare" && fail 'the wrong upload changed nothing'

# A file with a RETRACT in it is refused as a whole, with the line; skip takes the others.
each --retract --reason 'wrong file'
grep -q 'field "action": is RETRACT: to retract a retraction does nothing' "$work/outreach.err" || fail 'the RETRACT was not told'
expect 'retractions of a refused file' "$(query "select count(*) from event.outreach where reason = 'wrong file'")" 0
each --retract --reason 'wrong file' --on-error skip
grep -qE 'warning: 3 of the events are corrections' "$work/training.err" || fail 'corrections were not told'

# Each names an event that is there, under its key; nothing of the upload counts any more.
query "select e.event_type || ' ' || count(*) from state.event as e where e.reason = 'wrong file' group by e.event_type order by 1" > "$work/retractions"
expect 'retractions that miss' "$(query "select count(*) from state.event as r where r.reason = 'wrong file' and not exists (
    select from state.event as t where t.event_type = r.event_type and t.event_id = r.supersedes_event_id
    and t.entity_key = r.entity_key and t.recorded_at = r.recorded_at and t.occurred_at = r.occurred_at)")" 0
"$golden/compare.sh" "$golden/seed" "$COOP_DATABASE" > "$work/compare" || true
# Names of organisations stay known, and the log is a log.
expect 'reports that are not as before' "$(sed -nE 's/^(differs|failed) +//p' "$work/compare" | tr '\n' ' ')" \
    'organisation data_freshness late_arrivals data_quality_issue event_log duplicate_counts '

# Twice: the same bytes.
before=$(query 'select count(*) from state.event')
duplicates=$(query 'select count(*) from ingest.duplicate')
each --retract --reason 'wrong file' --on-error skip
expect 'events after a repeat' "$(query 'select count(*) from state.event')" "$before"
expect 'duplicates with other content' "$(query 'select count(*) from ingest.duplicate where not same_content')" 0
(($(query 'select count(*) from ingest.duplicate') > duplicates)) || fail 'the repeat was not seen'

# What was withdrawn is mended by a CORRECT, recorded later, of the same record.
coop-training --template | sed 's/"headcount": 80/"headcount": 81/' > "$work/mistake.jsonl"
sed -E 's/"headcount": 81/"headcount": 82/; s/"recorded_at": "2022-06-20/"recorded_at": "2022-06-22/;
    s/^\{/{"action": "CORRECT", "supersedes_source_record_id": "L-2022-0117", /' "$work/mistake.jsonl" > "$work/mended.jsonl"
coop-training "$work/mistake.jsonl" 2> /dev/null
coop-training --retract --reason 'typing error' "$work/mistake.jsonl" 2> /dev/null
coop-training "$work/mistake.jsonl" 2> /dev/null
coop-training "$work/mended.jsonl" 2> /dev/null
consume_to_end
expect 'people of the mended event' "$(query "select string_agg(headcount::text, ' ') from state.counted_training where source_record_id = 'L-2022-0117'")" 82
done_ok 'what --retract withdraws counts no more, however often'
