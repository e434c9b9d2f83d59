#!/usr/bin/env bash
# A fold that stands still for a minute, is ended in the middle, is run by several at once, or is overtaken by a rebuild,
# changes nothing but the lag.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
random_moments
stack_up

# Somebody holds the fold's lock for a minute: events are stored, reports stay as they are, status says by how much.
psql -X -q -d "$COOP_DATABASE" -c "select pg_advisory_lock(hashtext('state.fold'))" -c 'select pg_sleep(60)' > /dev/null &
holder=$!
publish small
start_consumer
wait_until 40 has_more_than 880
kill -0 "$holder" || fail 'the lock was held too short'
expect 'reported meanwhile' "$(query 'select count(*) from reporting.outreach_funnel')" 0
expect_exit 1 coop-admin status
grep -qE 'unfolded=[1-9]' "$work/out" || fail "status: $(tail -n 1 "$work/out")"
wait "$holder"
wait_until 60 caught_up
reports_are_golden small

# A rebuild while the consumer stores and folds, and readers see all or nothing.
publish small
for _ in 1 2 3 4 5; do
    coop-admin rebuild > "$work/out"
    grep -q '^state: 822 events folded anew' "$work/out" || fail "rebuild: $(cat "$work/out")"
    expect 'invited while it was rebuilt' "$(query "select max(organisations) from reporting.outreach_funnel where stage = 'INVITED'")" 4000
done
wait_until 60 caught_up
stop_consumer "$pid"
reports_but_counts_are_golden small

# From nothing again: two consumers and a third party fold at once, and their backends are ended again and again.
forget_events
log=$work/one.err start_consumer --batch-rows 3 --group anew
one=$pid
log=$work/two.err start_consumer --batch-rows 3 --group anew
two=$pid
for _ in {1..60}; do
    pause_ms 5 150
    query 'select state.fold(7)' > /dev/null
    query "select count(pg_terminate_backend(pid)) from pg_stat_activity
           where application_name = 'coop-consumer fold' and (state = 'active' or random() < 0.2)" > /dev/null
done
wait_until 60 caught_up
stop_consumer "$one"
stop_consumer "$two"
grep -q 'connection to PostgreSQL lost' "$work/one.err" && fail 'a lane was hit'
reports_but_counts_are_golden small
done_ok 'stopped, ended, run by three and overtaken by a rebuild: the fold loses nothing and counts nothing twice'
