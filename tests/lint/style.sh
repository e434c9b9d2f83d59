#!/usr/bin/env bash
# Layout, headers that stand alone, shell scripts, and sizes that fit a reader's head.
set -euo pipefail
cd "$(dirname "$0")/../.."
failures=0
complain() {
    echo "$*"
    failures=$((failures + 1))
}

mapfile -t sources < <(find common producers consumers admin reports tests -name '*.[ch]')
if command -v clang-format > /dev/null; then
    clang-format --dry-run -Werror "${sources[@]}" || complain 'clang-format would change these'
fi
if command -v shellcheck > /dev/null; then
    mapfile -t scripts < <(grep -rlE --exclude-dir=data --exclude='*.md' '^#!/(usr/bin/env bash|bin/sh)' demo check .ci/run deploy tests docs)
    shellcheck -x "${scripts[@]}" || complain 'shellcheck complains'
fi
read -ra flags <<< "$(pkg-config --cflags libpq avro-c jansson)"
while read -r header; do
    guard=$(sed -n 's/^#ifndef \(COOP_[A-Z0-9_]*_H\)$/\1/p' "$header" | head -n 1)
    [[ -n $guard ]] || complain "$header has no guard COOP_..._H"
    echo "#include \"$header\"" |
        "${CC:-cc}" -std=c17 -fsyntax-only -D_DEFAULT_SOURCE -I. "${flags[@]}" \
            -DCOOP_SCHEMAS_DIR='""' -x c - || complain "$header does not stand alone"
done < <(find common producers consumers admin reports -name '*.h' ! -name banned.h)
for file in "${sources[@]}"; do
    lines=$(wc -l < "$file")
    most=600
    [[ $file != consumers/* ]] || most=300
    [[ $lines -le $most || $file == tests/* ]] || complain "$file has $lines lines: split it by idea"
done
# Memory that cannot be had ends the program in one place.
! grep -rnE '\b([mc]alloc|realloc(array)?|aligned_alloc|strn?dup|v?asprintf|abort) ?\(' \
    --include='*.[ch]' --exclude='memory.[ch]' common producers consumers admin reports ||
    complain 'memory is asked for by common/base/memory.h'
! grep -rnE '[[:space:]]$' --include='*.[ch]' --include='*.sql' --include='*.sh' common producers consumers admin reports sql tests/unit ||
    complain 'blanks at the end of lines'

[[ $failures -eq 0 ]] && echo 'ok: style'
