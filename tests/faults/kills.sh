#!/usr/bin/env bash
# The consumer is killed at twenty random moments, with more to come each time.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up
publish small
publish small

for i in {1..20}; do
    : > "$work/consumer.err"
    # A group of its own each time: a killed member holds the others up until its session ends.
    start_consumer --batch-rows 3 --group "kill-$i"
    wait_until 60 has_joined
    pause_ms 5 400
    kill -KILL "$pid"
    wait "$pid" 2> /dev/null || true
done
start_consumer --group the-last
wait_until 60 caught_up
stop_consumer "$pid"
everything_accounted_for $((2 * 881))
reports_but_counts_are_golden small
done_ok 'twenty kills lose nothing and store nothing twice'
