#!/usr/bin/env bash
# Generated docs are current, and what the documents point at is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
BIN=${BIN:?the build folder}
export ASAN_OPTIONS=detect_leaks=0
failures=0

for document in options architecture events; do
    if ! diff -u "docs/$document.md" <(docs/generate "$document" "$BIN") > /tmp/docs.$$; then
        head -n 30 /tmp/docs.$$
        echo "docs/$document.md is not current: docs/generate $document BUILD-FOLDER > docs/$document.md"
        failures=$((failures + 1))
    fi
    rm -f /tmp/docs.$$
done
# Pages of the manual can be read by man, and say what the programs say.
for page in $(docs/generate man "$BIN"); do
    docs/generate man "$BIN" "${page%.*}" > /tmp/docs.$$
    warnings=$(if command -v groff > /dev/null; then groff -man -Tascii -ww -z /tmp/docs.$$ 2>&1; fi)
    if [[ -n $warnings ]] || ! grep -q '^\.SH SETTINGS' /tmp/docs.$$ || ! grep -q 'log.-level LEVEL' /tmp/docs.$$; then
        echo "$page: $warnings"
        failures=$((failures + 1))
    fi
    rm -f /tmp/docs.$$
done
# The example of each event is one.
for type in agreement outreach training; do
    example=$(awk -v program="Program \`coop-$type\`" 'index($0, program) == 1 { on = 1 } on && /^\{/ { print; exit }' docs/events.md)
    if [[ -z $example ]] || ! "$BIN/producers/coop-$type" --schemas schemas --dry-run <<< "$example" 2> /dev/null; then
        echo "docs/events.md: the example of coop-$type is none"
        failures=$((failures + 1))
    fi
done

# The commands of a page are run.
while read -r page; do
    cut -f 1 tests/data/documents.tsv | grep -qxF "$page" || grep -qF " \"\$SOURCE/$page\"" tests/integration/docs_analysts.sh tests/compose/docs.sh ||
        { echo "$page has commands that no test runs: say in tests/data/documents.tsv what they print"; failures=$((failures + 1)); }
done < <(grep -lxE '```(sh|sql|crontab)' README.md CONTRIBUTING.md docs/*.md)

while IFS=: read -r file link; do
    target=$(dirname "$file")/${link%%#*}
    [[ -e $target ]] || { echo "$file points at $link, which is not there"; failures=$((failures + 1)); }
done < <(grep -oHE '\]\([^)]+\)' README.md CONTRIBUTING.md CHANGELOG.md docs/*.md | sed -E 's/\]\(([^)]*)\)$/\1/' | grep -v ':http')

[[ $failures -eq 0 ]] && echo 'ok: documents'
