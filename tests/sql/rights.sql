-- Who may do what (docs/contract.md, section 4).
begin;
set search_path = tap, public;
select no_plan();

select is(has_table_privilege('coop_analyst', c.oid, 'select'), true, format('analyst reads %s', c.oid::regclass))
from pg_class as c
where c.relnamespace in ('reporting'::regnamespace, 'reference'::regnamespace) and c.relkind in ('r', 'v');

select is(has_table_privilege('coop_analyst', c.oid, 'select') and has_schema_privilege('coop_analyst', c.relnamespace, 'usage'),
    false, format('analyst does not read %s', c.oid::regclass))
from pg_class as c
where c.relnamespace in ('event'::regnamespace, 'ingest'::regnamespace, 'state'::regnamespace) and c.relkind in ('r', 'v');

select is(has_table_privilege('coop_analyst', c.oid, p), false, format('analyst has no %s on %s', p, c.oid::regclass))
from pg_class as c
cross join unnest(array['insert', 'update', 'delete', 'truncate']) as p
where c.relnamespace::regnamespace::text in ('reporting', 'reference', 'event', 'ingest', 'state') and c.relkind in ('r', 'v');

select is(has_table_privilege('coop_consumer', c.oid, p), p in ('select', 'insert'), format('consumer and %s on %s', p, c.oid::regclass))
from pg_class as c
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p
where c.relnamespace = 'event'::regnamespace and c.relkind = 'r';

select is(has_table_privilege('coop_consumer', 'ingest.' || t, p), p in ('select', 'insert') or (t = 'position' and p = 'update'),
    format('consumer and %s on ingest.%s', p, t))
from unnest(array['position', 'reject', 'duplicate', 'schema', 'stream']) as t
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p;

select is(has_table_privilege('coop_consumer', 'ingest.replay', p), false, format('consumer has no %s on ingest.replay', p))
from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p;

select is(rolsuper or rolcreaterole or rolcreatedb or rolbypassrls, false, format('%s is nobody special', rolname))
from pg_roles where rolname in ('coop_owner', 'coop_consumer', 'coop_analyst');

select is((select array_agg(s order by s) from unnest(rolconfig) as s),
    array['TimeZone=Asia/Karachi', 'default_transaction_read_only=on', 'search_path=reporting, reference', 'statement_timeout=60s'],
    'settings of the analyst')
from (select array_agg(replace(s, 'timezone=', 'TimeZone=')) as rolconfig from pg_roles, unnest(rolconfig) as s where rolname = 'coop_analyst') as r;

select is(provolatile <> 'v' or prosecdef, true, format('%s is harmless in a view', p.oid::regprocedure))
from pg_proc as p where p.pronamespace = 'reporting'::regnamespace;

select * from finish();
rollback;
