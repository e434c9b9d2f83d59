-- Everything that an analyst or an operator meets says what it is.
begin;
set search_path = tap, public;
select no_plan();

select isnt(obj_description(oid, 'pg_namespace'), null, format('schema %s', nspname))
from pg_namespace where nspname in ('reference', 'event', 'state', 'ingest', 'reporting');

select isnt(obj_description(c.oid, 'pg_class'), null, format('%s', c.oid::regclass))
from pg_class as c
where c.relnamespace::regnamespace::text in ('reference', 'event', 'state', 'ingest', 'reporting') and c.relkind in ('r', 'v');

select is(string_agg(format('%s.%s', c.oid::regclass, a.attname), ', '), null, 'columns without a comment')
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace::regnamespace::text in ('reference', 'event', 'state', 'ingest', 'reporting') and c.relkind in ('r', 'v')
  and col_description(c.oid, a.attnum) is null;

select is(string_agg(p.oid::regprocedure::text, ', '), null, 'functions without a comment')
from pg_proc as p
where p.pronamespace::regnamespace::text in ('reference', 'event', 'state', 'ingest', 'reporting')
  and obj_description(p.oid, 'pg_proc') is null;

select * from finish();
rollback;
