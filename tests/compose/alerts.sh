#!/usr/bin/env bash
# Each alert is caused on the real stack, with Prometheus watching, and fires. A minute has six seconds here, and two thresholds are
# smaller; tests/alerts shows the rules at their own pace.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs apache/kafka:4.3.1 postgres:18 prom/prometheus:v3.5.3
prepare
python3 - "$work/deploy/prometheus/rules.yml" << 'END_OF_SCRIPT'
import pathlib, re, sys
rules = pathlib.Path(sys.argv[1])
faster = re.sub(r"(?<=for: )(\d+)m\b|(?<=\[)(\d+)m", lambda found: f"{6 * int(found[1] or found[2])}s", rules.read_text())
rules.write_text(faster.replace("[1h]", "[6m]").replace(":30s]", ":1s]").replace("3 * 86400", "20").replace("100000", "100"))
END_OF_SCRIPT
sed -i -E 's/(scrape|evaluation|refresh)_interval: .*/\1_interval: 1s/' "$work/deploy/prometheus/prometheus.yml"
compose_up --scale consumer=1 kafka postgres consumer prometheus

# firing ALERT
firing() {
    python3 -c '
import json, sys, urllib.request
alerts = json.load(urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/api/v1/alerts", timeout=5))["data"]["alerts"]
sys.exit(not any(a["labels"]["alertname"] == sys.argv[2] and a["state"] == "firing" for a in alerts))' "$PROMETHEUS_PORT" "$1" 2> /dev/null
}

quiet() {
    ! firing "$1"
}

fired=0
# fires ALERT: it does, before long; what caused it is taken away by the test.
fires() {
    wait_until 150 firing "$1"
    fired=$((fired + 1))
}

# All is well.
publish seed
wait_until 60 caught_up
for alert in CoopConsumerDown CoopDatabaseDown CoopPartitionHeld CoopRejects CoopReportsBehind CoopUnsteadyGroup; do
    wait_until 60 quiet $alert
done
firing CoopSilentTopic && fail 'CoopSilentTopic, although something was just published'
fires CoopSilentTopic

# PostgreSQL is away, and events wait.
compose stop postgres > /dev/null 2>&1
send_outreach waiting 10
fires CoopDatabaseDown
fires CoopNotReading
compose start postgres > /dev/null 2>&1
wait_until 60 caught_up
wait_until 60 quiet CoopDatabaseDown
wait_until 60 quiet CoopNotReading

# It writes, but slowly, and more comes than is written: two lanes write fifty a second.
query "create function public.slow() returns trigger language plpgsql as \$\$ begin perform pg_sleep(0.04); return new; end \$\$;
       create trigger slow before insert on event.outreach for each row execute function public.slow()"
for number in $(seq 250); do
    send_outreach "slow-$number" 200
    sleep 0.3
    ! firing CoopFallingBehind || break
done
fires CoopFallingBehind
fires CoopSlowCommits
query 'drop trigger slow on event.outreach; drop function public.slow()'
wait_until 300 caught_up

# The fold is refused.
query 'revoke execute on function state.fold(integer) from coop_consumer'
send_outreach unfolded 10
fires CoopReportsBehind
query 'grant execute on function state.fold(integer) to coop_consumer'
wait_until 90 caught_up

# A message that nobody can read.
printf 'coop.outreach.v1\t6b6579\t00ff\n' > "$work/raw.tsv"
publish_raw "$COOP_BROKERS" "$work/raw.tsv" || fail 'publish_raw'
fires CoopRejects

# A topic that is not the one it was.
made() {
    coop-admin topics > "$work/made" 2>&1 && in_kafka --describe --topic coop.training.v1
}
in_kafka --delete --topic coop.training.v1
sleep 2
wait_until 30 made
fires CoopPartitionHeld
coop-admin position new-generation coop.training.v1 > /dev/null
wait_until 90 quiet CoopPartitionHeld

# A second consumer that comes and goes.
for number in $(seq 20); do
    coop-consumer --database "$(login consumer)" --listen none 2> "$work/second-$number.log" &
    wait_until 30 grep -qs 'the group has given us' "$work/second-$number.log"
    kill -TERM $!
    wait $! || fail "the second consumer: $(tail -n 2 "$work/second-$number.log")"
    ! firing CoopUnsteadyGroup || break
done
fires CoopUnsteadyGroup

# None is left.
compose stop consumer > /dev/null 2>&1
fires CoopConsumerDown

expect 'alerts that fired' "$fired" "$(grep -c 'alert:' "$work/deploy/prometheus/rules.yml")"
done_ok "$fired alerts, each caused and fired"
