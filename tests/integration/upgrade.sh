#!/usr/bin/env bash
# An upgrade while events come in: the consumer of the version before and this one's, side by side, on the database of the version
# before, through `coop-admin migrate`, and on this version's. Nothing is held, lost or counted twice.
# The version before is a commit; raise it with every release. Without its history this is skipped.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
previous=eb5bba7a03efe548101c03f9186d04545528eca8

git -C "$SOURCE" cat-file -e "$previous^{commit}" 2> /dev/null || {
    has_passed=yes
    echo "skipped: the history has no $previous, the version before this one"
    exit 77
}
mkdir "$work/previous"
git -C "$SOURCE" archive "$previous" | tar -x -C "$work/previous"
(cd "$work/previous" && cmake --preset release && cmake --build --preset release --target coop-consumer coop-admin) > "$work/build.log" 2>&1 ||
    fail "building $previous: $(tail -n 3 "$work/build.log")"
before=$work/previous/build/release

servers_up
consumer="$COOP_DATABASE user=coop_consumer"
COOP_SQL=$work/previous/sql "$before/admin/coop-admin" migrate > /dev/null 2>&1
coop-admin topics > /dev/null
"$before/admin/coop-admin" reference "$work/previous/sql/reference" > /dev/null

# starts PROGRAM NAME: its pid is in $started, its log in $work/NAME.err.
starts() {
    "$1" --database "$consumer" --schemas "$(all_schemas)" --batch-rows 20 --batch-wait 5 --log-level info \
        -X session.timeout.ms=6000 -X heartbeat.interval.ms=500 2>> "$work/$2.err" &
    started=$!
}
has_a_share() {
    grep -q 'the group has given us' "$work/$1.err"
}
stops() {
    kill -TERM "$1"
    wait "$1" || fail "SIGTERM: exit $?: $(tail -n 2 "$work"/*.err)"
}

make_outreach 30000 | python3 -c '
import sys, time
for number, line in enumerate(sys.stdin):
    sys.stdout.write(line)
    if number % 100 == 99:
        sys.stdout.flush()
        time.sleep(0.1)' | coop-outreach --delivery-timeout 60 - 2> "$work/publish.err" &
publisher=$!

# On the old database: the old consumer, and then both.
starts "$before/consumers/coop-consumer" old
old=$started
wait_until 60 has_a_share old
starts coop-consumer new
new=$started
wait_until 60 has_a_share new
publish small
sleep 2

# The database is brought to this version under them.
coop-admin migrate > "$work/out" 2> "$work/migrate.err" || fail "migrate: $(tail -n 2 "$work/migrate.err")"
expect 'migrations of the version before that were still to be applied' "$(grep -c 'applied migrations/0001' "$work/migrate.err" || true)" 0
(($(grep -c '^applied migrations/' "$work/migrate.err") > 0)) || fail 'there is no migration between the two versions: nothing is shown'
stored=$(query 'select count(*) from state.event')
more_is_stored() {
    (($(query 'select count(*) from state.event') > stored + 500))
}
wait_until 60 more_is_stored

# On the new database: the old consumer alone, then this one's alone.
stops "$new"
stored=$(query 'select count(*) from state.event')
wait_until 60 more_is_stored
stops "$old"
starts coop-consumer new
new=$started
wait "$publisher" || fail "coop-outreach: $(tail -n 1 "$work/publish.err")"
wait_until 120 caught_up
stops "$new"

# On a slow machine a migration holds tables for longer than a lane waits for a lock: that is said, and tried again.
expected='Address already in use|canceling statement due to lock timeout .*; trying again'
expect 'lines that say something is wrong' "$(grep -hE ' (warning|error): ' "$work"/old.err "$work"/new.err | grep -vE "$expected" || true)" ''
expect 'outreach' "$(query "select count(*) from event.outreach where source_record_id like 'G-%'")" 30000
expect_exit 0 coop-admin audit
reports='outreach_funnel partner_scorecard outreach_response_time'
query 'create schema told'
for report in $reports; do
    query "create table told.$report as table reporting.$report"
done
coop-admin rebuild > /dev/null
for report in $reports; do
    expect "$report that a new fold makes otherwise" \
        "$(query "(table told.$report except table reporting.$report) union all (table reporting.$report except table told.$report)" | head -n 3)" ''
done
done_ok "from ${previous:0:7}: $(grep -c '^applied migrations/' "$work/migrate.err") migrations under two consumers, $(tail -n 1 "$work/out" | sed 's/^[^:]*: //')"
