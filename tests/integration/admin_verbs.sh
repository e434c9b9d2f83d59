#!/usr/bin/env bash
# migrate, topics, reference and status, and what they say when something is wrong.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
servers_up
consumer="$COOP_DATABASE user=coop_consumer"

# Before the database is prepared, whoever needs it says so.
expect_exit 78 coop-consumer --database "$COOP_DATABASE"
expect_says 'run coop-admin migrate'

# Two at once do the work once.
coop-admin migrate > "$work/one" 2>&1 & one=$!
coop-admin migrate > "$work/two" 2>&1 & two=$!
wait "$one" || fail "migrate: $(tail -n 1 "$work/one")"
wait "$two" || fail "migrate: $(tail -n 1 "$work/two")"
expect 'files applied by two' "$(cat "$work/one" "$work/two" | grep -c '^applied')" "$(query 'select count(*) from ingest.migration')"
expect_exit 0 coop-admin migrate
expect 'files applied by a third' "$(cat "$work/out")" 'coop: 0 files applied'

# A released file that has changed, a newer database, a folder without anything.
cp -r "$SOURCE/sql" "$work/sql"
echo '-- changed' >> "$work/sql/migrations/0002_reference_tables.sql"
expect_exit 78 coop-admin migrate --sql "$work/sql"
expect_says '"migrations/0002_reference_tables.sql" has changed since it was applied'
rm "$work/sql/migrations/0008_positions.sql"
expect_exit 78 coop-admin migrate --sql "$work/sql"
expect_says "use that version's coop-admin"
expect_exit 66 coop-admin migrate --sql "$work/nothing"
# A view that has changed is made anew; a migration that fails leaves nothing of itself, and nothing of those before it.
rm -r "$work/sql" && cp -r "$SOURCE/sql" "$work/sql"
echo "comment on view reporting.facility is 'Changed.';" >> "$work/sql/reporting/facility.sql"
expect_exit 0 coop-admin migrate --sql "$work/sql"
expect 'the new comment' "$(query "select obj_description('reporting.facility'::regclass)")" 'Changed.'
printf 'create table state.half (one integer);\nselect 1 / 0;\n' > "$work/sql/migrations/0999_fails.sql"
echo 'create table state.whole (one integer);' > "$work/sql/migrations/0998_works.sql"
expect_exit 65 coop-admin migrate --sql "$work/sql"
expect_says 'nothing is changed: migrations/0999_fails.sql:'
expect 'half a migration' "$(query "select to_regclass('state.half') is null and to_regclass('state.whole') is null")" t

# Sent back by a deadlock it begins once more; a message that only speaks of one is no deadlock.
rm "$work"/sql/migrations/099[89]_*.sql
echo in_the_way.sql >> "$work/sql/views.order"
query 'create sequence public.tries; grant usage on sequence public.tries to public'
cat > "$work/sql/in_the_way.sql" << 'END'
do $$ begin
    if nextval('public.tries') < 3 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
    raise exception 'order 40P01 is unknown' using errcode = '22000';
end $$;
END
expect_exit 65 coop-admin migrate --sql "$work/sql"
expect_says 'order 40P01 is unknown (SQLSTATE 22000)'
expect 'times that it began once more' "$(grep -c 'once more' "$work/err")" 2
query 'drop sequence public.tries'

# Topics, twice; a port where nobody is.
expect_exit 0 coop-admin topics
expect 'topics made' "$(grep -c made "$work/out")" 3
expect_exit 0 coop-admin topics
expect 'topics that exist' "$(grep -c exists "$work/out")" 3
expect_exit 69 coop-admin topics --brokers 127.0.0.1:1
expect_says 'could not reach Kafka at "127.0.0.1:1"'

