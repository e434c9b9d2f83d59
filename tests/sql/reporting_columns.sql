-- The columns promised to analysts: only ever appended, never renamed, moved or retyped.
begin;
set search_path = tap, public;
select plan(1);

create temporary table promised (view text, position integer, column_name text, type text) on commit drop;
\set copy '\\copy promised from ' :data '/reporting_columns.csv csv header'
:copy

select results_eq(
    $$ select p.view collate "C", p.position, p.column_name collate "C", p.type collate "C" from promised as p order by 1, 2 $$,
    $$ select c.table_name::text collate "C", c.ordinal_position::integer, c.column_name::text collate "C",
              format_type(a.atttypid, a.atttypmod) collate "C"
       from information_schema.columns as c
       join pg_attribute as a on a.attrelid = format('reporting.%I', c.table_name)::regclass and a.attname = c.column_name
       join (select distinct view from promised) as p on p.view = c.table_name
       where c.table_schema = 'reporting'
         and c.ordinal_position <= (select max(q.position) from promised as q where q.view = c.table_name)
       order by 1, 2 $$,
    'promised columns of reporting');

select * from finish();
rollback;
