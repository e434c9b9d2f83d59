#!/usr/bin/env bash
# Whoever is fenced stores nothing, claims again and goes on where the database says: with others or without.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up
publish small

# Fenced twenty times by somebody who claims and writes nothing: the position is where it was.
start_consumer --batch-rows 5
for _ in {1..20}; do
    pause_ms 5 200
    query 'update ingest.position set epoch = epoch + 1'
done
wait_until 60 caught_up
stop_consumer "$pid"
grep -q 'another consumer has claimed' "$work/consumer.err" || fail 'nobody was fenced'
everything_accounted_for 881
reports_are_golden small
done_ok 'fenced twenty times, lost nothing'
