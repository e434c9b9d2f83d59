#!/usr/bin/env bash
# A consumer is stopped in the middle of a COPY for longer than its session lasts: another one ends its
# backend, takes over and goes on. The stopped one, continued, is a member again and stores nothing twice.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up
published=0
publish_more() {
    publish small
    published=$((published + 881))
}
publish_more
publish_more
log=$work/one.err start_consumer --batch-rows 3
one=$pid

# Still so after a while: what was on its way has arrived.
is_stalled_in_copy() {
    is_in_copy && sleep 0.3 && is_in_copy
}
is_in_copy() {
    [[ $(query "select count(*) from pg_stat_activity where usename = 'coop_consumer' and state = 'active' and wait_event = 'ClientRead' and query like 'select ingest.advance%'") -gt 0 ]]
}
given() {
    local count
    count=$(grep -sc "the group has given us [1-9]" "$work/$1.err") || true
    echo "${count:-0}"
}
is_given() {
    (($(given "$1") > $2))
}
wait_until 60 is_given one 0
# It may take many a try: there is always more to come.
for try in {1..600}; do
    ((try % 50)) || publish_more
    pause_ms 1 50
    kill -STOP "$one"
    ! is_stalled_in_copy || break
    kill -CONT "$one"
done
is_stalled_in_copy || fail 'the consumer was never stopped inside a COPY'

log=$work/two.err start_consumer
two=$pid
wait_until 60 caught_up
grep -q 'ending its backend' "$work/two.err" || fail 'the stalled backend was not ended'
everything_accounted_for "$published"

before=$(given one)
kill -CONT "$one"
wait_until 60 is_given one "$before"
publish_more
wait_until 60 caught_up
stop_consumer "$two"
publish_more
wait_until 60 caught_up
stop_consumer "$one"
everything_accounted_for "$published"
reports_but_counts_are_golden small
done_ok 'a stopped consumer is taken over from, and comes back'
