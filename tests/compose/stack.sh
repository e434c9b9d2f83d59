#!/usr/bin/env bash
# docker-compose.yml from cold: the demo, publishing from outside and inside, the reports as the analyst reads them, every container
# killed and restarted, more consumers, another image, new passwords, down and up again with all that was there.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs apache/kafka:4.3.1 postgres:18
prepare
compose_up
cold=$seconds

# demo: what it prints are the reports of the seed.
timeout 120 docker compose --project-directory "$work" --profile demo up --no-log-prefix --attach demo demo > "$work/demo" 2> "$work/demo.err" ||
    fail "demo: $(tail -n 5 "$work/demo" "$work/demo.err")"
coop-report --as-of "$(< "$golden/seed/expected/report_date.txt")" --database "$analyst" > "$work/report"
grep -q 'CMP-STZA-FORUM-2022 | Invited' "$work/report" || fail 'the report has not what the seed says'
expect 'what demo prints beyond the report' "$(tr -d '\r' < "$work/demo" | sed -n '/^As of/,$p' | diff - "$work/report" | grep -c '^>' || true)" 0
reports_but_counts_are_golden seed

# Nothing can be reached from another machine, and nobody may do more than it must.
compose ps -q | while read -r container; do
    docker inspect -f '{{.Name}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} memory={{.HostConfig.Memory}} cpus={{.HostConfig.NanoCpus}} {{.HostConfig.LogConfig.Config}} {{.HostConfig.RestartPolicy.Name}}' "$container"
done > "$work/rights"
expect 'containers' "$(wc -l < "$work/rights")" 3
expect 'containers with more rights' "$(grep -vcE ' true \[ALL\] \[no-new-privileges:true\] memory=[1-9][0-9]* cpus=[1-9][0-9]* map\[max-file:5 max-size:10m\] unless-stopped$' "$work/rights" || true)" 0
expect 'ports for all the world' "$(compose ps --format '{{.Ports}}' | grep -cE '0\.0\.0\.0|\[::\]' || true)" 0
for service in postgres consumer; do
    expect "passwords in the environment of $service" "$(docker inspect -f '{{.Config.Env}}' "$(id $service)" | grep -c -F -f <(sed 's/.*password=//' "$work"/deploy/secrets/*) || true)" 0
done
expect 'users' "$(for service in kafka postgres consumer; do compose exec -T $service sh -c 'id -u'; done | tr '\n' ' ')" '1000 999 10001 '
! psql -X -d "host=127.0.0.1 port=$POSTGRES_PORT dbname=coop user=postgres password=postgres" -c '' > /dev/null 2>&1 || fail 'a password that anyone would guess'
! as=$analyst query 'select 1 from event.outreach' 2> "$work/err" || fail 'the analyst reads events'

# From this machine, and from a container.
publish small
compose run --rm -T --no-deps consumer coop-training --allow-unnamed - < "$golden/unnamed/training.jsonl" > /dev/null 2> "$work/err" ||
    fail "publishing from a container: $(cat "$work/err")"
wait_until 60 caught_up
events=$(query 'select count(*) from state.event')

# everything_there: all that was published before, and what is published now.
everything_there() {
    wait_until 120 caught_up
    expect 'events' "$(query 'select count(*) from state.event')" "$events"
    send_outreach "$RANDOM$RANDOM" 1
    events=$((events + 1))
    wait_until 60 caught_up
    expect 'events, with a new one' "$(query 'select count(*) from state.event')" "$events"
}

# Killed, and started by the engine or the operator; restarted in order.
for service in consumer kafka postgres; do
    docker kill -s KILL "$(id $service)" > /dev/null
    docker start "$(id $service)" > /dev/null # the engine holds a kill by hand for a stop
    wait_until 120 is_healthy $service
    wait_until 60 is_healthy consumer
    everything_there
    compose restart $service > /dev/null 2>&1
    wait_until 120 is_healthy $service
    everything_there
done
# Its own end is no stop: the engine starts it again.
docker exec "$(id consumer)" sh -c 'kill -SEGV 1' 2> /dev/null || true
wait_until 60 is_healthy consumer
everything_there

# Two consumers share the partitions; set-up is run again and changes nothing.
compose_up --scale consumer=2
expect 'consumers' "$(compose ps -q consumer | wc -l)" 2
both_hold() {
    local container held
    for container in $(compose ps -q consumer); do
        held=$(docker exec "$container" coop-admin health 2> /dev/null)
        [[ $held == ok ]] || return 1
    done
    [[ $(query 'select count(distinct owner) from ingest.position') == 2 ]]
}
wait_until 60 both_hold
everything_there
compose_up --scale consumer=1
everything_there

# Another image, in place: only what is made of it is made anew.
kafka_before=$(id kafka)
printf 'FROM %s\nLABEL test=next\n' "$COOPTRACK_IMAGE" | docker build -q -t "$COOPTRACK_IMAGE-next" - > /dev/null 2>&1
consumer_before=$(id consumer)
COOPTRACK_IMAGE=$COOPTRACK_IMAGE-next compose_up
[[ $(id consumer) != "$consumer_before" ]] || fail 'the consumer is of the old image'
expect 'the image' "$(docker inspect -f '{{.Config.Labels.test}}' "$(id consumer)")" next
expect 'Kafka' "$(id kafka)" "$kafka_before"
everything_there
compose_up
docker image rm -f "$COOPTRACK_IMAGE-next" > /dev/null 2>&1

# New passwords: the old ones are refused.
old=$analyst
"$work/deploy/make-secrets" --renew > /dev/null
find_logins
compose_up --force-recreate
everything_there
as=$analyst query 'select 1' > /dev/null
! as=$old query 'select 1' > /dev/null 2>&1 || fail 'the old password still opens'

# Away, and there again.
compose down > /dev/null 2>&1
expect 'containers after down' "$(compose ps -q | wc -l)" 0
compose_up
everything_there
coop-admin audit > "$work/audit" 2>&1 || fail "audit: $(cat "$work/audit")"
compose ps -q | xargs docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' | sed "s/^$COMPOSE_PROJECT_NAME-//" > "$work/memory"
memory=$(sed -E 's#-1 ([^ ]*) / .*# \1#' "$work/memory" | sort | tr '\n' ',' | sed 's/,$//; s/,/, /g')
done_ok "healthy from cold in $cold s, again in $seconds s; $memory; $(cat "$work/audit")"
