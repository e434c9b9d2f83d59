#!/usr/bin/env bash
# The image: small, of nobody in particular, says what it is, and comes out the same when it is built again.
# shellcheck source=support.sh
source "$(dirname "$0")/support.sh" || exit 70
needs debian:trixie-slim
unset COOP_TEST_IMAGE
build_image

inspect() {
    docker image inspect -f "$1" "$COOPTRACK_IMAGE"
}

# contents IMAGE: every file, but not when it was written.
contents() {
    local container
    container=$(docker create "$1")
    docker export "$container" | python3 "$SOURCE/tests/support/tree_of_tar.py" | sort
    docker rm "$container" > /dev/null
}

run() {
    docker run --rm --network none --read-only --cap-drop ALL "$COOPTRACK_IMAGE" "$@"
}

expect 'user' "$(inspect '{{.Config.User}}')" 10001:10001
expect 'health check' "$(inspect '{{.Config.Healthcheck.Test}}')" '[CMD coop-admin health]'
expect 'what it starts' "$(inspect '{{.Config.Entrypoint}} {{.Config.Cmd}}')" '[] [coop-consumer]'
version=$(inspect '{{index .Config.Labels "org.opencontainers.image.version"}}')
for program in coop-outreach coop-agreement coop-training coop-consumer coop-report coop-admin; do
    expect "version of $program" "$(run $program --version)" "$program (Cooptrack) $version"
done
run coop-outreach --template > "$work/line" || fail 'the schemas are not there'
docker run --rm -i --network none --read-only "$COOPTRACK_IMAGE" coop-outreach --dry-run - < "$work/line" > /dev/null 2>&1 || fail 'a line is not taken'

docker build -q --no-cache -t "$COOPTRACK_IMAGE-again" "$SOURCE" > "$work/again.log" 2>&1 || fail "building again: $(tail -n 5 "$work/again.log")"
contents "$COOPTRACK_IMAGE" > "$work/first"
contents "$COOPTRACK_IMAGE-again" > "$work/second"
docker image rm -f "$COOPTRACK_IMAGE-again" > /dev/null
(($(wc -l < "$work/first") > 1000)) || fail 'the image is all but empty'
expect 'files that differ' "$(diff "$work/first" "$work/second" | grep '^[<>]' | cut -c 1-100)" ''
done_ok "$(($(inspect '{{.Size}}') / 1000000)) MB, $(wc -l < "$work/first") files, the same twice"
