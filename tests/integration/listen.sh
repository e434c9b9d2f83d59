#!/usr/bin/env bash
# coop-consumer --listen: what /metrics, /healthz and /readyz say while it reads, stands still, waits for PostgreSQL and stops.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
stack_up

# ask PATH [METHOD]: the status is in $status, the body in $work/body.
ask() {
    exec {socket}<> "/dev/tcp/127.0.0.1/$port"
    printf '%s %s HTTP/1.0\r\n\r\n' "${2:-GET}" "$1" >&"$socket"
    tr -d '\r' <&"$socket" > "$work/answer"
    exec {socket}>&-
    status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/answer")
    sed '1,/^$/d' "$work/answer" > "$work/body"
}

# metric NAME [LABELS]: the sum of its values where the labels hold these words.
metric() {
    ask /metrics
    awk -v name="$1" -v labels="${2:-}" '
        substr($0, 1, 1) != "#" && index($0, name) == 1 && substr($0, length(name) + 1, 1) ~ /[{ ]/ && index($0, labels) { sum += $NF }
        END { printf "%d\n", sum }' "$work/body"
}

is_metric() {
    [[ $(metric "$1" "$2") == "$3" ]]
}

is_unready() {
    ask /readyz
    [[ $status == 503 ]] && grep -qF "$1" "$work/body"
}

is_ready() {
    ask /readyz
    [[ $status == 200 ]]
}

listening() {
    grep -qs 'answers http' "$work/consumer.err" 2> /dev/null
}

publish small
publish small
start_consumer --listen 127.0.0.1:0
consumer_pid=$pid
wait_until 30 listening
port=$(sed -n 's/.*http:\/\/127.0.0.1:\([0-9]*\)\/metrics.*/\1/p' "$work/consumer.err")
wait_until 90 caught_up
wait_until 30 is_ready
wait_until 30 is_metric coop_lag_events '' 0

# What the database has is what the metrics say.
stored=$(query 'select count(*) from state.event')
expect stored "$(metric coop_events_total 'outcome="stored"')" "$stored"
expect duplicates "$(metric coop_events_total 'outcome="duplicate"')" "$(query 'select count(*) from ingest.duplicate')"
expect rejects "$(metric coop_events_total 'outcome="rejected"')" "$(query 'select count(*) from ingest.reject')"
expect 'stored of outreach' "$(metric coop_events_total 'topic="coop.outreach.v1",outcome="stored"')" "$(query 'select count(*) from event.outreach')"
expect 'batches by rows' "$(metric coop_batch_rows_count)" "$(metric coop_commit_seconds_count)"
expect 'messages of all batches' "$(metric coop_batch_rows_sum)" "$(accounted)"
wait_until 30 is_metric coop_unfolded_events '' 0
expect 'partitions' "$(ask /metrics && grep -c '^coop_lag_events{' "$work/body")" 18
expect 'the database' "$(metric coop_database_up)" 1
expect 'held, paused' "$(metric coop_held_partitions) $(metric coop_paused)" '0 0'
(($(metric coop_rebalances_total) > 0)) || fail 'no rebalance was counted'
age=$(metric coop_newest_event_age_seconds 'topic="coop.outreach.v1"')
((age >= 0 && age < 300)) || fail "the newest event of outreach is $age s old"

# The form that Prometheus asks for.
ask /metrics
expect 'type of the page' "$(grep -i '^content-type' "$work/answer")" 'Content-Type: text/plain; version=0.0.4; charset=utf-8'
python3 - "$work/body" <<'END' || fail 'the form of the page'
import re, sys
families = {}
for line in open(sys.argv[1]):
    if match := re.fullmatch(r'# (HELP|TYPE) (coop_[a-z_]+) (.+)\n', line):
        families.setdefault(match[2], {})[match[1]] = match[3]
    else:
        sample = re.fullmatch(r'(coop_[a-z_]+)(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [-+0-9.e]+\n', line)
        assert sample, line
        name = re.sub('_(bucket|sum|count)$', '', sample[1])
        assert set(families.get(name, {})) == {'HELP', 'TYPE'}, name
        assert (families[name]['TYPE'] == 'counter') == name.endswith('_total'), name
END
promtool=0
"$SOURCE/tests/support/promtool" check metrics < "$work/body" > "$work/promtool" 2>&1 || promtool=$?
[[ $promtool == 77 ]] || expect promtool "$(cat "$work/promtool")" ''

# Anything else is told what there is, and nothing more.
ask /healthz
expect 'healthy' "$status $(cat "$work/body")" '200 ok'
ask /nowhere
expect 'another path' "$status" 404
grep -qs /metrics "$work/body" || fail 'another path is not told what there is'
ask /metrics POST
expect 'another method' "$status" 405
grep -qs '^Allow: GET, HEAD' "$work/answer" || fail 'another method is not told which'

# The same for a health check.
expect_exit 0 coop-admin health --listen "127.0.0.1:$port"
expect 'healthy' "$(cat "$work/out")" ok
COOP_LISTEN="0.0.0.0:$port" expect_exit 0 coop-admin health
COOP_LISTEN=":$port" expect_exit 0 coop-admin health
expect_exit 69 coop-admin health --listen 127.0.0.1:1
expect_says 'no consumer answers at 127.0.0.1:1: Connection refused'
expect_exit 69 coop-admin health --listen "$COOP_BROKERS"
for address in nonsense none ::1:9464; do
    expect_exit 64 coop-admin health --listen "$address"
    expect_says 'expected HOST:PORT'
done

# PostgreSQL is away: alive, not ready, and it says so.
stack kill postgres
wait_until 30 is_unready 'not connected to PostgreSQL'
expect_exit 1 coop-admin health --listen "127.0.0.1:$port"
expect_says 'not connected to PostgreSQL'
ask /healthz
expect 'healthy without PostgreSQL' "$status" 200
wait_until 10 is_metric coop_database_up '' 0
(($(metric coop_retries_total) > 0)) || fail 'no retry was counted'
stack start postgres
wait_until 60 is_ready
wait_until 30 is_metric coop_database_up '' 1

# The fold is refused: what is stored and not in the reports is counted.
query 'revoke execute on function state.fold(integer) from coop_consumer'
make_outreach 7 | coop-outreach - 2> /dev/null
wait_until 30 is_metric coop_unfolded_events '' 7
query 'grant execute on function state.fold(integer) to coop_consumer'
wait_until 60 is_metric coop_unfolded_events '' 0

# Whoever asks for the same port is refused; whoever does not ask goes without.
expect_exit 69 coop-consumer --database "$consumer" --listen "127.0.0.1:$port"
expect_says "--listen 127.0.0.1:$port: Address already in use"
for address in nonsense 127.0.0.1 127.0.0.1:http 127.0.0.1:70000 ::1:9464; do
    expect_exit 64 coop-consumer --database "$consumer" --listen "$address"
    expect_says 'expected HOST:PORT'
done
unset COOP_LISTEN
expect_exit 0 coop-consumer --database "$consumer" --until-end
! grep -qs 'answers http' "$work/err" || fail 'listens with --until-end'
log=$work/first.err start_consumer
first=$pid
log=$work/second.err start_consumer
second=$pid
wait_until 30 grep -qs '9464: Address already in use.*nobody can ask this one' "$work/first.err" "$work/second.err"
stop_consumer "$first"
stop_consumer "$second"

stop_consumer "$consumer_pid"
done_ok "metrics of $stored events"
