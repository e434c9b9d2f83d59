#!/usr/bin/env bash
# A broker with users and access lists: a wrong password and each missing right end with 77 and one line.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
publish seed

# The broker again, with a second door for users. Whoever comes through the first one may do anything.
port=$((${COOP_BROKERS#*:} + 1))
while (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
stack stop kafka
properties=$work/stack/data/server.properties
sed -i -E "s/^((advertised\.)?listeners=.*PLAINTEXT:[^,]*)/\1,SASL_PLAINTEXT:\/\/127.0.0.1:$port/; s/^(listener.security.*)/\1,SASL_PLAINTEXT:SASL_PLAINTEXT/" "$properties"
cat >> "$properties" << END
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_clerk="open sesame";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
END
stack start kafka
first_door=$COOP_BROKERS
libs=$(sed -n 's/^libs=//p' "$work/stack/settings")
cat > "$work/clerk.conf" << END
brokers = 127.0.0.1:$port
kafka.security.protocol = sasl_plaintext
kafka.sasl.mechanism = PLAIN
kafka.sasl.username = clerk
kafka.sasl.password = open sesame
END
sed 's/open sesame/hush/' "$work/clerk.conf" > "$work/wrong.conf"
sed '/sasl/d' "$work/clerk.conf" > "$work/nobody.conf"
unset COOP_BROKERS

# acl WORDS...: as kafka-acls has them.
acl() {
    java -Xmx128m -cp "$libs/*" org.apache.kafka.tools.AclCommand --bootstrap-server "$first_door" --force \
        "--$1" --allow-principal User:clerk "${@:2}" > "$work/acl.out" 2>&1 || fail "$(cat "$work/acl.out")"
}
event=$golden/seed/training.jsonl
consume=(coop-consumer --until-end --database "$consumer" --route coop.training.v1=event.training)

# No such user, or no user at all.
for program in "coop-training $event" 'coop-admin topics' 'coop-admin status'; do
    read -ra words <<< "$program"
    begin_failing 77 'Kafka at "127.0.0.1:[0-9]*" refuses us: .*Authentication failed & mend sasl' "${words[@]}" --config "$work/wrong.conf"
done
begin_failing 77 'refuses us: .*Authentication failed & mend sasl' "${consume[@]}" --config "$work/wrong.conf"
begin_failing 69 'could not reach Kafka & security.protocol right' coop-training "$event" --config "$work/nobody.conf"
all_have_failed

# Nothing is allowed: the topic is not even told of.
fails 77 'topic "coop.training.v1" cannot be written to & grant it' coop-training "$event" --config "$work/clerk.conf"
fails 77 'topic "coop.training.v1" cannot be read & grant it' "${consume[@]}" --config "$work/clerk.conf"
fails 77 'topic "mine.v1" cannot be made & grant it' coop-admin topics mine.v1 --config "$work/clerk.conf"
# It may be looked at, but neither written to nor read.
acl add --operation Describe --topic coop.training.v1
fails 77 'uthorization failed & grant (it|this user)' coop-training "$event" --config "$work/clerk.conf"
fails 77 'Group authorization failed & grant this user' "${consume[@]}" --config "$work/clerk.conf"
expect_exit 1 coop-admin doctor --config "$work/clerk.conf"
grep -q '^fail *topic *coop.outreach.v1 is not there, or this user may not see it' "$work/out" || fail "doctor, nothing of outreach: $(cat "$work/out")"
expect_says 'this user may not read in group cooptrack: grant it'
grep -q '^warn *retention *of coop.training.v1 cannot be told: .*; grant DescribeConfigs' "$work/out" || fail "doctor, no right to the settings: $(cat "$work/out")"
acl add --operation Read --group cooptrack
expect_exit 1 coop-admin doctor --config "$work/clerk.conf"
grep -q '^fail *access .*coop.training.v1.* grant' "$work/out" || fail "doctor, no right to read: $(cat "$work/out")"
fails 77 'Topic authorization failed & grant this user' "${consume[@]}" --config "$work/clerk.conf"
acl add --operation Read --operation Write --topic coop.training.v1
expect_exit 0 coop-training "$event" --config "$work/clerk.conf"
expect_exit 0 "${consume[@]}" --config "$work/clerk.conf"
expect_exit 1 coop-admin doctor --config "$work/clerk.conf"
expect_says 'this user may read coop.training.v1 in group cooptrack'
expect 'trainings' "$(query 'select count(*) from event.training')" 5
done_ok 'access rights of Kafka'
