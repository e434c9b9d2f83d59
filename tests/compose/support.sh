# shellcheck shell=bash
# What the tests of docker-compose.yml share: a copy of what an operator has, under a name and on ports of its own, and words for
# what they do with it. A test sources this, calls compose_up and ends with done_ok; anything else is a failure. Without a Docker
# engine, or without its images and a registry to take them from, it is skipped.
# COOP_TEST_IMAGE, where it is set, is the image to test; else it is built.
# shellcheck source=../support/words.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/words.sh"

skip() {
    echo "skipped: $*"
    has_passed=yes
    rm -rf "$work"
    exit 77
}

command -v docker > /dev/null || skip 'there is no docker on this machine'
timeout 20 docker info > /dev/null 2>&1 || skip 'no Docker engine answers'
docker compose version > /dev/null 2>&1 || skip 'docker has no compose'

# needs IMAGE...: here, or to be had.
needs() {
    local image
    for image; do
        docker image inspect "$image" > /dev/null 2>&1 || timeout 300 docker pull -q "$image" > /dev/null 2>&1 ||
            skip "the image $image is neither here nor to be had"
    done
}

is_own_image=''
export COMPOSE_PROJECT_NAME=coop-test-$$

clean_up() {
    if [[ -e $work/docker-compose.yml ]]; then
        [[ -n $has_passed ]] || compose logs --no-color > "$work/containers.log" 2>&1 || true
        compose --profile '*' down -v --remove-orphans > /dev/null 2>&1 || true
    fi
    [[ -z $is_own_image ]] || docker image rm -f "$COOPTRACK_IMAGE" > /dev/null 2>&1 || true
    remove_work
}
trap clean_up EXIT

compose() {
    docker compose --project-directory "$work" ${env_file:+--env-file "$env_file"} "$@"
}

# A port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

build_image() {
    if [[ -n ${COOP_TEST_IMAGE-} ]]; then
        export COOPTRACK_IMAGE=$COOP_TEST_IMAGE
        return
    fi
    export COOPTRACK_IMAGE=cooptrack:test-$$
    is_own_image=yes
    docker build -q -t "$COOPTRACK_IMAGE" "$SOURCE" > "$work/build.log" 2>&1 || fail "the image: $(tail -n 5 "$work/build.log")"
}

# prepare: the operator's checkout, its passwords and ports, and what reaches it from this machine.
prepare() {
    build_image
    mkdir -p "$work/tests/data/golden" "$work/deploy"
    cp "$SOURCE/docker-compose.yml" "$SOURCE/.env.example" "$work/"
    cp -r "$SOURCE/deploy/prometheus" "$SOURCE/deploy/make-secrets" "$SOURCE/deploy/cluster.env" "$work/deploy/"
    cp -r "$golden/seed" "$work/tests/data/golden/"
    "$work/deploy/make-secrets" > /dev/null
    KAFKA_PORT=$(free_port) KAFKA2_PORT=$(free_port) KAFKA3_PORT=$(free_port)
    POSTGRES_PORT=$(free_port) PROMETHEUS_PORT=$(free_port)
    export KAFKA_PORT KAFKA2_PORT KAFKA3_PORT POSTGRES_PORT PROMETHEUS_PORT
    export COOP_BROKERS=localhost:$KAFKA_PORT
    find_logins
}

# The logins, from this machine.
find_logins() {
    COOP_DATABASE=$(login setup)
    # shellcheck disable=SC2034 # for the test that sources this
    analyst=$(login analyst)
    export COOP_DATABASE
}

# login WHO: its connection string, from this machine.
login() {
    sed "s/host=postgres /host=127.0.0.1 port=$POSTGRES_PORT /" "$work/deploy/secrets/$1-database"
}

# compose_up [WORDS...]: until all is healthy; how long it took is in $seconds.
compose_up() {
    local begun=$SECONDS
    timeout 300 docker compose --project-directory "$work" ${env_file:+--env-file "$env_file"} up --wait -d "$@" > "$work/up.log" 2>&1 ||
        fail "docker compose up: $(grep -v -E '(Creat|Start|Wait|Heal|Runn|Recreat)[a-z]*$' "$work/up.log" | tail -n 5)"
    # shellcheck disable=SC2034 # for the test that sources this
    seconds=$((SECONDS - begun))
}

# id SERVICE: its only container.
id() {
    compose ps -aq "$1"
}

is_healthy() {
    [[ $(docker inspect -f '{{.State.Health.Status}}' "$(id "$1")" 2> /dev/null) == healthy ]]
}

# publish PROFILE: from this machine.
publish() {
    local type
    for type in outreach agreement training; do
        "coop-$type" --allow-unnamed "$golden/$1/$type.jsonl" 2> "$work/publish.err" || fail "coop-$type: $(cat "$work/publish.err")"
    done
}

# outreach NAME COUNT: so many events of that name.
outreach() {
    local number
    for ((number = 0; number < $2; number++)); do
        printf '{"source": "pk.gov.test", "source_record_id": "%s-%d", "occurred_at": "2022-06-20", "campaign_id": "C", "stage": "INVITED", "channel": "LETTER", "initiator": {"org_id": "A", "name": "A"}, "recipient": {"org_id": "F-%d", "name": "F"}}\n' "$1" $number $number
    done
}

# send_outreach NAME COUNT: publishes them.
send_outreach() {
    outreach "$1" "$2" | coop-outreach - 2> "$work/publish.err" || fail "coop-outreach: $(cat "$work/publish.err")"
}

# in_kafka WORDS...: kafka-topics.sh, where Kafka is.
in_kafka() {
    compose exec -T -e KAFKA_HEAP_OPTS=-Xmx128m kafka /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:19092 "$@" > "$work/topics" 2>&1
}
