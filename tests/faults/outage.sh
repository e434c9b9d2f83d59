#!/usr/bin/env bash
# PostgreSQL is away for ten seconds while events arrive: nothing is rejected, nothing skipped, and the consumer
# stays a member of its group and goes on by itself.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
start_consumer
publish small
wait_until 60 has_more_than 0
publish small &
publishing=$!
stack stop postgres
wait "$publishing"
is_paused() {
    grep -q 'reading is paused' "$work/consumer.err"
}
wait_until 30 is_paused
sleep 3
kill -0 "$pid" || fail 'the consumer has ended during the outage'
stack start postgres
wait_until 60 caught_up
grep -q 'connected to PostgreSQL again' "$work/consumer.err" || fail 'the log does not say that PostgreSQL is back'
stop_consumer "$pid"
expect 'times that the group has given partitions' "$(grep -c 'the group has given us' "$work/consumer.err")" 1
everything_accounted_for $((2 * 881))
reports_but_counts_are_golden small
done_ok 'an outage loses nothing'
