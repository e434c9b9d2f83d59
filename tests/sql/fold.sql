-- The fold: who may call it, in what portions it goes on, and what is read for one agreement.
begin;
set search_path = tap, public;
select no_plan();

select is(has_function_privilege(r, f, 'execute') and has_schema_privilege(r, 'state', 'usage'), r = 'coop_consumer' and f = 'state.fold(integer)',
    format('%s and %s', r, f))
from unnest(array['coop_consumer', 'coop_analyst']) as r
cross join unnest(array['state.fold(integer)', 'state.rebuild()']) as f;
select is(has_table_privilege('coop_consumer', c.oid, p), false, format('consumer has no %s on %s', p, c.oid::regclass))
from pg_class as c
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p
where c.relnamespace = 'state'::regnamespace and c.relkind in ('r', 'v');
select is(p.proconfig @> array['search_path=pg_catalog'], true, format('%s runs with its owner''s rights and a fixed search path', p.oid::regprocedure))
from pg_proc as p
where p.prosecdef and p.pronamespace in ('state'::regnamespace, 'reporting'::regnamespace, 'ingest'::regnamespace);

-- Three firms that are invited, in two partitions; the third event is stored and not reached yet.
create function pg_temp.invite(firm text, a_partition integer, an_offset bigint) returns void
    language sql
begin atomic
    insert into event.outreach (event_id, source, occurred_at, occurred_precision, recorded_at, action, extensions, campaign_id, stage, channel,
        initiator_org_id, initiator_name, initiator_names, initiator_org_type, recipient_org_id, recipient_name, recipient_names,
        recipient_org_type, org_count, count_basis, audience_sectors, topics, engagement_precision, entity_key,
        stream_id, kafka_partition, kafka_offset, avro)
    values (gen_random_uuid(), 'tap', '2022-06-01 00:00+00', 'DAY', '2022-06-01 00:00+00', 'ASSERT', '{}', 'TAP', 'INVITED', 'LETTER',
        'COOP-A', 'A', '{}', 'REGULATOR', firm, firm, '{}', 'OTHER', 1, 'EXACT', '{}', '{}', 'DAY', 'TAP|' || firm,
        1, a_partition, an_offset, '\x00');
    insert into ingest.position (stream_id, kafka_partition, next_offset) values (1, a_partition, an_offset + 1)
    on conflict (stream_id, kafka_partition) do update set next_offset = excluded.next_offset;
end;
create function pg_temp.invited() returns bigint
    language sql
    return (select organisations from reporting.outreach_funnel where campaign_id = 'TAP' and stage = 'INVITED');

select results_eq('select * from state.fold()', 'values (0::bigint, 0::bigint)', 'nothing to fold');
select pg_temp.invite('COOP-1', 90, 0), pg_temp.invite('COOP-2', 91, 5), pg_temp.invite('COOP-3', 90, 7);
select is(pg_temp.invited(), null, 'stored is not reported');
select is(state.behind(), 14::bigint, 'offsets behind');
select results_eq('select * from state.fold(2)', 'values (2::bigint, 14::bigint)', 'the arrival of one of each partition');
select is(pg_temp.invited(), null, 'their arrival is not what they mean');
select results_eq('select * from state.fold(2)', 'values (2::bigint, 7::bigint)', 'their meaning');
select is(pg_temp.invited(), 2::bigint, 'two are reported');
select results_eq('select * from state.fold()', 'values (1::bigint, 7::bigint)', 'the arrival of the third');
select results_eq('select * from state.fold()', 'values (1::bigint, 0::bigint)', 'its meaning');
select is(pg_temp.invited(), 3::bigint, 'three are reported');
select results_eq('select * from state.fold()', 'values (0::bigint, 0::bigint)', 'once is enough');

-- A position that is set back behind the end of what is stored: nothing is folded twice.
update ingest.position set next_offset = 20 where stream_id = 1 and kafka_partition = 90;
select is((select behind from state.fold()), 0::bigint, 'passed over, by both parts');
update ingest.position set next_offset = 8 where stream_id = 1 and kafka_partition = 90;
select is((select behind from state.fold()), 0::bigint, 'set back');
select pg_temp.invite('COOP-4', 90, 9);
select is((select sum(f.events) from generate_series(1, 2), lateral state.fold(generate_series) as f), 2::numeric, 'what comes then is folded');
select is(pg_temp.invited(), 4::bigint, 'four are reported');
select is((select events from state.rebuild()), 4::bigint, 'rebuilt');
select is(pg_temp.invited(), 4::bigint, 'and the same again');

select throws_ok($$ insert into state.fold_position (part, stream_id, kafka_partition, from_offset, folded_offset) values ('meaning', 1, 99, 2, 1) $$, '23514', null, 'a fold goes forward');
select is(bool_and(state.bucket_of(x) >= state.bucket_of(x - 1)), true, 'greater durations have greater buckets')
from (select generate_series(-1000, 1000)::bigint union select (2 ^ n)::bigint + d from generate_series(1, 60) as n, generate_series(-1, 1) as d) as t (x);
select is(state.bucket_of(0), 0, 'no duration');

-- Whoever asks for one agreement, as it was, reads one agreement.
create function pg_temp.plan_of(query text) returns text
    language plpgsql
as $$
declare
    line text;
    plan text := '';
begin
    for line in execute 'explain ' || query loop
        plan := plan || line || E'\n';
    end loop;
    return plan;
end
$$;
set local enable_seqscan = off;
select matches(pg_temp.plan_of($$ select * from reporting.agreement_as_of('2022-06-01', '2022-07-01') where agreement_id = 'A' $$),
    'Index Cond: \(agreement_id = ''A''::text\)', 'one agreement by its index');
select matches(pg_temp.plan_of($$ select * from reporting.training_headcount_as_of('2022-06-01') where programme_id = 'P' $$),
    'Index Cond: \(programme_id = ''P''::text\)', 'one programme by its index');

select * from finish();
rollback;
