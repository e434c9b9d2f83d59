#!/usr/bin/env bash
# The alert rules are well formed, each fires when it should, each is explained where it points to, and each has a test of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
promtool() {
    "$root/tests/support/promtool" "$@" > "$work/out" 2>&1 || {
        code=$?
        cat "$work/out"
        exit $((code == 77 ? 77 : 1))
    }
}

fail() {
    echo "not ok: $*" >&2
    exit 1
}

cp "$root/deploy/prometheus/rules.yml" "$root/deploy/prometheus/prometheus.yml" "$here/rules.test.yml" "$work/"
cd "$work"
promtool check config prometheus.yml
promtool test rules rules.test.yml

mapfile -t alerts < <(sed -n 's/^ *- alert: //p' rules.yml)
((${#alerts[@]} > 5)) || fail 'there are hardly any alerts'
for alert in "${alerts[@]}"; do
    grep -q "runbook: docs/operations.md#${alert,,}\$" rules.yml || fail "$alert points to no runbook"
    grep -q "^### $alert\$" "$root/docs/operations.md" || fail "$alert is not explained in docs/operations.md"
    grep -A 3 "alertname: $alert\$" rules.test.yml | grep -q 'exp_alerts: \[{' || fail "$alert is never shown firing"
done
echo "ok: ${#alerts[@]} alerts"
