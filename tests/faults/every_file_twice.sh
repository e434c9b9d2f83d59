#!/usr/bin/env bash
# Two uploads of the same files at the same time: each event is stored once, the other is a duplicate.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
start_consumer
publish small &
one=$!
publish small &
two=$!
wait "$one" || fail 'the first upload'
wait "$two" || fail 'the second upload'
wait_until 60 caught_up
stop_consumer "$pid"
everything_accounted_for $((2 * 881))
expect 'events' "$(query 'select count(*) from state.event')" 822
reports_but_counts_are_golden small
done_ok 'every file twice'
