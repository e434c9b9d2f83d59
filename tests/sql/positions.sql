-- Claim and advance: whoever does not hold a partition writes nothing.
begin;
set search_path = tap, public;
set local role coop_consumer;
set local role none;
select plan(22);
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

-- A topic made anew: the old stream is over, the new one begins beside it.
set local role none;
select is((select epoch from ingest.position where stream_id = 1 and kafka_partition = 90), 2::bigint, 'the epoch before');
select results_eq($$ select generation, event_table from ingest.new_generation('coop.outreach.v1') $$,
    $$ values (2, 'event.outreach') $$, 'a new generation goes into the same table');
set local role coop_consumer;
select throws_ok($$ select ingest.advance(1::smallint, '{90}', '{9}', '{10}', '{2}', '{null}') $$, 'CT001', null, 'who holds the old one is fenced');
select throws_ok($$ select ingest.claim(1::smallint, 90, 'a', 0) $$, 'CT002', null, 'and cannot claim it again');
select results_eq($$ select record_name from ingest.stream_of('coop.outreach.v1', 'event.outreach') where stream_id > 3 $$,
    $$ values ('coop.events.OutreachEvent') $$, 'the newest one is read, with the same record');
select throws_ok($$ select ingest.new_generation('coop.outreach.v1') $$, '42501', null, 'a consumer begins no generation');
select throws_ok($$ select ingest.set_position(1::smallint, 90, 0) $$, '42501', null, 'nor sets it a position');
set local role none;
select throws_ok($$ select ingest.new_generation('no.topic') $$, 'P0002', null, 'a topic never read has no generation');

-- An operator sets a position, but never before what is stored.
insert into ingest.reject (stream_id, kafka_partition, kafka_offset, reason, value_bytes) values (2, 90, 7, 'MALFORMED', 0);
select throws_ok($$ select ingest.set_position(2::smallint, 90, 7) $$, 'CT003', null, 'what is stored is not stored twice');
select results_eq($$ select ingest.set_position(2::smallint, 90, 8) $$, $$ values (null::bigint) $$, 'a position behind it may be set');
select results_eq($$ select next_offset, epoch, last_published_at from ingest.position where stream_id = 2 and kafka_partition = 90 $$,
    $$ values (8::bigint, 1::bigint, null::timestamptz) $$, 'it is claimed by nobody and compared with nothing');

select * from finish();
rollback;
