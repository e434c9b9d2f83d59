#!/usr/bin/env python3
"""run_page.py PAGE OWNER: prints PAGE with what its commands print, as they print it now.

A ```sql block goes to psql as coop_analyst, an ```sh block to bash; what they print takes the place of the ```text block
that follows. An ```sql block without one makes settings: it goes before all that come later. OWNER is the connection of
the owner; it stands for the server that the page names. Python must at least compile; other blocks are left as they are.
"""
import re
import subprocess
import sys

SERVER = "host=db.example.gov.pk dbname=coop"
BLOCK = re.compile(r"^```(sql|sh|python)\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.M | re.S)


def run(command, text):
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    # psql fills the last column up; editors do not keep that.
    printed = re.sub(r" +$", "", done.stdout, flags=re.M).strip("\n")
    if done.returncode != 0:
        sys.exit(f"{text}\nends with {done.returncode}: {printed}")
    return printed + "\n" if printed else ""


def main():
    page, owner = sys.argv[1:]
    analyst = f"{owner} user=coop_analyst"
    settings = ""
    count = 0

    def play(block):
        nonlocal settings, count
        language, text, wanted = block.groups()
        count += 1
        if language == "python":
            compile(text, page, "exec")
            return block.group()
        if language == "sh":
            printed = run(["bash", "-Eeuo", "pipefail"], text.replace(SERVER, owner))
        elif wanted is None:
            settings += text
            printed = run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", analyst], settings)
        else:
            printed = run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", analyst], settings + text)
        if wanted is None and printed:
            sys.exit(f"{text}\nprints what the page does not show: {printed}")
        head = f"```{language}\n{text}```\n"
        return head if wanted is None else f"{head}\n```text\n{printed}```\n"

    with open(page, encoding="utf-8") as file:
        made = BLOCK.sub(play, file.read())
    if count < 10:
        sys.exit(f"{page} has lost its commands")
    sys.stdout.write(made)


main()
