-- The three roles of docs/contract.md, section 4. Run before the migrations, by a superuser or by a role that may create roles
-- and owns the database; changes nothing where all is as it should be. Passwords are the operator's.

do $$
begin
    if not exists (select from pg_roles where rolname = 'coop_owner') then
        create role coop_owner nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'coop_consumer') then
        create role coop_consumer login;
    end if;
    if not exists (select from pg_roles where rolname = 'coop_analyst') then
        create role coop_analyst login;
        alter role coop_analyst set default_transaction_read_only = on;
        alter role coop_analyst set statement_timeout = '60s';
        alter role coop_analyst set timezone = 'Asia/Karachi';
        alter role coop_analyst set search_path = reporting, reference;
    end if;
    if not pg_has_role(current_user, 'coop_owner', 'member') then
        execute format('grant coop_owner to %I', current_user);
    end if;
    if not has_database_privilege('coop_owner', current_database(), 'create') then
        execute format('grant create on database %I to coop_owner', current_database());
    end if;
    -- The sieve sorts a refused batch in temporary tables.
    if not has_database_privilege('coop_consumer', current_database(), 'temporary') then
        execute format('grant temporary on database %I to coop_consumer', current_database());
    end if;
    if has_schema_privilege('public', 'public', 'create') then
        revoke create on schema public from public;
    end if;
end
$$;
