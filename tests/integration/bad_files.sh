#!/usr/bin/env bash
# Input files of every shape, and files that cannot be read or written. No server is needed to say so, and none is started.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
line=$(head -n 1 "$golden/seed/training.jsonl")
cd "$work"

# Shapes that are taken: one event each, or none.
: > empty
printf '\n  \n\t\n' > blank
printf '%s' "$line" > no_newline
printf '\xef\xbb\xbf%s\n' "$line" > byte_order_mark
printf '%s\r\n' "$line" > carriage_return
printf '\xef\xbb\xbf%s\r\n\r\n' "$line" > all_of_windows
for file in empty blank no_newline byte_order_mark carriage_return all_of_windows; do
    expect_exit 0 coop-training --dry-run "$file"
    expect "lines about $file" "$(wc -l < "$work/err")" 1
done

# Shapes that are not: the line is told, once.
{ printf '{"note": "'; head -c 10000000 /dev/zero | tr '\0' a; printf '"}\n'; } > ten_megabytes
printf '\xff\xfe{\0}\0\n\0' > utf16
printf '{"note": "\xff"}\n' > latin1
head -c 1000 /dev/zero > zeros
while IFS='|' read -r file words; do
    expect_exit 65 coop-training --dry-run "$file"
    expect "complaints about $file" "$(grep -c "^$file:1: .*$words" "$work/err")" 1
done << 'END'
ten_megabytes|the line has more than 1048576 bytes
utf16|a line is one JSON object
latin1|not JSON: unable to decode byte 0xff
zeros|a line is one JSON object
END

# Files that are none, or that may not be read.
mkdir folder
cp no_newline locked
chmod 000 locked
while IFS='|' read -r code words options; do
    read -ra options <<< "$options"
    fails "$code" "$words" "${options[@]}"
done << 'END'
66|"folder" is a directory: name the files in it|coop-training --dry-run folder
66|could not open "missing": No such file|coop-training --dry-run missing
66|could not open "missing": No such file|coop-training --dry-run no_newline missing
74|could not open "folder/none/rejects"|coop-training --dry-run --rejects folder/none/rejects no_newline
74|could not open "folder": Is a directory|coop-training --dry-run --rejects folder no_newline
74|receipts "folder/none/receipts"|coop-training --receipts folder/none/receipts no_newline
78|could not open "missing": No such file|coop-training --config missing no_newline
78|could not read "folder": Is a directory|coop-training --config folder no_newline
78|option "--database": could not open "missing"|coop-consumer --database @missing
78|option "--property": could not open "missing"|coop-training -X sasl.password=@missing no_newline
66|could not open "folder/roles.sql"|coop-admin migrate --sql folder
END
chmod 755 "$work"
# Whoever cannot even start our programs or read the schemas as nobody, such as in a clone below /root, cannot tell.
if "${as_nobody[@]}" coop-training --dry-run empty 2> /dev/null; then
    fails 66 'could not open "locked": Permission denied' "${as_nobody[@]}" coop-training --dry-run locked
else
    echo 'left out: a file that may not be read (nobody cannot enter this clone)'
fi

# A file at its limit, as on a full disk: no death by SIGXFSZ. Standard error is a file, too: few lines, and long ones.
for ((i = 0; i < 4; i++)); do head -c 4000 /dev/zero | tr '\0' x; echo; done > bad_lines
expect_exit 74 bash -c 'ulimit -f 1; exec coop-training --dry-run --on-error skip --rejects rejects bad_lines'
expect_says 'could not write "rejects": File too large'
expect_exit 74 coop-training --dry-run --on-error skip --rejects /dev/full bad_lines
expect_says 'could not write "/dev/full": No space left on device'
done_ok 'bad files'
