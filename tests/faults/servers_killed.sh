#!/usr/bin/env bash
# PostgreSQL and Kafka are killed, not stopped, while events are taken in.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up
start_consumer --batch-rows 10
published=0

# What was killed is not gone at once.
is_started() {
    stack start "$1" 2> "$work/start"
}
for server in postgres kafka postgres kafka; do
    publish small
    wait_until 60 has_more_than "$published"
    published=$((published + 881))
    pause_ms 0 300
    stack kill "$server"
    pause_ms 0 2000
    kill -0 "$pid" || fail "the consumer has ended without $server"
    wait_until 60 is_started "$server"
    wait_until 90 caught_up
done
stop_consumer "$pid"
everything_accounted_for "$published"
reports_but_counts_are_golden small
done_ok 'killed servers lose nothing'
