#!/usr/bin/env bash
# consumer.sh OLD [NEW]: the consumer of one build folder, or of two in turn: events a second, the most that was
# resident, and processor time an event. EVENTS (500,000) outreach events over one lane and over two, without the fold;
# then twice as many events into a table that is found again by a random key alone (tests/data/bench). Each is run once
# unmeasured, then PAIRS times (3) OLD, NEW, OLD, NEW, ..., into a new database each. A second begins with the program and
# ends with it. NEW/OLD is the median of the pairs' own ratios: what else the machine does passes over both of a pair.
# Figures to read, never passed or failed; but all events must be there afterwards. Needs a quiet machine.
# OLD and NEW are built with the preset release, at best; the tools of the tests are taken from build/dev.
[[ -d ${1-} && -d ${2-$1} ]] || { echo "usage: [EVENTS=N] [PAIRS=N] $0 OLD [NEW], which are build folders" >&2 && exit 64; }
BIN=$(cd "$1" && pwd)
declare -A bins=([old]=$BIN)
[[ -z ${2-} ]] || bins[new]=$(cd "$2" && pwd)
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
PATH=$PATH:$SOURCE/build/dev/tests
events=${EVENTS:-500000} pairs=${PAIRS:-3} data=$SOURCE/tests/data/bench

# source_of BUILD: where the folder was built from.
source_of() {
    sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt"
}

# Each side has its own migrations; both read what OLD has published, by the schemas that it was published with.
COOP_SQL=$(source_of "$BIN")/sql COOP_SCHEMAS=$(source_of "$BIN")/schemas

# new_database BUILD: nothing in it, and nothing left to write of the one before.
new_database() {
    query 'drop database if exists bench with (force)' 2> /dev/null
    query 'create database bench'
    COOP_SQL=$(source_of "$1")/sql "$1/admin/coop-admin" migrate --database "$COOP_DATABASE dbname=bench" > "$work/out" 2>&1 ||
        fail "migrate: $(tail -n 2 "$work/out")"
    psql -X -q -v ON_ERROR_STOP=1 -d "$COOP_DATABASE dbname=bench" -f "$data/event_log.sql"
    query checkpoint
}

# run SIDE CASE TABLE EVENTS WORDS...: sets `figures`: events a second, MiB, microseconds.
run() {
    local bin=${bins[$1]} what="$1, $2" table=$3 count=$4 stored TIMEFORMAT='%R %U %S'
    shift 4
    new_database "$bin"
    # bash knows milliseconds, time knows what was resident.
    { time /usr/bin/time -q -f %M -o "$work/resident" "$bin/consumers/coop-consumer" --until-end --no-fold \
        --group "bench.$RANDOM$RANDOM" --database "$consumer dbname=bench" "$@" > /dev/null 2> "$work/err"; } 2> "$work/time" ||
        fail "$what: $(tail -n 2 "$work/err")"
    stored=$(as="$COOP_DATABASE dbname=bench" query "select count(*) from $table")
    expect "$what: rows" "$stored" "$count"
    figures=$(paste "$work/time" "$work/resident" |
        awk -v n="$count" '{ printf "%.0f %.1f %.2f", n / $1, $4 / 1024, ($2 + $3) * 1e6 / n }')
}

# compare CASE TABLE EVENTS WORDS...: all runs of a case, one line each, and the case's figures to $work/figures.
compare() {
    local pair side figures
    run old "$@"
    for ((pair = 1; pair <= pairs; pair++)); do
        for side in old new; do
            [[ -n ${bins[$side]-} ]] || continue
            run "$side" "$@"
            # shellcheck disable=SC2086 # three words
            printf '%-20s %d %-4s %9d events/s %7.1f MiB %7.2f us/event\n' "$1" "$pair" "$side" $figures
            printf '%s\t%s\t%s\n' "$1" "$side" "${figures// /$'\t'}" >> "$work/figures"
        done
    done
}

stack_up
# A quarter of the memory, as is usual for a machine of its own.
query "alter system set shared_buffers = '${SHARED_BUFFERS:-$(free -m | awk '/^Mem:/ { print int($2 / 4) }')MB}'"
stack stop postgres
stack start postgres
make_outreach "$events" | coop-outreach - > /dev/null 2> "$work/err" || fail "$(tail -n 1 "$work/err")"
coop-admin topics --partitions 8 bench.keyed.v1 > /dev/null
publish_keyed "$COOP_BROKERS" bench.keyed.v1 "$data/event_log.avsc" $((events * 2)) > "$work/out" || fail 'publish_keyed'
echo "$events outreach events; keyed: $(cat "$work/out")"

compare 'outreach, 1 lane' event.outreach "$events" --lanes 1
compare 'outreach, 2 lanes' event.outreach "$events"
compare 'keyed, 2 lanes' bench.event_log $((events * 2)) --schemas "$data" --route bench.keyed.v1=bench.event_log
as="$COOP_DATABASE dbname=bench" query "select format('keyed: %s bytes of heap a row',
    round(pg_relation_size('bench.event_log') / $((events * 2))::numeric, 1))"

/usr/bin/python3 - "$work/figures" << 'END'
import statistics, sys

cases = {}
for line in open(sys.argv[1]):
    case, side, *figures = line.rstrip("\n").split("\t")
    cases.setdefault(case, {}).setdefault(side, []).append([float(figure) for figure in figures])
print(f"\n{'median of the runs':<25} {'events/s':>9} {'MiB':>7} {'us/event':>9}")
for case, sides in cases.items():
    for side, runs in sides.items():
        speed, resident, processor = (statistics.median(column) for column in zip(*runs))
        print(f"{case:<20} {side:<4} {speed:>9.0f} {resident:>7.1f} {processor:>9.2f}")
    if "new" in sides:
        ratios = [[new / old for old, new in zip(*pair)] for pair in zip(sides["old"], sides["new"])]
        speed, resident, processor = (statistics.median(column) for column in zip(*ratios))
        print(f"{'':<17} new/old {speed:>9.3f} {resident:>7.3f} {processor:>9.3f}")
END
done_ok "$pairs pairs, $(nproc) processors, PostgreSQL $(query 'show server_version')"
