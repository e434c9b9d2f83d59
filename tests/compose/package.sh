#!/usr/bin/env bash
# The Debian package in a clean machine with systemd: installed, set up, started, restarted when it helps and not when it does not,
# upgraded, removed, purged.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs debian:trixie-slim apache/kafka:4.3.1 postgres:18
prepare
compose_up --scale consumer=0

builder=cooptrack:build-$$
machine_image=cooptrack:machine-$$
machine=
remove_machine() {
    [[ -z $machine ]] || docker rm -f "$machine" > /dev/null 2>&1 || true
    docker image rm -f "$builder" "$machine_image" > /dev/null 2>&1 || true
    clean_up
}
trap remove_machine EXIT

# The package, and a machine that has what any Debian has.
docker build -q --target build -t "$builder" "$SOURCE" > "$work/builder.log" 2>&1 || fail "the package: $(tail -n 5 "$work/builder.log")"
mkdir "$work/package"
container=$(docker create "$builder")
docker cp -q "$container:/package/." "$work/package/"
docker rm "$container" > /dev/null
deb=$(printf '%s\n' "$work"/package/*.deb)
docker build -q -t "$machine_image" - > "$work/machine.log" 2>&1 << 'END_OF_FILE' || fail "the machine: $(tail -n 5 "$work/machine.log")"
FROM debian:trixie-slim
RUN rm -f /etc/dpkg/dpkg.cfg.d/* && apt-get update \
    && apt-get install -y --no-install-recommends systemd systemd-sysv man-db bash-completion
CMD ["/sbin/init"]
END_OF_FILE
machine=$(docker run -d --privileged --network "${COMPOSE_PROJECT_NAME}_default" --tmpfs /run --tmpfs /run/lock \
    -v "$work/package:/package:ro" -v "$golden:/golden:ro" "$machine_image")

on() {
    docker exec "$machine" "$@"
}

# on_shell WORDS: they are a line of bash.
on_shell() {
    docker exec -i "$machine" bash -euc "$1"
}

is_up() {
    [[ $(on systemctl is-system-running 2> /dev/null) =~ ^(running|degraded)$ ]]
}
wait_until 60 is_up

on apt-get install -y --no-install-recommends "/package/${deb##*/}" > "$work/install.log" 2>&1 || fail "apt-get install: $(tail -n 5 "$work/install.log")"
for program in coop-outreach coop-agreement coop-training coop-consumer coop-report coop-admin; do
    on $program --version > /dev/null
    on_shell "man $program | grep -q '^NAME'" || fail "$program has no page of the manual"
    expect "completion of $program" "$(on_shell "source /usr/share/bash-completion/completions/$program; complete -p $program" | grep -c _cooptrack)" 1
done
complete_words() {
    on_shell "source /usr/share/bash-completion/completions/$1; COMP_WORDS=($*); COMP_CWORD=$(($# - 1)); _cooptrack; echo \${COMPREPLY[@]}"
}
expect 'completion of an option' "$(complete_words coop-consumer --bro)" --brokers
expect 'completion of a verb' "$(complete_words coop-admin sta)" status
expect 'completion of a verb'"'"'s option' "$(complete_words coop-admin status --wat)" --watch
expect 'completion of a choice' "$(complete_words coop-outreach --log-format j)" json
expect 'the user' "$(on id -un cooptrack)" cooptrack
expect 'the unit before anybody has said where Kafka is' "$(on systemctl is-active coop-consumer || true)" inactive
expect 'what systemd says of the unit' "$(on systemd-analyze verify coop-consumer.service 2>&1)" ''

# Set up as /etc/cooptrack/consumer.env says.
on_shell 'echo COOP_BROKERS=kafka:19092 >> /etc/cooptrack/consumer.env; echo COOP_DATABASE=@/etc/cooptrack/consumer.database >> /etc/cooptrack/consumer.env
    install -m 0640 -g cooptrack /dev/stdin /etc/cooptrack/consumer.database' < "$work/deploy/secrets/consumer-database"
on systemctl enable --now coop-consumer 2> /dev/null
is_ready() {
    [[ $(on coop-admin health 2> /dev/null) == ok ]]
}
wait_until 60 is_ready
for type in outreach agreement training; do
    on coop-$type --brokers kafka:19092 /golden/seed/$type.jsonl > /dev/null 2>&1 || fail "coop-$type in the machine"
done
wait_until 60 caught_up
reports_but_counts_are_golden seed
# shellcheck disable=SC2016 # a line for the machine
expect 'user of the process' "$(on_shell 'stat -c %U /proc/$(systemctl show -p MainPID --value coop-consumer)')" cooptrack
exposure=$(on systemd-analyze security coop-consumer.service | sed -n 's/.*Overall exposure level for coop-consumer.service: \([0-9.]*\).*/\1/p')
[[ -n $exposure && ${exposure%.*} -lt 3 ]] || fail "systemd-analyze security: exposure $exposure, wanted less than 3"

# Killed: started again. A wrong password: not, and the line says why.
killed=$(on systemctl show -p MainPID --value coop-consumer)
on bash -c "kill -KILL $killed"
is_another() {
    [[ $(on systemctl show -p MainPID --value coop-consumer) != "$killed" ]] && is_ready
}
wait_until 60 is_another
on_shell 'cp -a /etc/cooptrack/consumer.database /root/kept; sed -i s/password=.*/password=wrong/ /etc/cooptrack/consumer.database; systemctl restart coop-consumer' || true
has_given_up() {
    [[ $(on systemctl is-failed coop-consumer) == failed ]]
}
wait_until 60 has_given_up
expect 'exit with a wrong password' "$(on systemctl show -p ExecMainStatus --value coop-consumer)" 77
on journalctl -u coop-consumer -o cat > "$work/journal"
grep -q 'password authentication failed' "$work/journal" || fail "the journal does not say why: $(tail -n 3 "$work/journal")"
on_shell 'cp -a /root/kept /etc/cooptrack/consumer.database; systemctl reset-failed coop-consumer; systemctl start coop-consumer'
wait_until 60 is_ready

# Stopped in order: 0. The same package again, as an upgrade would: the service goes on, the settings stay.
on systemctl stop coop-consumer
expect 'exit after a stop' "$(on systemctl show -p ExecMainStatus --value coop-consumer)" 0
on systemctl start coop-consumer
wait_until 60 is_ready
killed=$(on systemctl show -p MainPID --value coop-consumer)
on dpkg -i "/package/${deb##*/}" > "$work/upgrade.log" 2>&1 || fail "dpkg -i: $(tail -n 3 "$work/upgrade.log")"
wait_until 60 is_another
expect 'settings after an upgrade' "$(on grep -c '^COOP_' /etc/cooptrack/consumer.env)" 2

# Gone.
on apt-get remove -y cooptrack > "$work/remove.log" 2>&1 || fail "apt-get remove: $(tail -n 3 "$work/remove.log")"
expect 'the unit after removal' "$(on systemctl is-active coop-consumer || true)" inactive
expect 'settings after removal' "$(on grep -c '^COOP_' /etc/cooptrack/consumer.env)" 2
on apt-get purge -y cooptrack > "$work/purge.log" 2>&1 || fail "apt-get purge: $(tail -n 3 "$work/purge.log")"
expect 'what is left after purge' "$(on_shell 'find / -xdev -name "*cooptrack*" -o -xdev -name "coop-*" | grep -vE "^/(proc|sys|var/lib/dpkg|var/lib/apt|var/cache|package)"' || true)" ''
done_ok "$(du -k "$deb" | cut -f 1) KiB, exposure $exposure"
