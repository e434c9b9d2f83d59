-- The five schemas of contract.md, section 4.

create schema reference;
create schema event;
create schema state;
create schema reporting;

comment on schema reference is 'Code lists with labels (en, zh, ur), organisations, campaigns, programmes, indicators and targets. Read by everyone.';
comment on schema event     is 'Append-only facts, one wide table a type of event. Written by the consumer only; never changed.';
comment on schema state     is 'What the events add up to; always a function of schema event. Not for analysts.';
comment on schema ingest    is 'The pipeline itself: positions, rejects, duplicates, schemas, sources.';
comment on schema reporting is 'Views and functions for analysts: the only names promised. Columns are only ever appended.';

-- What is made later in these schemas comes with its rights; everything else stays closed.
alter default privileges in schema reference, reporting grant select on tables to coop_analyst;
alter default privileges in schema event grant select, insert on tables to coop_consumer;
grant usage on schema reference, reporting to coop_analyst;
grant usage on schema event, ingest to coop_consumer;

-- The views of events that count have the columns of the events, so they have their comments, too.
create procedure state.comment_like(a_view regclass, a_table regclass)
    language plpgsql
as $$
declare
    a_column record;
begin
    for a_column in
        select v.attname, col_description(t.attrelid, t.attnum) as comment
        from pg_attribute as v
        join pg_attribute as t on t.attrelid = a_table and t.attname = v.attname
        where v.attrelid = a_view and v.attnum > 0 and not v.attisdropped
    loop
        execute format('comment on column %s.%I is %L', a_view, a_column.attname, a_column.comment);
    end loop;
end
$$;
comment on procedure state.comment_like(regclass, regclass) is 'Gives the columns of a view the comments of the columns of the same names of a table.';
