#!/usr/bin/env bash
# The protocol of claim and advance, as claim.pml has it: spin looks at every schedule and finds each message stored exactly once,
# and nothing written by a consumer that another has fenced. With a fault planted it finds the schedule that goes wrong.
set -euo pipefail
command -v spin > /dev/null || { echo 'skipped: there is no spin'; exit 77; }
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME, then what claim.pml is to be built with.
right='
two consumers,  MESSAGES=3 MOVES=1 CUTS=1 HASTES=0
moved twice,    MESSAGES=2 MOVES=2 CUTS=1 HASTES=0 SIEVE=0
cut twice,      MESSAGES=2 MOVES=1 CUTS=2 HASTES=0 SIEVE=0
a failover,     MESSAGES=2 MOVES=1 CUTS=1 HASTES=0 SIEVE=0 FAILOVERS=1
one stops,      MESSAGES=1 MOVES=1 CUTS=1 STOPS=1
three of them,  MESSAGES=1 MOVES=2 CUTS=0 HASTES=1 CONSUMERS=3
every run ends, MESSAGES=2 MOVES=1 CUTS=1 SIEVE=0
'
# FAULT, the property that breaks, what the schedule must show, and what claim.pml is to be built with beside the fault.
faults='
NO_EPOCH,            written_by_a_stale_owner, the group gives the partition, MOVES=1 CUTS=0
NO_EPOCH NO_POSITION ONLY_EXACTLY_ONCE, stored_twice, the group gives the partition, MOVES=1 CUTS=0
CLAIM_KEEPS_EPOCH,   written_by_a_stale_owner, the group gives the partition, MOVES=1 CUTS=0
NO_LOCK,             written_by_a_stale_owner, the group gives the partition, MOVES=1 CUTS=0
ADVANCE_ALONE ONLY_EXACTLY_ONCE, not_all_stored, is rolled back,              MOVES=0 MESSAGES=1
ROWS_ALONE,          stored_twice,             its connection is cut,         MOVES=0
POSITION_FROM_GROUP, stored_twice,             begins to read at 0,           MOVES=0
KEEP_AFTER_FENCING,  rows_and_position_differ, is fenced,                     MOVES=1
NO_DROP_AFTER_MOVE,  stored_twice,             goes on as before,             MOVES=0 SIEVE=0
READ_ON_AFTER_DROP,  not_all_stored,           begins to read at 2,           MOVES=0
PARTLY_STORED_AGAIN, stored_twice,             goes on as before,             MOVES=0
NO_END_HOLDER,       not_all_stored,           stops for ever,                MOVES=0 STOPS=1
NO_LOCK_TIMEOUT,     not_all_stored,           stops for ever,                MOVES=1 STOPS=1
CLAIM_MISSING_AFTER_RECONNECT, written_by_a_stale_owner, the standby is promoted, MOVES=1 CUTS=0 SIEVE=0 FAILOVERS=1
CLAIM_MISSING_AFTER_RECONNECT NO_POSITION, stored_twice, its connection is cut, MOVES=0 SIEVE=0
'

declare -A words=(
    [stored_twice]='exactly once: a message is stored twice'
    [not_all_stored]='exactly once: nobody can go on, and not all is stored'
    [rows_and_position_differ]='exactly once: what is stored is not what lies before the position'
    [written_by_a_stale_owner]='fenced: an owner writes that is no longer one'
)

fail() {
    echo "not ok: $*"
    exit 1
}

trim() {
    sed 's/^ *//; s/ *$//' <<< "$1"
}

# build FOLDER "GCC-FLAGS" NAME[=VALUE]...: makes the search FOLDER/pan.
build() {
    local folder=$1 flags
    read -ra flags <<< "$2"
    shift 2
    mkdir -p "$folder"
    cd "$folder"
    cp "$here/claim.pml" .
    spin -a "${@/#/-D}" claim.pml > spin.out 2>&1 || fail "spin: $(cat spin.out)"
    gcc -w "${flags[@]}" -DMEMLIM=240 -o pan pan.c > gcc.out 2>&1 || fail "gcc: $(head -n 5 gcc.out)"
}

