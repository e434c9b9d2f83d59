# shellcheck shell=bash
# The PostgreSQL of the local stack: reached through a socket in a folder of mode 0700, never over the network.

# The newest server on the machine; Debian keeps its programs out of PATH.
postgres_find() {
    local initdb
    initdb=$(command -v initdb || printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [[ -x $initdb ]] || die 69 'initdb is missing: run deploy/install-packages stack'
    bin=$(dirname "$initdb")
}

postgres_make() {
    as_server "$bin/initdb" -D "$base/postgres" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --lc-collate=C --no-instructions --no-sync \
        > "$dir/postgres.log" 2>&1 || {
        tail -n 5 "$dir/postgres.log" >&2
        return 1
    }
    cat >> "$base/postgres/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$base/s'
unix_socket_permissions = 0700
shared_buffers = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
jit = off
END
    printf 'create database coop;\n' |
        as_server "$bin/postgres" --single -D "$base/postgres" postgres >> "$dir/postgres.log" 2>&1
}

postgres_pid() {
    head -n 1 "$base/postgres/postmaster.pid" 2> /dev/null || true
}

postgres_start() {
    ! is_ours "$(postgres_pid)" || return 0
    # pg_ctl waits for a start, and leaves the server in a session of its own.
    as_server "$bin/pg_ctl" -D "$base/postgres" -l "$base/postgres.log" -w -t 60 -s start \
        < /dev/null > "$dir/postgres.log" 2>&1 9>&- || {
        tail -n 8 "$dir/postgres.log" "$base/postgres.log" >&2
        die 69 "PostgreSQL does not start; its log is $base/postgres.log"
    }
}

postgres_stop() {
    end_process "$(postgres_pid)" INT # fast: sessions are ended
}

postgres_kill() {
    end_process "$(postgres_pid)" KILL
}

postgres_status() {
    if is_ours "$(postgres_pid)"; then
        echo "postgres  running  $base/s  pid $(postgres_pid)"
    else
        echo 'postgres  stopped'
    fi
}
