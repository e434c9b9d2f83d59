#!/usr/bin/env bash
# Two consumers share the partitions, and a third one joins and leaves again and again, while events arrive.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up
publish small
log=$work/one.err start_consumer
one=$pid
log=$work/two.err start_consumer
two=$pid
(for _ in 1 2 3; do publish small; done) &
publishing=$!

given() {
    grep -q 'the group has given us [1-9]' "$work/$1.err"
}
for _ in {1..12}; do
    log=$work/three.err start_consumer
    pause_ms 500 1500
    # Now and then without a word to the group.
    if ((RANDOM % 4)); then
        stop_consumer "$pid"
    else
        kill -KILL "$pid"
        wait "$pid" 2> /dev/null || true
    fi
done
# Once at least it stays until it is given something, however slow the group is.
: > "$work/three.err"
log=$work/three.err start_consumer
wait_until 90 given three
stop_consumer "$pid"
wait "$publishing" || fail 'publishing'
wait_until 90 caught_up
for consumer_name in one two three; do
    given "$consumer_name" || fail "consumer $consumer_name was never given a partition"
done
stop_consumer "$one"
stop_consumer "$two"
everything_accounted_for $((4 * 881))
reports_but_counts_are_golden small
done_ok 'consumers that join and leave lose nothing and store nothing twice'
