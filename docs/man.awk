# From what --help prints to a page of the manual, in man(7). Variables: name, section, version; help of a verb follows on that of
# its program, each after a line of one form feed.

function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text ~ /^[.']/ ? "\\&" text : text
}

function heading(title) {
    print ".SH " toupper(title)
}

# A sentence for whatis(1), from the summary's first words.
function begin_page(text, first) {
    first = text
    sub(/[.:] .*|\.$/, "", first)
    printf ".TH %s %s \"\" \"Cooptrack %s\" \"Cooptrack\"\n", toupper(name), section, version
    heading("name")
    print name " \\- " escaped(first)
    heading("synopsis")
    print ".B " escaped(usage)
    heading("description")
    print escaped(text)
}

function begin_verb(text) {
    if (!verbs++)
        heading("verbs")
    print ".SS \"" escaped(usage) "\""
    print escaped(text)
}

function option(line, flag, words) {
    flag = line
    sub(/^ +/, "", flag)
    words = flag
    sub(/  .*/, "", flag)
    sub(/^.*[^ ]  +/, "", words)
    if (words == flag)
        words = ""
    print ".TP"
    print ".B " escaped(flag)
    print escaped(words)
}

/^\f$/ { part = "summary"; summary = usage = ""; next }

part == "summary" && /^Usage: / {
    usage = substr($0, 8)
    if (!pages++)
        begin_page(summary)
    else
        begin_verb(summary)
    part = "options"
    next
}
part == "summary" {
    line = $0
    sub("^" name "[a-z ]*: ", "", line)
    summary = summary (summary == "" || line == "" ? "" : " ") line
    next
}

/^Everywhere:$/ { part = "everywhere"; if (pages == 1) print ".SS \"Everywhere\""; next }
# A verb's list of verbs is no list of options.
/^Verbs:$/ { part = "verbs"; next }
part == "verbs" { next }
part == "options" && /^[A-Z].*:$/ {
    if (pages == 1) {
        if (!groups++)
            heading("options")
        print ".SS \"" escaped(substr($0, 1, length($0) - 1)) "\""
    }
    next
}
# How settings are found, and exit codes, are the same for all verbs: told once, at the end.
part == "everywhere" && /^A setting comes from/ { part = "common"; common = closing != ""; closing = closing (common ? "" : ".SH SETTINGS\n") }
/^Exit codes: / {
    part = "exit"
    if (!common)
        closing = closing ".SH EXIT STATUS\n"
    $0 = substr($0, 13)
}
part == "exit" && /^$/ { part = "epilogue"; is_begun = 0; next }
part == "common" || part == "exit" {
    if ($0 == "")
        next
    if (!common)
        closing = closing escaped($0) "\n"
    next
}
part == "everywhere" && pages > 1 { next }
/^ +-/ { option($0); next }
/^$/ { next }
part == "epilogue" && !is_begun++ { print (pages > 1 ? ".PP" : ".SH NOTES") }
{ print escaped($0) }

END {
    printf "%s", closing
    heading("see also")
    print escaped(others)
}
