#!/usr/bin/env bash
# Who may include what: docs/architecture.md, "Layers".
set -euo pipefail
cd "$(dirname "$0")/../.."
failures=0

# only HEADER PATTERN: files that include it must match the pattern.
only() {
    local file
    while read -r file; do
        [[ $file =~ $2 ]] || { echo "$file must not include $1"; failures=$((failures + 1)); }
    done < <(grep -rlE "#include [<\"].*$1[>\"]" common producers consumers admin reports --include='*.[ch]')
}

# never FOLDER PATTERN: nothing in the folder includes a path of that pattern.
never() {
    local found
    found=$(grep -rnE "#include \"($2)" "$1" --include='*.[ch]' || true)
    [[ -z $found ]] || { echo "$found"; failures=$((failures + 1)); }
}

only rdkafka.h '^(common/kafka|consumers/kafka|producers/publish)/|^admin/kafka/|^admin/doctor/kafka\.c$|^admin/topics\.c$|^admin/status/measure\.[ch]$'
only libpq-fe.h '^(common|consumers)/postgres/|^common/rows/|^(admin|reports)/|^consumers/plan/|^consumers/main\.c$'
only microhttpd.h '^consumers/monitor/http\.c$'
only avro.h '^producers/input/'
never common 'producers|consumers|admin|reports'
never producers 'consumers|admin|reports'
never consumers 'producers|admin|reports'
never admin 'producers|consumers|reports'
never reports 'producers|consumers|admin|common/(avro|kafka|rows)'
never common/base 'common/(avro|cli|kafka|postgres|rows)'
never common/avro 'common/(cli|kafka|postgres|rows)'
never common/cli 'common/(avro|kafka|postgres|rows)'
never common/postgres 'common/(avro|cli|kafka|rows)'
never common/rows 'common/(cli|kafka)'
never producers/input 'producers/publish|common/kafka'
# In the consumer: pipeline -> lane -> kafka, postgres, plan, monitor, and never back.
never consumers/kafka 'consumers/([a-z_]+\.h|(lane|monitor|plan|postgres)/)'
never consumers/postgres 'consumers/([a-z_]+\.h|(kafka|lane|monitor|plan)/)'
never consumers/plan 'consumers/([a-z_]+\.h|(kafka|lane|monitor|postgres)/)'
never consumers/monitor 'consumers/([a-z_]+\.h|(kafka|lane|plan|postgres)/)'
never consumers/lane 'consumers/[a-z_]+\.h'

[[ $failures -eq 0 ]] && echo 'ok: includes'
