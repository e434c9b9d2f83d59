#!/usr/bin/env bash
# producers.sh [LINES]: how fast lines are published, and in how much memory.
# A stream of a tenth and one of all LINES (default 1,000,000; 10,000,000 take 5 GB of disk) shall take the same memory;
# then a file of them, which is checked whole and then published, and the retraction of a tenth of it. BIN is a build folder without sanitizers: cmake --preset plain.
BIN=${BIN:-$(dirname "$0")/../../build/plain}
BIN=$(cd "$BIN" && pwd)
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
lines=${1:-1000000}
servers_up
coop-admin topics > /dev/null

# measure NAME LINES COMMAND...: a line of figures about a command that reads standard input.
measure() {
    /usr/bin/python3 -c '
import resource, subprocess, sys, time
name, lines, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
started = time.monotonic()
result = subprocess.run(command, stderr=subprocess.PIPE, text=True)
seconds = time.monotonic() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
if result.returncode or f"acknowledged={lines} " not in result.stderr:
    sys.exit(f"{name}: exit {result.returncode}: {result.stderr}")
print(f"{name:<24} {lines:>10} lines {seconds:>7.1f} s {lines / seconds:>9.0f} a second"
      f" {usage.ru_utime + usage.ru_stime:>7.1f} s of processor {usage.ru_maxrss / 1024:>6.1f} MiB")' "$@"
}

make_outreach $((lines / 10)) | measure 'stream' $((lines / 10)) coop-outreach
make_outreach "$lines" | measure 'stream' "$lines" coop-outreach
make_outreach "$lines" | measure 'stream, receipts' "$lines" coop-outreach --receipts "$work/receipts"
make_outreach "$lines" > "$work/lines"
measure 'file' "$lines" coop-outreach "$work/lines" < /dev/null
head -n $((lines / 10)) "$work/lines" > "$work/tenth"
measure 'retraction of a file' $((lines / 10)) coop-outreach --retract --reason bench "$work/tenth" < /dev/null
done_ok 'measured'
