#!/usr/bin/env bash
# reports.sh [EVENTS]: what the fold costs and how fast the reports are, at a size (1,000,000; the firms are 0.27 times as many,
# in 40 campaigns): loading without and with the fold, PAIRS times in turn; every view, the first 1,000 rows of those that list
# single things; one agreement as of a day; the bytes an event takes, by table and index; a rebuild; and from publishing to a
# report at RATE events a second for DURATION seconds (0: not at all; all events are taken in once more before). Figures to read,
# never passed or failed.
# BIN is the build to measure, build/release at best; the tools of the tests are taken from build/dev.
export BIN=${BIN:-$(cd "$(dirname "$0")/../.." && pwd)/build/release}
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
PATH=$PATH:$SOURCE/build/dev/tests
events=${1:-1000000}

seconds_of() {
    local begun
    begun=$(date +%s%N)
    "$@" > "$work/out" 2> "$work/err" || fail "$*: $(tail -n 2 "$work/err")"
    echo $((($(date +%s%N) - begun) / 1000000)) | sed -E 's/(.*)(...)$/\1.\2/; s/^\./0./'
}

# load WHAT WORDS...: everything into a database of its own.
load() {
    local what=$1
    shift
    query "drop database if exists $what" 2> /dev/null
    query "create database $what"
    coop-admin migrate --database "$COOP_DATABASE dbname=$what" > /dev/null 2>&1
    coop-admin reference --database "$COOP_DATABASE dbname=$what" "$SOURCE/sql/reference" > /dev/null
    printf '%-24s %8s s\n' "load $what" \
        "$(seconds_of coop-consumer --until-end --group "$what.$RANDOM" --database "$consumer dbname=$what" "$@")"
}

# best_of QUERY: the best of five, in milliseconds.
best_of() {
    psql -X -q -At -d "$analyst dbname=folded" -c '\timing on' -c "$1" -c "$1" -c "$1" -c "$1" -c "$1" |
        sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | sort -n | head -n 1
}

stack_up
# A quarter of the memory, as is usual for a machine of its own.
query "alter system set shared_buffers = '${SHARED_BUFFERS:-$(free -m | awk '/^Mem:/ { print int($2 / 4) }')MB}'"
query "alter system set wal_compression = lz4"
stack stop postgres
stack start postgres
{ make_events outreach $((events * 95 / 100)) | coop-outreach - &&
    make_events training $((events * 4 / 100)) | coop-training - &&
    make_events agreement $((events / 100)) | coop-agreement -; } > /dev/null 2> "$work/err" || fail "$(tail -n 1 "$work/err")"
echo "$events events"
for ((pair = 0; pair < ${PAIRS:-1}; pair++)); do
    load plain --no-fold
    load folded
done

echo 'views, milliseconds:'
query "vacuum analyze" > /dev/null
psql -X -q -d "$COOP_DATABASE dbname=folded" -c 'vacuum analyze'
for view in $(as="$COOP_DATABASE dbname=folded" query "select viewname from pg_views where schemaname = 'reporting' order by 1"); do
    case $view in
    event_log | organisation | late_arrivals | data_quality_issue | agreement_*) limit=' limit 1000' ;;
    *) limit='' ;;
    esac
    printf '  %-48s %10s\n' "$view$limit" "$(best_of "select * from reporting.$view$limit")"
done
one="select * from reporting.agreement_as_of('2022-06-15', '2022-07-01') where agreement_id = 'AGR-000100'"
printf '  %-48s %10s\n' 'one agreement as of a day' "$(best_of "$one")"
echo 'bytes an event, table and indexes:'
as="$COOP_DATABASE dbname=folded" query "select format('  %-48s %10s', c.oid::regclass, round(pg_relation_size(c.oid)::numeric / $events, 1))
    from pg_class as c
    where c.relnamespace in ('event'::regnamespace, 'state'::regnamespace, 'ingest'::regnamespace) and c.relkind in ('r', 'i')
      and pg_relation_size(c.oid) > $events
    order by pg_relation_size(c.oid) desc"
printf '%-24s %8s s\n' rebuild "$(seconds_of coop-admin rebuild --database "$COOP_DATABASE dbname=folded")"

# What is visible in the reports of both parts of the fold is looked at every five milliseconds; an event's delay is the time until
# as many are visible as were published up to it.
seconds=${DURATION:-30} rate=${RATE:-1000}
((seconds)) || { done_ok "$(nproc) processors, PostgreSQL $(query 'show server_version')" && exit; }
coop-consumer --database "$consumer" 2> "$work/consumer.err" &
wait_until 600 caught_up
visible='select min(p.events) from (select sum(folded_offset) as events from state.fold_position group by part) as p'
known=$(query "$visible")
make_outreach $((seconds * rate)) | python3 -c '
import sys, time
rate, begun = int(sys.argv[1]), time.monotonic()
for number, line in enumerate(sys.stdin):
    time.sleep(max(0, begun + number / rate - time.monotonic()))
    sys.stdout.write(line)
    sys.stdout.flush()' "$rate" | coop-outreach - > /dev/null 2>&1 &
query "create unlogged table public.seen (at timestamptz, events bigint)"
query "do \$\$ begin
    for i in 1..$(((seconds + 10) * 200)) loop
        insert into public.seen select clock_timestamp(), ($visible) - $known;
        commit;
        perform pg_sleep(0.005);
    end loop; end \$\$"
echo "from publishing to a report, $rate events/s:"
query "with published as (
        select published_at, row_number() over (order by published_at) as place
        from event.outreach where source_record_id like 'G-%'),
    visible as (
        select p.published_at, (select min(s.at) from public.seen as s where s.events >= p.place) - p.published_at as delay
        from published as p where p.place % 17 = 0)
    select format('  p50 %s ms, p99 %s ms, of %s looked at',
        round(1000 * percentile_cont(0.5) within group (order by extract(epoch from delay))),
        round(1000 * percentile_cont(0.99) within group (order by extract(epoch from delay))), count(delay)) from visible"
done_ok "$(nproc) processors, PostgreSQL $(query 'show server_version')"
