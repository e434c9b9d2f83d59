#!/usr/bin/env bash
# Each right that the consumer's role needs, taken away alone: the consumer names the object and ends with 77. The list is
# the catalog's, so that a right which a migration adds is tested from its first day.
# shellcheck source=../support/stack.sh
source "$(dirname "$0")/../support/stack.sh" || exit 70
# shellcheck source=../support/surroundings.sh
source "$SOURCE/tests/support/surroundings.sh"
stack_up
# Stored, duplicate and rejected, for all three tables, and a topic that the database has not met.
publish small
coop-agreement --allow-unnamed "$golden/small/agreement.jsonl" 2> /dev/null
coop-admin topics met.never.v1 > /dev/null
coop-training --topic met.never.v1 "$golden/seed/training.jsonl" 2> /dev/null
COOP_SCHEMAS=$(all_schemas)
routes=(--route coop.outreach.v1=event.outreach --route coop.agreement.v1=event.agreement
    --route coop.training.v1=event.training --route met.never.v1=event.training)

# For an operator, for doctor, a consumer that finds another one's claim, and one that has nothing to write just then: whether the
# runs below ask for these hangs on their speed, or they never do.
unused='^(execute on function ingest\.(confirm|end_holder|new_generation|set_position|stored_from)\(|select on table ingest\.(duplicate|migration|reject)$)'
mapfile -t rights < <(query "
    select format('%s on table %s', lower(privilege_type), format('%I.%I', table_schema, table_name))
    from information_schema.role_table_grants where grantee = 'coop_consumer'
    union all
    select 'usage on schema ' || nspname from pg_namespace, aclexplode(nspacl) as a
    where a.grantee = 'coop_consumer'::regrole and a.privilege_type = 'USAGE'
    union all
    select 'execute on function ' || oid::regprocedure from pg_proc
    where pronamespace = 'ingest'::regnamespace or oid = 'state.fold'::regproc
    union all
    select unnest(array['connect', 'temporary']) || ' on database coop' order by 1")
[[ ${#rights[@]} -ge 25 ]] || fail "only ${#rights[@]} rights found: ${rights[*]}"

begin_anew() {
    forget_events
    query "delete from ingest.stream where topic = 'met.never.v1'"
}
for right in "${rights[@]}"; do
    [[ ! $right =~ $unused ]] || continue
    object=$(sed -E 's/.* on (table|function|schema|database) (.*\.)?"?([a-z_]+).*/\1 \3/; s/database/.*database/' <<< "$right")
    begin_anew
    query "revoke $right from coop_consumer, public"
    fails 77 "permission denied .*${object##* } & (role \"coop_consumer\" lacks a right: grant it|grant it to the role)" \
        coop-consumer --until-end --database "$consumer" "${routes[@]}"
    query "grant $right to coop_consumer"
done
# With all of them back there is nothing to say.
begin_anew
expect_exit 0 coop-consumer --until-end --database "$consumer" "${routes[@]}"
expect 'stored with all rights' \
    "$(query 'select (select count(*) from event.outreach) + (select count(*) from event.agreement) + (select count(*) from event.training)')" \
    "$(($(wc -l < "$golden/small/expected/event_log.csv") - 1))"

# The operator's verbs with the consumer's rights.
for verb in migrate status "reference $SOURCE/sql/reference"; do
    read -ra words <<< "$verb"
    fails 77 'role "coop_consumer" lacks a right: grant it, or connect as another' coop-admin "${words[@]}" --database "$consumer"
done
done_ok "${#rights[@]} rights"
