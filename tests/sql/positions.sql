-- Claim and advance: whoever does not hold a partition writes nothing.
begin;
set search_path = tap, public;
set local role coop_consumer;
set local role none;
select plan(11);
grant usage on schema tap to coop_consumer;
set local role coop_consumer;

select results_eq($$ select next_offset, epoch, last_published_at from ingest.claim(1::smallint, 90, 'a', 7) $$,
    $$ values (7::bigint, 1::bigint, null::timestamptz) $$, 'a first claim begins at the log''s beginning');
select results_eq($$ select next_offset, epoch from ingest.claim(1::smallint, 90, 'b', 0) $$,
    $$ values (7::bigint, 2::bigint) $$, 'a second one raises the epoch and keeps the position');
select results_eq($$ select epoch from ingest.claim(1::smallint, 91, 'b', 0) $$, $$ values (1::bigint) $$, 'another partition');

select throws_ok($$ select ingest.advance(1::smallint, '{90}', '{7}', '{9}', '{1}', '{2022-01-01}') $$, 'CT001', null, 'an old epoch is fenced');
select throws_ok($$ select ingest.advance(1::smallint, '{90}', '{6}', '{9}', '{2}', '{2022-01-01}') $$, 'CT001', null, 'so is an old offset');
select throws_ok($$ select ingest.advance(1::smallint, '{90}', '{7}', '{7}', '{2}', '{2022-01-01}') $$, 'CT001', null, 'a step of nothing is none');
select throws_ok($$ select ingest.advance(1::smallint, '{90,91}', '{7,1}', '{9,2}', '{2,1}', '{null,null}') $$, 'CT001', null, 'all partitions move or none');
select is((select next_offset from ingest.position where stream_id = 1 and kafka_partition = 90), 7::bigint, 'nothing has moved');

select lives_ok($$ select ingest.advance(1::smallint, '{91,90}', '{0,7}', '{2,9}', '{1,2}', '{null,"2022-01-01 00:00+00"}') $$, 'the holder moves on');
select results_eq($$ select next_offset, last_published_at from ingest.position where stream_id = 1 and kafka_partition >= 90 order by kafka_partition $$,
    $$ values (9::bigint, '2022-01-01 00:00+00'::timestamptz), (2, null) $$, 'both positions have moved');

select isnt((select stream_id from ingest.stream_of('another.topic', 'event.outreach')), null, 'a new topic becomes a stream');

select * from finish();
rollback;
