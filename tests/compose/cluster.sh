#!/usr/bin/env bash
# Three brokers: one is killed, and nobody notices but doctor, who says what to do; with two gone nothing is taken that could be lost;
# afterwards all is there.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs apache/kafka:4.3.1 postgres:18
prepare
# shellcheck disable=SC2034 # compose_up's
env_file=$work/deploy/cluster.env
export COOP_BROKERS=localhost:$KAFKA_PORT,localhost:$KAFKA2_PORT,localhost:$KAFKA3_PORT
# shellcheck disable=SC2119 # all services
compose_up
cold=$seconds

# finds VERDICT WORDS: what doctor says of the topics, and its exit code.
finds() {
    local code=0
    coop-admin doctor > "$work/doctor" 2>&1 || code=$?
    grep -qE "^$1 +topic .*$2" "$work/doctor" && [[ $code == "$([[ $1 == fail ]] && echo 1 || echo 0)" ]]
}

stored_is() {
    wait_until 120 caught_up
    expect "events $1" "$(query 'select count(*) from event.outreach')" "$2"
}

wait_until 60 finds ok 'coop.outreach.v1, 6 partitions, 3 replicas'
outreach before 1000 | coop-outreach - 2> /dev/null
stored_is 'of three brokers' 1000

# One of three.
docker kill -s KILL "$(id kafka2)" > /dev/null
outreach one-down 1000 | coop-outreach - 2> "$work/err" || fail "with one of three gone: $(cat "$work/err")"
stored_is 'with one of three gone' 2000
wait_until 60 finds warn 'partitions have fewer than 3 replicas in step: is a broker down\?'

# Two of three: min.insync.replicas is 2.
docker kill -s KILL "$(id kafka3)" > /dev/null
code=0
outreach two-down 10 | coop-outreach --delivery-timeout 10 - > /dev/null 2> "$work/err" || code=$?
expect 'exit with two of three gone' "$code" 69
docker start "$(id kafka2)" "$(id kafka3)" > /dev/null
wait_until 120 finds ok 'coop.outreach.v1, 6 partitions, 3 replicas'
outreach two-down 10 | coop-outreach - 2> "$work/err" || fail "once more: $(cat "$work/err")"
stored_is 'of three brokers again' 2010

# A topic with one replica among three brokers, and the broker that holds it.
in_kafka --delete --topic coop.training.v1
gone() {
    ! coop-admin doctor | grep -qE 'ok +topic +coop.training'
}
wait_until 30 gone
made() {
    coop-admin topics --replication-factor 1 > "$work/made" 2>&1
}
wait_until 30 made
wait_until 30 finds warn 'coop.training.v1 has one replica, and there are 3 brokers: with the disk of one it is lost'
docker kill -s KILL "$(id kafka3)" > /dev/null
wait_until 60 finds fail 'coop.training.v1: [0-9]+ of 6 partitions have no leader: start the brokers that held them'
docker start "$(id kafka3)" > /dev/null
wait_until 120 finds warn 'coop.training.v1 has one replica'
coop-admin audit --topic coop.outreach.v1 > "$work/audit" 2>&1 || fail "audit: $(cat "$work/audit")"
done_ok "healthy from cold in $cold s; $(cat "$work/audit")"
