#!/usr/bin/env bash
# coop-admin doctor: all is well, and then each thing is broken that it looks at, and it says which and what to do.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
servers_up

# finds VERDICT WHAT WORDS [OPTION...]: one line has them; anything that fails is told by exit 1.
finds() {
    local code=0 verdict=$1 what=$2 words=$3
    shift 3
    coop-admin doctor "$@" > "$work/out" 2> "$work/err" || code=$?
    grep -E "^$verdict +$what .*$words" "$work/out" > "$work/found" || fail "wanted $verdict $what \"$words\", got: $(cat "$work/out" "$work/err")"
    expect "exit code of: $(cat "$work/found")" "$code" "$(grep -q '^fail' "$work/out" && echo 1 || echo 0)"
}

# breaks SQL MENDING-SQL VERDICT WHAT WORDS
breaks() {
    local break=$1 mend=$2
    shift 2
    query "$break"
    finds "$@"
    query "$mend"
}

# Before anything is prepared.
finds fail migrations 'run coop-admin migrate'
finds fail topic 'coop.training.v1 is not there.*run coop-admin topics'
coop-admin migrate > /dev/null 2>&1
coop-admin topics > /dev/null
coop-admin reference "$SOURCE/sql/reference" > /dev/null

# All is well.
finds ok database 'PostgreSQL 1'
expect 'what is not well' "$(grep -Ev '^ok ' "$work/out")" "$(grep -c '^ok ' "$work/out") ok, 0 warn, 0 fail"
expect 'what is looked at' "$(awk '$1 == "ok" { print $2 }' "$work/out" | sort -u | tr '\n' ' ')" \
    'access broker clock database durability migrations rejects reports retention rights roles schemas topic '

finds ok migrations 'up to migrations' --database "$COOP_DATABASE user=coop_consumer"

# Folders and addresses.
finds fail schemas 'nowhere.*no message can be read without' --schemas "$work/nowhere"
finds fail broker 'could not reach Kafka' --brokers 127.0.0.1:1
finds fail database 'nobody' --database "$COOP_DATABASE user=nobody"
finds fail database '127.0.0.1' --database 'host=127.0.0.1 port=1'
finds warn library 'librdkafka .* cannot log in to Kafka 4 by SCRAM' -X sasl.mechanism=SCRAM-SHA-512 -X security.protocol=sasl_plaintext

# Kafka: what is kept, and for how long.
libs=$(sed -n 's/^libs=//p' "$work/stack/settings")
alter_topic() {
    java -Xmx128m -cp "$libs/*" kafka.admin.ConfigCommand --bootstrap-server "$COOP_BROKERS" --alter --topic coop.training.v1 \
        --add-config "$1" > "$work/alter.out" 2>&1 || fail "$(cat "$work/alter.out")"
}
alter_topic retention.ms=604800000
finds warn retention 'coop.training.v1 has retention.ms=604800000.*set it to -1'
alter_topic retention.ms=-1,cleanup.policy=compact
finds warn retention 'coop.training.v1 has cleanup.policy=compact.*set it to delete'
alter_topic cleanup.policy=delete

# PostgreSQL: files, roles, rights, settings.
cp -r "$SOURCE/sql" "$work/sql"
echo 'select 1;' > "$work/sql/migrations/0999_new.sql"
finds fail migrations '1 files of .* are not applied: run coop-admin migrate' --sql "$work/sql"
rm "$work/sql/migrations/0999_new.sql"
rm "$(printf '%s\n' "$work"/sql/migrations/*.sql | tail -n 1)"
finds fail migrations 'a newer version' --sql "$work/sql"
breaks 'alter role coop_consumer superuser' 'alter role coop_consumer nosuperuser' \
    fail roles 'coop_consumer is a superuser: alter role coop_consumer nosuperuser'
breaks 'alter role coop_analyst rename to somebody' 'alter role somebody rename to coop_analyst' \
    fail roles 'coop_analyst is missing: run coop-admin migrate'
breaks 'revoke insert on event.training from coop_consumer' 'grant insert on event.training to coop_consumer' \
    fail rights 'coop_consumer may not insert event.training: grant it'
breaks 'grant delete on event.outreach to coop_analyst' 'revoke delete on event.outreach from coop_analyst' \
    fail rights 'coop_analyst may delete event.outreach, and facts are never changed: revoke it'
finds warn durability 'synchronous_commit is off' --database "$COOP_DATABASE options='-c synchronous_commit=off'"
query 'alter system set fsync = off' && query 'select pg_reload_conf()' > /dev/null
finds fail durability 'fsync is off: a power cut destroys the database; set it on'
query 'alter system reset fsync' && query 'select pg_reload_conf()' > /dev/null

# A clock that is wrong: that of a database which has a clock_timestamp() of its own.
query "create schema wrong; create function wrong.clock_timestamp() returns timestamptz language sql as \$\$ select now() + interval '90 s' \$\$"
finds fail clock "PostgreSQL's is (89|90)\.[0-9] s ahead of this machine's" --database "$COOP_DATABASE options='-c search_path=wrong,pg_catalog'"
query "create or replace function wrong.clock_timestamp() returns timestamptz language sql as \$\$ select now() - interval '5 s' \$\$"
finds warn clock "PostgreSQL's is [45]\.[0-9] s behind this machine's" --database "$COOP_DATABASE options='-c search_path=wrong,pg_catalog'"
query 'drop schema wrong cascade' 2> /dev/null

# What nobody has looked after, and what nobody folds.
consumer="$COOP_DATABASE user=coop_consumer"
publish small
coop-consumer --until-end --no-fold --database "$consumer" --schemas "$(all_schemas)" 2> "$work/err" || fail "$(cat "$work/err")"
finds warn rejects '16 refused messages.*coop-admin rejects list'
finds warn reports 'behind by [0-9]+ messages, and nobody has folded.*coop-admin rebuild'
coop-admin rebuild > /dev/null
finds ok reports folded
done_ok 'each thing that was broken was found, with what to do'
