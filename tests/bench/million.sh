#!/usr/bin/env bash
# million.sh [EVENTS]: the road at size, with 10 % duplicates and 1 % rejects of all kinds: events a
# second, resident size and the audit's own time. Figures to read, never passed or failed; the
# audit at the end is: missing=0 extra=0 altered=0. BIN is the build to measure, build/release at best;
# the tools of the tests are taken from build/dev. LANES=2.
export BIN=${BIN:-$(cd "$(dirname "$0")/../.." && pwd)/build/release}
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
PATH=$PATH:$SOURCE/build/dev/tests
events=${1:-1000000}

# measured WHAT COMMAND...: seconds and the most that was resident; what it says goes to $work/err.
measured() {
    local what=$1
    shift
    /usr/bin/time -f '%e %M' -o "$work/time" "$@" > "$work/out" 2> "$work/err" || fail "$what: $(tail -n 2 "$work/err")"
    awk -v what="$what" -v events="$events" \
        '{ printf "%-10s %8.1f s %9.0f events/s %7.1f MiB resident\n", what, $1, events / $1, $2 / 1024 }' "$work/time"
}

# One line in ten comes again, some lines later.
with_duplicates() {
    awk '{ print } NR % 10 == 0 { held[++n] = $0 } n == 100 { for (i = 1; i <= n; i++) print held[i]; n = 0 }
        END { for (i = 1; i <= n; i++) print held[i] }'
}

# A bad message for every hundred lines, of the kinds of the profile small in turn.
bad_messages() {
    grep -vE '^#|STORED|DUPLICATE' "$golden/small/raw.tsv" > "$work/kinds"
    awk -v wanted=$((events / 100)) '{ kind[NR] = $0 } END { for (i = 0; i < wanted; i++) print kind[i % NR + 1] }' "$work/kinds"
}

stack_up
make_outreach $((events * 10 / 11)) | with_duplicates > "$work/lines"
bad_messages > "$work/bad"
publish_raw "$COOP_BROKERS" "$work/bad" &
measured publish coop-outreach "$work/lines"
wait $!
measured consume coop-consumer --until-end --database "$consumer" --lanes "${LANES:-2}"
sed -n 's/.* done: //p' "$work/err"
measured audit coop-admin audit
cat "$work/out"
query "select 'database: ' || pg_size_pretty(pg_database_size(current_database()))"
grep -q 'missing=0 extra=0 altered=0' "$work/out" || fail 'the audit'
done_ok "$(nproc) processors, $(psql -XAtd "$COOP_DATABASE" -c 'show server_version')"
