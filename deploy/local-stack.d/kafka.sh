# shellcheck shell=bash
# The Kafka of the local stack. Uses: here, dir, base, libs, as_user; sets kafka_port.

kafka_version=4.3.1

# The jars, once, into the cache. Checksums are checked strictly (mvn -C).
kafka_fetch() {
    local cache=${COOP_CACHE:-}
    if [[ -z $cache ]]; then
        cache=${XDG_CACHE_HOME:-$HOME/.cache}/cooptrack
        [[ $EUID -ne 0 ]] || cache=/var/cache/cooptrack # where the servers' user can enter, too
    fi
    libs=$cache/kafka-$kafka_version
    command -v java > /dev/null || die 69 'java is missing: run deploy/install-packages stack'
    mkdir -p "$cache"
    (
        flock 8
        [[ ! -d $libs ]] || exit 0
        command -v mvn > /dev/null || die 69 'mvn is missing: run deploy/install-packages stack'
        say "fetching Apache Kafka $kafka_version from Maven Central, once (54 MB)"
        rm -rf "$libs.part"
        # Maven ends its colours even where it has begun none.
        mvn -q -B -C -Dstyle.color=never -f "$here/local-stack.d/pom.xml" \
            org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
            -DincludeScope=runtime -DoutputDirectory="$libs.part" 2>&1 | sed 's/\x1b\[[0-9;]*m//g' >&2 ||
            die 69 'could not fetch Apache Kafka: is Maven Central reachable?'
        chmod -R a+rX "$libs.part"
        mv "$libs.part" "$libs"
    ) 8> "$cache/lock"
    (
        flock 8
        [[ -d $libs/formatted ]] || kafka_prime
    ) 8> "$cache/lock"
}

# kafka_options: sets `options`, of Java: a small heap, and the first compiler alone, for a broker that lives for minutes.
kafka_options() {
    options=(-Xms256m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        -Dlog4j2.configurationFile="file:$base/log4j2.properties" -cp "$libs/*")
}

# What every stack begins with, made once: a formatted folder to copy, and an archive of the loaded classes,
# with which a broker starts in half of the time.
kafka_prime() {
    local base dir options
    say 'preparing it, once'
    base=$(mktemp -d /var/tmp/coop-prime.XXXXXX)
    dir=$base
    cp "$here/local-stack.d/log4j2.properties" "$base/"
    [[ -z $as_user ]] || chown -R "$as_user:" "$base"
    kafka_choose_ports
    chmod a+r "$base"/*.properties
    kafka_options
    as_server java "${options[@]}" kafka.tools.StorageTool format --cluster-id "$(kafka_cluster_id)" \
        --config "$base/server.properties" > "$dir/kafka.log" 2>&1 || {
        tail -n 5 "$dir/kafka.log" >&2
        rm -rf "$base"
        die 70 'could not format a folder for Kafka'
    }
    rm -rf "$libs/formatted.part"
    cp -r "$base/kafka" "$libs/formatted.part"
    kafka_start "-XX:ArchiveClassesAtExit=$base/kafka.jsa"
    kafka_stop
    [[ ! -e $base/kafka.jsa ]] || cp "$base/kafka.jsa" "$libs/"
    rm -rf "$base"
    chmod -R a+rX "$libs"
    mv "$libs/formatted.part" "$libs/formatted"
}

kafka_write_properties() {
    cat > "$base/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$kafka_controller_port
listeners=PLAINTEXT://127.0.0.1:$kafka_port,CONTROLLER://127.0.0.1:$kafka_controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$kafka_port
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$base/kafka
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=3
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=3000
END
}

# Ports are part of the settings: clients keep them over a restart.
kafka_choose_ports() {
    kafka_port=$(free_port)
    kafka_controller_port=$(free_port)
    printf 'kafka_port=%s\nkafka_controller_port=%s\n' "$kafka_port" "$kafka_controller_port" > "$dir/ports"
    kafka_write_properties
}

kafka_make() {
    cp "$here/local-stack.d/log4j2.properties" "$base/"
    kafka_choose_ports
    chmod a+r "$base"/*.properties
    as_server cp -r "$libs/formatted" "$base/kafka"
}

# 16 random bytes in the alphabet of URLs, as kafka-storage random-uuid makes them: it takes one
# that begins with a dash for an option, so there is none.
kafka_cluster_id() {
    head -c 16 /dev/urandom | base64 | tr '+/' '__' | tr -d '='
}

kafka_pid() {
    cat "$base/kafka.pid" 2> /dev/null || true
}

kafka_is_ready() {
    grep -q 'Kafka Server started' "$dir/kafka.log" &&
        (exec 3<> "/dev/tcp/127.0.0.1/$kafka_port") 2> /dev/null
}

# kafka_launch [OPTION]: of Java.
kafka_launch() {
    local options
    kafka_options
    [[ -n ${1-} || ! -e $libs/kafka.jsa ]] || options+=("-XX:SharedArchiveFile=$libs/kafka.jsa")
    : > "$dir/kafka.log"
    # shellcheck disable=SC2094
    setsid "$BASH" -c 'echo $$ > "$1"; shift; exec "$@"' kafka "$base/kafka.pid" \
        ${as_user:+setpriv --reuid="$as_user" --regid="$as_user" --init-groups} \
        java "${options[@]}" "$@" kafka.Kafka "$base/server.properties" \
        < /dev/null >> "$dir/kafka.log" 2>&1 8>&- 9>&- &
}

# kafka_start [OPTION]: of Java.
kafka_start() {
    # shellcheck source=/dev/null
    source "$dir/ports"
    ! is_ours "$(kafka_pid)" || return 0
    for _ in {1..5}; do
        kafka_launch "$@"
        for _ in {1..300}; do
            sleep 0.1
            ! kafka_is_ready || return 0
            [[ -z $(kafka_pid) ]] || is_ours "$(kafka_pid)" || break
        done
        # Only a stack that nobody knows yet may take another port.
        grep -q 'Address already in use' "$dir/kafka.log" && [[ ! -e $base/known ]] || break
        kafka_choose_ports
    done
    tail -n 8 "$dir/kafka.log" >&2
    die 69 "Kafka does not start; its log is $dir/kafka.log"
}

kafka_stop() {
    end_process "$(kafka_pid)" TERM
}

kafka_kill() {
    end_process "$(kafka_pid)" KILL
}

kafka_status() {
    if is_ours "$(kafka_pid)"; then
        echo "kafka     running  127.0.0.1:$kafka_port  pid $(kafka_pid)"
    else
        echo 'kafka     stopped'
    fi
}
