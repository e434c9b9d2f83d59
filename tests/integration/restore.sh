#!/usr/bin/env bash
# A dump is an hour old when the database is lost. It is restored beside and put in its place; consumers, which were never stopped,
# find that their positions have gone back with it and read the hour again from Kafka.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
server=${COOP_DATABASE/dbname=coop/dbname=postgres}

# What analysts see, but for when it came in.
told() {
    local view
    for view in outreach_funnel outreach_funnel_monthly outreach_response_time agreement_pipeline agreement_party facility \
        training_headcount indicator_progress partner_scorecard organisation data_quality_issue; do
        query "set coop.report_date = '2022-12-31'; select '$view', * from reporting.$view"
    done | LC_ALL=C sort
}

start_consumer
publish small
publish small # duplicates and rejects, too
make_outreach 2000 | coop-outreach - 2> /dev/null
wait_until 90 caught_up
coop-admin rejects discard --reason TRUNCATED --by ali --why 'sent again' > /dev/null 2>&1 || true

pg_dump -Fc -d "$COOP_DATABASE" -f "$work/dump" || fail pg_dump
before_dump=$(accounted)

# The hour.
publish seed
make_outreach 3000 2000 | coop-outreach - 2> /dev/null
coop-outreach --retract --reason 'a wrong upload' <(make_outreach 100) 2> "$work/err" || fail "$(cat "$work/err")"
wait_until 90 caught_up
after_hour=$(accounted)
((after_hour > before_dump + 3000)) || fail 'nothing happened in the hour'
told > "$work/told.before"

# The loss, and the dump in its place.
PGOPTIONS='' psql -X -q -d "$server" -c 'drop database coop with (force)' -c 'create database restored template template0 locale_provider libc'
pg_restore -d "${COOP_DATABASE/dbname=coop/dbname=restored}" "$work/dump" > "$work/restore" 2>&1 || fail "pg_restore: $(tail -n 3 "$work/restore")"
(($(as="${COOP_DATABASE/dbname=coop/dbname=restored}" query 'select count(*) from event.outreach') > 2000)) || fail 'nothing was restored'
psql -X -q -d "$server" -c 'alter database restored rename to coop'

# The consumer has been there all the time.
back() {
    caught_up && [[ $(accounted) == "$after_hour" ]]
}
wait_until 120 back
stop_consumer "$pid"
told > "$work/told.after"
cmp -s "$work/told.before" "$work/told.after" || fail "the reports: $(diff "$work/told.before" "$work/told.after" | head -n 5)"
everything_accounted_for "$after_hour"
coop-admin doctor > "$work/doctor" 2>&1 || fail "doctor: $(grep -v '^ok' "$work/doctor")"
done_ok "$before_dump messages in the dump, $((after_hour - before_dump)) read again"
