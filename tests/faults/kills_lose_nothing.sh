#!/usr/bin/env bash
# The consumer is killed five times and PostgreSQL is away for ten seconds while small is taken in.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

consume() {
    coop-consumer --database "$consumer" --schemas "$(all_schemas)" --batch-rows 20 --batch-wait 5 \
        -X session.timeout.ms=6000 2>> "$work/consumer.err" &
    pid=$!
}

total() {
    query 'select (select count(*) from state.event) + (select count(*) from ingest.duplicate) + (select count(*) from ingest.reject)'
}

has_more_than() {
    (($(total) > $1))
}

# Kill: each time something more has been stored, with more to come.
for _ in 1 2 3 4 5; do
    before=$(total)
    publish small
    consume
    wait_until 60 has_more_than "$before"
    kill -KILL "$pid"
    wait "$pid" 2> /dev/null || true
done

# Outage, in the middle of more: the consumer goes on by itself when the database is back.
caught_up() {
    coop-admin status > "$work/status"
}
consume
wait_until 60 caught_up
publish small &
publishing=$!
stack stop postgres
wait "$publishing"
sleep 10
kill -0 "$pid" || fail 'the consumer has ended during the outage'
stack start postgres
wait_until 60 caught_up
kill -TERM "$pid"
wait "$pid" || fail "SIGTERM: exit $?"

"$golden/compare.sh" "$golden/small" "$COOP_DATABASE" > "$work/compare" || true
expect 'reports that differ' "$(grep -E '^(differs|failed)' "$work/compare" | grep -vE ' (duplicate_counts|reject|reject_summary)$' || true)" ''
expect 'messages' "$(total)" $((6 * 881))
done_ok 'five kills and an outage of ten seconds lose nothing and count nothing twice'
