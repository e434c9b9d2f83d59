#!/usr/bin/env bash
# A database that is not there, not ours, not prepared, too old or newer: one line says so, and never with the password.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
strange_server silent
silent=$strange_port
strange_server http
http=$strange_port
strange_server old-postgresql
old=$strange_port

# everyone EXIT WORDS CONNINFO: all programs that need PostgreSQL. What is silent is waited for, so at the same time.
everyone() {
    begin_failing "$1" "$2" coop-consumer --until-end --database "$3"
    begin_failing "$1" "$2" coop-admin status --database "$3"
    begin_failing "$1" "$2" coop-admin migrate --database "$3"
    begin_failing "$1" "$2" coop-admin reference "$SOURCE/sql/reference" --database "$3"
    begin_failing "$1" "$2" coop-report --database "$3"
}
everyone 69 "no answer from \"127.0.0.1\", port $silent & is that the port of PostgreSQL" "host=127.0.0.1 port=$silent"
everyone 69 'no-such-host.invalid & mend host' 'host=no-such-host.invalid'
everyone 69 '"127.0.0.1", port 1 failed: Connection refused & is it running' 'host=127.0.0.1 port=1'
everyone 69 'No such file or directory & is it running' 'host=/no/such/folder'
everyone 69 "port $http failed & is that the port of PostgreSQL" "host=127.0.0.1 port=$http"
everyone 69 "port ${COOP_BROKERS#*:}[ ,] & PostgreSQL" "host=127.0.0.1 port=${COOP_BROKERS#*:}"
everyone 78 'database "nowhere" does not exist & createdb' "$COOP_DATABASE dbname=nowhere"
everyone 77 'role "nobody" does not exist & is there such a role' "$COOP_DATABASE user=nobody"
everyone 78 'unrecognized configuration parameter & mend options' "$COOP_DATABASE options='-c no_such=1'"
everyone 78 'invalid value for parameter "timezone" & mend options' "$COOP_DATABASE options='-c timezone=Nowhere/None'"
everyone 78 'PostgreSQL 15 or newer is needed, this is 13' "host=127.0.0.1 port=$old dbname=coop user=postgres"
all_have_failed

# A role with a password, over the socket as over the network.
query "create role locked login password 'open sesame'; create role nologin_role nologin"
sed -i '1i local all locked scram-sha-256' "$work/stack/data/postgres/pg_hba.conf"
query 'select pg_reload_conf()' > /dev/null
locked="$COOP_DATABASE user=locked"
is_locked() {
    ! psql -X -d "$locked password=wrong" -c 'select 1' > /dev/null 2>&1
}
wait_until 10 is_locked
everyone 77 'password authentication failed for user "locked" & mend the password' "$locked password=hush"
everyone 77 'no password supplied & PGPASSWORD' "$locked"
everyone 77 'not permitted to log in & may it log in' "$COOP_DATABASE user=nologin_role"
everyone 78 'server does not support SSL & mend sslmode' "host=127.0.0.1 port=$old sslmode=require"
all_have_failed

# What libpq does not understand it quotes; the password may be part of it.
secret() {
    begin_failing 78 "$1 & mend --database" coop-consumer --until-end --log-level debug --database "$2"
    begin_failing 78 "$1 & mend --database" coop-admin status --log-level debug --database "$2"
}
secret 'invalid percent-encoded token' 'postgresql://u:hush%zzhush@127.0.0.1/db'
secret 'invalid integer value .not shown.' 'postgresql://u:p@127.0.0.1:hush/db'
secret 'missing' 'host=127.0.0.1 password=very hush'
secret 'invalid connection option' 'host=127.0.0.1 password=very hush=hush'
secret 'missing' 'host=127.0.0.1 password=very "hush'
secret 'definition of service' 'service=hush'
all_have_failed

# Not prepared, or only half; prepared by a newer version. (Migrations are applied in order, so the first ones do.)
prepared_up_to() { # NUMBER DATABASE
    local file
    rm -rf "$work/sql" && cp -r "$SOURCE/sql" "$work/sql"
    for file in "$work"/sql/migrations/*; do
        file=${file##*/}
        [[ ! ${file%%_*} > $1 ]] || rm "$work/sql/migrations/$file"
    done
    : > "$work/sql/views.order"
    query "create database $2"
    half="${COOP_DATABASE/dbname=coop/dbname=$2}"
    [[ $1 == 0000 ]] || coop-admin migrate --sql "$work/sql" --database "$half" > /dev/null 2>&1
}
for number in 0000 0001 0003 0005 0007; do
    prepared_up_to "$number" "half_$number"
    fails 78 "\"half_$number\" is not prepared: run coop-admin migrate" \
        coop-consumer --until-end --database "$half user=coop_consumer"
    fails 78 'not prepared .*run coop-admin migrate' coop-admin status --database "$half"
    ((10#$number > 1)) || fails 78 'run coop-admin migrate' coop-admin reference "$SOURCE/sql/reference" --database "$half"
done
query "create database latin encoding 'LATIN1' locale 'C' template template0"
everyone 78 '"latin" has encoding LATIN1: make one with encoding UTF8' "${COOP_DATABASE/dbname=coop/dbname=latin}"
all_have_failed
# A newer database serves an older consumer for one version, so it works; only migrate must leave it alone.
publish seed
query "insert into ingest.migration (name, kind, sha256) values ('migrations/9999_future.sql', 'migration', '\x00')"
fails 78 "9999_future.sql\" & use that version's coop-admin" coop-admin migrate
consume_to_end
expect 'stored in a newer database' "$(query 'select count(*) from event.outreach')" 5
expect_exit 0 coop-admin status
done_ok 'wrong databases'
