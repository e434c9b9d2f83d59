#!/usr/bin/env bash
# Another Kafka cluster takes over: what came by the old one stays, topics of the new one are new generations, and what is published
# there once more counts once.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
trap '"$SOURCE/deploy/local-stack" down "$work/second"; clean_up' EXIT
publish small
consume_to_end
reports_are_golden small
old_events=$(query 'select count(*) from state.event')

# The new one; producers go there at once, and the consumer when the old one is empty.
expect_exit 0 coop-admin status
settings=$("$SOURCE/deploy/local-stack" up "$work/second" kafka) || fail 'the second Kafka does not start'
eval "$settings"
coop-admin topics > /dev/null
publish small
make_outreach 50 | coop-outreach - 2> "$work/err" || fail "$(cat "$work/err")"

# Nothing is guessed: it stands still until somebody says so.
expect_exit 78 coop-consumer --until-end --database "$consumer" --schemas "$(all_schemas)"
expect 'events before anybody has said so' "$(query 'select count(*) from state.event')" "$old_events"
for topic in coop.outreach.v1 coop.agreement.v1 coop.training.v1; do
    coop-admin position new-generation $topic --force > "$work/out" 2> "$work/err" || fail "$topic: $(cat "$work/err")"
done
consume_to_end
expect_exit 0 coop-admin status

# What the old one had brought is a duplicate now.
expect 'events of the old cluster' "$(query 'select count(*) from state.event as e join ingest.stream as s using (stream_id) where s.generation = 1')" "$old_events"
expect 'events of both' "$(query 'select count(*) from state.event')" $((old_events + 50))
expect_exit 0 coop-admin audit
grep -q 'missing=0 extra=0 altered=0' "$work/out" || fail "audit: $(cat "$work/out")"
expect_exit 0 coop-admin doctor
done_ok "$old_events events stay, $(query 'select count(*) from ingest.duplicate as d join ingest.stream as s using (stream_id) where s.generation = 2') come again as duplicates"
