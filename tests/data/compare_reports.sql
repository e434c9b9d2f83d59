-- For a session with the plain definition loaded (slow_reports.sql): which reports differ from it, and by how many rows;
-- then, after a rebuild, which tables of the state differ from what the folds one by one had made of them. Of durations it is
-- their number that has to be the same: the lists are as long as the folds; and when a firm counts as wide depends on them, too.
create procedure pg_temp.forget()
    language plpgsql
as $$
begin
    execute (
        select 'truncate ' || string_agg(c.oid::regclass::text, ', ') || ', ingest.position, ingest.duplicate'
        from pg_class as c
        where c.relnamespace in ('event'::regnamespace, 'state'::regnamespace) and c.relkind = 'r');
end
$$;

create function pg_temp.rows_between(one text, other text) returns bigint
    language plpgsql
as $$
declare
    differing bigint;
begin
    execute format('select count(*) from ((select * from %1$s except all select * from %2$s) union all (select * from %2$s except all select * from %1$s)) as d',
        one, other) into differing;
    return differing;
end
$$;

create function pg_temp.differing_reports() returns table (name text, differing bigint)
    language plpgsql
    set enable_nestloop = off set max_parallel_workers_per_gather = 0
as $$
declare
    a_call text;
begin
    for name in
        select c.relname from pg_class as c
        where c.relnamespace = 'slow'::regnamespace and c.relkind = 'v' order by 1
    loop
        differing := pg_temp.rows_between('slow.' || name, 'reporting.' || name);
        if differing > 0 then return next; end if;
    end loop;
    foreach a_call in array array[
        'effective()', 'effective(''2022-06-15'')', 'effective(''2022-07-15'', ''ingested'')',
        'agreement_as_of()', 'agreement_as_of(''2022-06-15'')', 'agreement_as_of(''2022-08-15'', ''2022-07-15'')',
        'agreement_as_of(''infinity'', ''2022-05-15'', ''ingested'')',
        'training_headcount_as_of()', 'training_headcount_as_of(''2022-06-15'')', 'training_headcount_as_of(''2022-06-15'', ''ingested'')']
    loop
        name := a_call;
        differing := pg_temp.rows_between('slow.' || a_call, 'reporting.' || a_call);
        if differing > 0 then return next; end if;
    end loop;
end
$$;

create function pg_temp.differing_state() returns table (name text, differing bigint)
    language plpgsql
as $$
declare
    tables constant text[] := array(
        select c.relname from pg_class as c
        where c.relnamespace = 'state'::regnamespace and c.relname not in ('fold_position', 'duration', 'wide_firm', 'firm_stage')
          and (c.relkind = 'r' or c.relname = 'duration_count')
        order by 1);
begin
    foreach name in array tables loop
        execute format('create temporary table %I on commit drop as select * from state.%I', 'was_' || name, name);
    end loop;
    perform state.rebuild();
    foreach name in array tables loop
        differing := pg_temp.rows_between('pg_temp.was_' || name, 'state.' || name);
        if differing > 0 then return next; end if;
    end loop;
end
$$;
