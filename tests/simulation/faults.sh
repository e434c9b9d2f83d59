#!/usr/bin/env bash
# faults.sh [NAME...]: plants each fault of faults/ in a copy of the tree and lives through worlds until one shows it.
# Ends in a line for each: the fault, the number of seeds it took, and what was wrong. WORK: where to build.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
seeds=${SEEDS:-1000000}
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK-} ]] || trap 'rm -rf "$work"' EXIT
names=("$@")
[[ $# -gt 0 ]] || mapfile -t names < <(cd "$here/faults" && printf '%s\n' *.patch | sed 's/\.patch$//')

rm -rf "$work/tree"
mkdir -p "$work/tree"
tar -C "$root" --exclude=./build --exclude=./.git -cf - . | tar -C "$work/tree" -xmf -
# With assertions, without sanitizers: many worlds a second.
cmake -S "$work/tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    '-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O2 -g' > "$work/build.log"

missed=0
for name in "${names[@]}"; do
    patch -d "$work/tree" -p1 --quiet < "$here/faults/$name.patch"
    if ! cmake --build "$work/build" --target simulation > "$work/build.log"; then
        echo "$name: does not compile:" >&2
        tail -n 20 "$work/build.log" >&2
        exit 1
    fi
    if "$work/build/tests/simulation" --seeds "$seeds" > "$work/$name.txt" 2> "$work/$name.err"; then
        printf '%-24s %9s  not found\n' "$name" "> $seeds"
        missed=$((missed + 1))
    else
        sed -nE "s/^simulation: seed ([0-9]+) fails: (.*)/\1 \2/p" "$work/$name.txt" | tail -n 1 |
            while read -r seed words; do printf '%-24s %9d  %s\n' "$name" "$seed" "$words"; done
    fi
    patch -d "$work/tree" -p1 --quiet --reverse < "$here/faults/$name.patch"
done
[[ $missed -eq 0 ]]
