# shellcheck shell=bash
# What integration and fault tests share: a stack of their own, and words for what they do with it.
# A test sources this file, calls stack_up and ends with done_ok; anything else is a failure.
# shellcheck source=../support/words.sh
source "$(dirname "${BASH_SOURCE[0]}")/words.sh"
# Several consumers run at once, and nobody asks them but the test that is about it.
export COOP_LISTEN=none

clean_up() {
    local job
    for job in $(jobs -p); do kill -KILL "$job" 2> /dev/null || true; done
    "$SOURCE/deploy/local-stack" down "$work/stack" || true
    remove_work
}
trap clean_up EXIT

# servers_up [WHAT]: the stack alone, with nothing in it. Whoever is not told where it is would
# meet another one on the usual ports.
servers_up() {
    local settings
    settings=$("$SOURCE/deploy/local-stack" up "$work/stack" "$@") || fail 'the stack does not start'
    eval "$settings"
}

# The database prepared, the topics made, the reference data loaded.
stack_up() {
    servers_up
    consumer="$COOP_DATABASE user=coop_consumer"
    # shellcheck disable=SC2034 # for the test that sources this
    analyst="$COOP_DATABASE user=coop_analyst"
    coop-admin migrate > /dev/null 2>&1
    coop-admin topics > /dev/null
    coop-admin reference "$SOURCE/sql/reference" > /dev/null
}

stack() {
    "$SOURCE/deploy/local-stack" "$1" "$work/stack" "${@:2}"
}

# expect_exit CODE COMMAND...: its output is in $work/out and $work/err.
expect_exit() {
    local wanted=$1 code=0
    shift
    "$@" > "$work/out" 2> "$work/err" < /dev/null || code=$?
    [[ $code -eq $wanted ]] || fail "$*: exit $code, wanted $wanted: $(tail -n 3 "$work/err")"
}

expect_says() {
    grep -qF -- "$1" "$work/err" "$work/out" || fail "wanted the words \"$1\", got: $(cat "$work/err")"
}

# publish PROFILE: its lines with the producers and, where it has them, its raw messages.
publish() {
    local type
    for type in outreach agreement training; do
        "coop-$type" --allow-unnamed "$golden/$1/$type.jsonl" 2> "$work/publish.err" ||
            fail "coop-$type: $(cat "$work/publish.err")"
    done
    [[ ! -e $golden/$1/raw.tsv ]] || publish_raw "$COOP_BROKERS" "$golden/$1/raw.tsv"
}

# The consumer knows one schema more than is installed: a newer version of an event.
all_schemas() {
    # Two consumers that start at once ask at once: the folder is there whole, or not at all.
    if [[ ! -d $work/schemas ]]; then
        mkdir "$work/schemas.$BASHPID"
        cp "$SOURCE"/schemas/*.avsc "$SOURCE"/tests/data/schemas/*.avsc "$work/schemas.$BASHPID/"
        mv -T "$work/schemas.$BASHPID" "$work/schemas" 2> /dev/null || rm -r "$work/schemas.$BASHPID"
    fi
    echo "$work/schemas"
}

consume_to_end() {
    coop-consumer --until-end --database "$consumer" --schemas "$(all_schemas)" 2> "$work/consumer.err" ||
        fail "coop-consumer: $(tail -n 3 "$work/consumer.err")"
}

reports_are_golden() {
    "$golden/compare.sh" "$golden/$1" "$COOP_DATABASE" > "$work/compare" || fail "reports of $1: $(grep -v ^equal "$work/compare")"
}

# As if nothing had ever been taken in.
forget_events() {
    query "truncate event.outreach, event.agreement, event.training, ingest.position, ingest.reject, ingest.duplicate, ingest.schema cascade" 2> /dev/null
    coop-admin rebuild > /dev/null
}

# Messages of which the database knows what became: stored, duplicate or reject.
accounted() {
    query 'select (select count(*) from state.event) + (select count(*) from ingest.duplicate) + (select count(*) from ingest.reject)'
}

# everything_accounted_for N: each of the N messages that Kafka has, once, and as it is there.
everything_accounted_for() {
    expect 'stored + duplicates + rejects' "$(accounted)" "$1"
    expect_exit 0 coop-admin audit
    expect 'the audit' "$(sed -E 's/ stored=.* expired=/ expired=/' "$work/out")" "records=$1 expired=0 missing=0 extra=0 altered=0"
}

has_more_than() {
    (($(accounted) > $1))
}

# start_consumer [OPTION...]: one more in the background, of small batches; $pid is its process.
# $log, where it is set, is its log.
# shellcheck disable=SC2120 # the options are the test's
start_consumer() {
    coop-consumer --database "$consumer" --schemas "$(all_schemas)" --batch-rows 20 --batch-wait 5 \
        -X session.timeout.ms=6000 -X heartbeat.interval.ms=500 "$@" 2>> "${log:-$work/consumer.err}" &
    # shellcheck disable=SC2034 # for the test that sources this
    pid=$!
}

# The consumer of $work/consumer.err has been given partitions.
has_joined() {
    grep -q 'the group has given us' "$work/consumer.err"
}

# It has got as far as to answer a SIGTERM, or is gone. A shell that is about to become it answers, too.
has_begun() {
    local caught
    [[ $(cat "/proc/$1/comm" 2> /dev/null) != bash ]] || return 1
    caught=$(sed -n 's/^SigCgt:\s*//p' "/proc/$1/status" 2> /dev/null) || return 0
    (((16#$caught >> 14) & 1))
}

# stop_consumer PID: it stores what it has read, and ends with 0.
stop_consumer() {
    wait_until 30 has_begun "$1"
    kill -TERM "$1"
    wait "$1" || fail "SIGTERM: exit $?: $(tail -n 3 "$work/consumer.err")"
}

# Random moments: the same again with COOP_TEST_SEED, as far as the machine allows.
random_moments() {
    local seed=${COOP_TEST_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
    echo "seed $seed"
    RANDOM=$seed
}

# pause_ms LEAST MOST: waits for a random while.
pause_ms() {
    local ms=$(($1 + RANDOM % ($2 - $1 + 1)))
    sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
}

# Only PostgreSQL, prepared: for tests that need no Kafka.
database_up() {
    servers_up postgres
    coop-admin migrate > /dev/null 2>&1
    coop-admin reference "$SOURCE/sql/reference" > /dev/null
}