# Reference data, twice; a wrong line, a wrong file.
expect_exit 0 coop-admin reference "$SOURCE/sql/reference"
expect_exit 0 coop-admin reference "$SOURCE/sql/reference"
expect 'stages' "$(query 'select count(*) from reference.stage')" "$(($(wc -l < "$SOURCE/sql/reference/stage.csv") - 1))"
mkdir "$work/reference"
printf 'campaign_id,title\nA,first\nB\n' > "$work/reference/campaign.csv"
expect_exit 65 coop-admin reference "$work/reference"
expect_says 'campaign.csv:3'
expect 'campaigns of a refused file' "$(query "select count(*) from reference.campaign where campaign_id = 'A'")" 0
mv "$work/reference/campaign.csv" "$work/reference/campain.csv"
expect_exit 65 coop-admin reference "$work/reference"
expect_says 'no such table'

# Status: behind, caught up, unable to tell.
expect_exit 0 coop-admin status
publish seed
expect_exit 1 coop-admin status
expect_exit 1 coop-admin status --wait 1
coop-consumer --until-end --database "$consumer" 2> /dev/null
expect_exit 0 coop-admin status --json
expect 'lag' "$(python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["lag"], d["totals"]["stored"], len(d["partitions"]))' < "$work/out")" '0 18 18'
expect 'members of --json' "$(python3 -c '
import json, sys
d = json.load(sys.stdin)
print(*d, *d["partitions"][0], *d["totals"])' < "$work/out")" "partitions totals lag topic partition end position lag newest_event_age_seconds stored duplicates rejects_open unfolded ids_with_other_content"
publish seed
coop-admin status --wait 60 > "$work/waited" &
waiting=$!
coop-consumer --until-end --database "$consumer" 2> /dev/null
wait "$waiting" || fail "status --wait: exit $?"
grep -q '^stored=18 ' "$work/waited" || fail "status --wait printed: $(cat "$work/waited")"
expect_exit 64 coop-admin status --watch --json
expect_exit 64 coop-admin status --watch --wait 1
coop-admin status --watch > "$work/watched" &
waiting=$!
drawn_twice() {
    (($(grep -c '^stored=18 ' "$work/watched") > 1))
}
wait_until 30 drawn_twice
kill -INT "$waiting"
wait "$waiting" || fail "status --watch: exit $? at Ctrl-C"
expect_exit 69 coop-admin status --brokers 127.0.0.1:1
expect_exit 69 coop-admin status --database 'host=127.0.0.1 port=1'
expect_exit 78 coop-admin status --database "$COOP_DATABASE dbname=nowhere"

# Logins: from the very files that the roles connect by; what the server keeps and logs is no password.
echo 'host=db.example user=coop_analyst password=a-secret' > "$work/analyst"
echo 'postgresql://coop_consumer:an%20other@db.example/coop' > "$work/consumer"
expect_exit 0 coop-admin logins --login "@$work/analyst" --login "@$work/consumer"
expect_says 'coop_analyst: has its password'
expect 'passwords that are kept as they are' "$(query "select count(*) filter (where rolpassword like 'SCRAM-SHA-256$%'), count(*) filter (where rolpassword ~ 'secret|other') from pg_authid where rolname in ('coop_analyst', 'coop_consumer')")" '2|0'
first=$(query "select rolpassword from pg_authid where rolname = 'coop_analyst'")
echo 'user=coop_analyst password=another' > "$work/analyst"
expect_exit 0 coop-admin logins --login "@$work/analyst"
[[ $(query "select rolpassword from pg_authid where rolname = 'coop_analyst'") != "$first" ]] || fail 'a new password is not taken'
for wrong in 'user=coop_analyst' 'password=a-secret' 'a-secret' 'host=a-secret=b c'; do
    expect_exit 64 coop-admin logins --login "$wrong"
    ! grep -q 'a-secret' "$work/err" || fail "the password is told: $(cat "$work/err")"
done
expect_exit 64 coop-admin logins
expect_exit 78 coop-admin logins --login "@$work/nowhere"
expect_exit 78 coop-admin logins --login 'user=nobody password=a-secret'
expect_says 'role "nobody"'
expect_exit 77 coop-admin logins --database "$consumer" --login "@$work/analyst"
done_ok 'the verbs of coop-admin'
