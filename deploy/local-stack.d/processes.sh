# shellcheck shell=bash
# Users, ports and processes of the local stack.

# PostgreSQL refuses to run as root, so root's servers run as the user that its package made.
choose_user() {
    as_user=''
    [[ $EUID -eq 0 ]] || return 0
    as_user=postgres
    id "$as_user" > /dev/null 2>&1 || die 69 "there is no user \"$as_user\": run deploy/install-packages stack"
}

# as_server COMMAND...: runs it as the servers' user, in a folder that user can enter.
as_server() {
    if [[ -n $as_user ]]; then
        (cd / && exec setpriv --reuid="$as_user" --regid="$as_user" --init-groups "$@")
    else
        "$@"
    fi
}

# A free port below the range that the kernel gives to clients.
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            echo "$port"
            return
        fi
    done
    die 69 'found no free port'
}

# is_ours PID: does it run, and is it ours? Pids are given again to other processes.
is_ours() {
    [[ -n $1 ]] && grep -qsF -- "$base" "/proc/$1/cmdline"
}

# end_process PID SIGNAL: and waits until it is gone; after 20 s without mercy.
end_process() {
    local pid=$1 signal=$2
    is_ours "$pid" || return 0
    kill "-$signal" "$pid" 2> /dev/null || true
    for _ in {1..200}; do
        is_ours "$pid" || break
        sleep 0.1
    done
    ! is_ours "$pid" || kill -KILL "$pid" 2> /dev/null || true
    # Ended, but not yet taken note of by init: PostgreSQL would think that it still runs.
    for _ in {1..50}; do
        kill -0 "$pid" 2> /dev/null || return 0
        sleep 0.1
    done
}
