-- Made from the comments themselves, so it cannot say anything else than they do.
create or replace view reporting.catalog as
select c.relname::text as view,
       a.attnum::integer as position,
       a.attname::text as column_name,
       format_type(a.atttypid, a.atttypmod) as type,
       col_description(c.oid, a.attnum) as meaning,
       obj_description(c.oid, 'pg_class') as view_meaning
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'
order by c.relname, a.attnum;

comment on view reporting.catalog is 'What is there to read? One row a column of every view of this schema.';
comment on column reporting.catalog.view         is 'View.';
comment on column reporting.catalog.position     is 'Place of the column in the view, from 1.';
comment on column reporting.catalog.column_name  is 'Column.';
comment on column reporting.catalog.type         is 'Type of the column.';
comment on column reporting.catalog.meaning      is 'What the column says, with its unit and time zone.';
comment on column reporting.catalog.view_meaning is 'The question that the view answers.';
