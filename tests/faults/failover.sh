#!/usr/bin/env bash
# The primary dies, and the standby that takes over has never got its last seconds: the consumer, which is told of both, finds the new
# primary, sees that its positions are older, and reads those seconds again.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up
# shellcheck source=/dev/null
source "$work/stack/settings"

# shellcheck source=../../deploy/local-stack.d/processes.sh
source "$SOURCE/deploy/local-stack.d/processes.sh"

# shellcheck disable=SC2154 # of the settings
standby=$base/standby sockets=$base/b
end_standby() {
    [[ ! -e $standby/postmaster.pid ]] || kill -QUIT "$(head -n 1 "$standby/postmaster.pid")" 2> /dev/null || true
    clean_up
}
trap end_standby EXIT
as_server mkdir -m 0700 "$sockets"
# shellcheck disable=SC2154 # of the settings
as_server pg_basebackup -h "$base/s" -U postgres -D "$standby" -R -X stream --checkpoint=fast > "$work/basebackup" 2>&1 || fail "$(cat "$work/basebackup")"
as_server sh -c "echo \"unix_socket_directories = '$sockets'\" >> '$standby/postgresql.conf'"
# shellcheck disable=SC2154 # of the settings
as_server "$bin/pg_ctl" -D "$standby" -l "$standby.log" -w -s start < /dev/null > "$work/standby" 2>&1 || fail "$(cat "$work/standby")"
second=${COOP_DATABASE/$base\/s/$sockets}
both="host=$base/s,$sockets port=5432 dbname=coop target_session_attrs=read-write connect_timeout=5"
reports_on() {
    as="$1 user=coop_analyst" query 'select sum(organisations) from reporting.outreach_funnel'
}

consumer="$both user=coop_consumer" start_consumer
publish small
make_outreach 2000 | coop-outreach - 2> /dev/null
wait_until 90 caught_up
is_replicated() {
    [[ $(as=$second query 'select count(*) from state.event') == "$(query 'select count(*) from state.event')" ]]
}
wait_until 60 is_replicated
expect 'reports on the standby' "$(reports_on "$second")" "$(reports_on "$COOP_DATABASE")"

# From here on the standby gets nothing.
receiver=$(as=$second query 'select pid from pg_stat_wal_receiver')
kill -STOP "$receiver"
make_outreach 3000 2000 | coop-outreach - 2> /dev/null
wait_until 90 caught_up
before=$(accounted)
funnel=$(reports_on "$COOP_DATABASE")
lost=$((before - $(COOP_DATABASE=$second accounted)))
((lost > 0)) || fail 'the standby has got all of it: nothing is shown'

stack kill postgres
# Killed outright it would take the whole standby down for a moment, and that may miss that it is to be promoted.
kill -TERM "$receiver"
kill -CONT "$receiver"
as_server "$bin/pg_ctl" -D "$standby" -w -s promote > "$work/promote" 2>&1 || fail "$(cat "$work/promote")"
COOP_DATABASE=$both
has_it_all() {
    COOP_DATABASE="$both user=postgres" coop-admin status > "$work/status" 2>&1 && [[ $(COOP_DATABASE="$second" accounted) == "$before" ]]
}
wait_until 120 has_it_all
stop_consumer "$pid"
export COOP_DATABASE=$second
everything_accounted_for "$before"
expect 'the funnel' "$(reports_on "$second")" "$funnel"
done_ok "$lost messages that the standby had never got were read again"