# search FOLDER WORDS...: runs it, and fails where it had to leave out something.
search() {
    cd "$1"
    shift
    ./pan -m50000 -w22 "$@" > pan.out 2>&1 || fail "pan: $(tail -n 3 pan.out)"
    grep -q ' errors: ' pan.out || fail "pan: $(tail -n 3 pan.out)"
    ! grep -qE 'max search depth too small|out of memory|reached -DMEMLIM|[Bb]it statespace|[Tt]runcated' pan.out ||
        fail "the search is not exhaustive: $(grep -m 1 -E 'too small|memory|MEMLIM|statespace|[Tt]runcated' pan.out)"
}

# story FOLDER NAME...: what happens in the schedule that was found.
story() {
    cd "$1"
    shift
    spin -B -T -k claim.pml.trail -t "${@/#/-D}" claim.pml | sed -nE 's/^ *((consumer|session|the (group|standby)).*)/\1/p'
}

states() {
    sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' "$1/pan.out"
}

# check_right NUMBER NAME NAME=VALUE...: the protocol as it is; every step of claim.pml is taken, too.
check_right() {
    local folder=$work/right$1 name=$2 unreached holds='each message is stored exactly once, by its owner'
    shift 2
    if [[ $name == 'every run ends' ]]; then
        build "$folder" '-O1 -DNP' "$@"
        search "$folder" -l
        holds='no schedule goes on for ever'
    else
        build "$folder" '-O1 -DSAFETY' "$@"
        search "$folder"
        ! grep -q '^Warning: Search not completed' "$folder/pan.out" || grep -q 'errors: [1-9]' "$folder/pan.out" ||
            fail "$name: the search is not complete"
    fi
    if ! grep -q ' errors: 0$' "$folder/pan.out"; then
        story "$folder" "$@"
        fail "$name: $(grep -m 1 '^pan:' "$folder/pan.out")"
    fi
    unreached=$(sed -nE '/claim\.pml:[0-9]+, state/{/"-end-"/!p}' "$folder/pan.out")
    [[ -z $unreached ]] || fail "$name: steps that are never taken: $unreached"
    printf '%-22s %9d states, %s s: %s\n' "$name" "$(states "$folder")" \
        "$(sed -nE 's/^pan: elapsed time ([0-9.]+) seconds/\1/p' "$folder/pan.out")" "$holds"
}

# check_fault NUMBER "FAULT..." PROPERTY SHOWS NAME=VALUE...: breadth first, so that the schedule found is a shortest one.
check_fault() {
    local folder=$work/fault$1 planted=$2 property=$3 shows=$4 found all
    shift 4
    local defines
    read -ra defines <<< "$* $planted"
    [[ " $* " == *' MESSAGES='* ]] || defines+=(MESSAGES=2)
    [[ " $* " == *' CUTS='* ]] || defines+=(CUTS=1)
    build "$folder" '-O0 -DSAFETY -DBFS' "${defines[@]}"
    search "$folder"
    grep -q ' errors: 1$' "$folder/pan.out" || fail "$planted: is not noticed in $(states "$folder") states"
    found=$(sed -nE 's/^pan:1: assertion violated +!\(([a-z_]+)\).*/\1/p' "$folder/pan.out")
    found=${found:-none}
    all=$(story "$folder" "${defines[@]}")
    printf '%s is caught after %d states. %s:\n' "$planted" "$(states "$folder")" "${words[$found]-$(grep -m 1 '^pan:' "$folder/pan.out")}"
    tail -n 7 <<< "$all" | sed 's/^/    /'
    [[ $found == "$property" ]] || fail "$planted: \"$property\" should have broken"
    grep -qF "$shows" <<< "$all" || fail "$planted: the schedule does not show \"$shows\""
}

# Two at a time.
number=0
start() {
    number=$((number + 1))
    [[ $number -le 2 ]] || wait -n || true
    { "$@"; touch "$work/$number.passed"; } > "$work/$number.out" 2>&1 &
}

while IFS=, read -r name defines; do
    [[ -n $name ]] || continue
    read -ra list <<< "$defines"
    start check_right "$number" "$name" "${list[@]}"
done <<< "$right"
rights=$number
while IFS=, read -r planted property shows defines; do
    [[ -n $planted ]] || continue
    read -ra list <<< "$defines"
    start check_fault "$number" "$planted" "$(trim "$property")" "$(trim "$shows")" "${list[@]}"
done <<< "$faults"
wait

for ((i = 1; i <= number; i++)); do cat "$work/$i.out"; done
passed=("$work"/*.passed)
[[ ${#passed[@]} -eq $number && -e ${passed[0]} ]] || fail "not all $number searches are as they should be"
echo "ok: $rights searches without an error, $((number - rights)) faults caught"
