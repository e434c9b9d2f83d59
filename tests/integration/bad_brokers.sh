#!/usr/bin/env bash
# Where Kafka should be there is nobody, or somebody else: every program says so in one line, with the cause.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
strange_server silent
silent=$strange_port
strange_server http
http=$strange_port
event=$golden/seed/training.jsonl

# everyone WORDS OPTION...: all programs that need Kafka; they wait ten seconds each, so at the same time.
everyone() {
    local words=$1
    shift
    begin_failing 69 "error: could not reach Kafka at & $words" coop-training "$@" "$event"
    begin_failing 69 "error: could not reach Kafka at & $words" coop-consumer --until-end --database "$consumer" "$@"
    begin_failing 69 "error: could not reach Kafka at & $words" coop-admin topics "$@"
    begin_failing 69 "error: could not reach Kafka at & $words" coop-admin status "$@"
}
everyone '"no-such-host.invalid:9092": Failed to resolve' --brokers no-such-host.invalid:9092
everyone '"127.0.0.1:1": .*Connection refused & is it running' --brokers 127.0.0.1:1
everyone "\"127.0.0.1:$silent\": & security.protocol right" --brokers "127.0.0.1:$silent"
everyone "\"127.0.0.1:$http\": what answers there is no Kafka broker" --brokers "127.0.0.1:$http"
# TLS where the broker speaks none, and a login where it wants none.
everyone 'the TLS handshake failed' -X security.protocol=ssl
begin_failing 77 'refuses us: SASL & mend sasl.username' coop-training "$event" -X security.protocol=sasl_plaintext -X sasl.mechanism=PLAIN \
    -X sasl.username=somebody -X sasl.password=verysecret
all_have_failed

# A topic that is not there, and one that cannot be.
fails 78 '"no.such.v1" cannot be written to & coop-admin topics & --topic' coop-training --topic no.such.v1 "$event"
fails 78 '"no.such.v1" cannot be read & coop-admin topics & --route' \
    coop-consumer --until-end --database "$consumer" --route no.such.v1=event.training
fails 78 'topic "no/such"' coop-admin topics no/such
fails 78 'replication factor' coop-admin topics other.v1 --replication-factor 3
done_ok 'wrong brokers'
