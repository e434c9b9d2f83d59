-- Who is party to an agreement comes from one part of the fold, and of which country from the other. Each works out what it has
-- changed, one after the other: the second sees what the first has committed.
create or replace function state.fold_agreement_countries(touched text[]) returns void
    language plpgsql
as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'the fold sees what another has committed meanwhile: begin isolation level read committed' using errcode = '25001';
    end if;
    perform pg_advisory_xact_lock(hashtext('state.fold'), hashtext('agreement_country'));
    delete from state.agreement_country as c where c.agreement_id = any (touched);
    insert into state.agreement_country (agreement_id, country, is_signed, joint_facilities)
    select p.agreement_id, p.country,
           coalesce(
               (select a.status in ('SIGNED', 'RATIFIED', 'IN_FORCE') from state.agreement as a where a.agreement_id = p.agreement_id), false),
           (select count(*) from state.facility as f where f.agreement_id = p.agreement_id and f.ownership = 'JOINT_VENTURE')
    from (
        select distinct p.agreement_id, coalesce(c.country, e.country) as country
        from state.agreement_party as p
        join state.partner as e on e.org_id = p.org_id
        left join reference.organisation as c on c.org_id = p.org_id
        where p.agreement_id = any (touched)
    ) as p
    where p.country is not null;
end
$$;
comment on function state.fold_agreement_countries(text[]) is 'Works out the countries of agreements anew.';

-- The agreements are looked up under the lock as well: another part may just have put a partner to one.
create or replace function state.fold_partner_countries(partners text[]) returns void
    language plpgsql
as $$
begin
    if cardinality(partners) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('state.fold'), hashtext('agreement_country'));
    perform state.fold_agreement_countries(
        array(select distinct p.agreement_id from state.agreement_party as p where p.org_id = any (partners)));
end
$$;
comment on function state.fold_partner_countries(text[]) is 'Works out anew the countries of all agreements of partners that are of another country now.';

-- What is curated wins over what events say.
create or replace function state.curated() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog
as $$
begin
    perform state.fold_partner_countries(array(select e.org_id from state.partner as e));
    return null;
end
$$;
comment on function state.curated() is 'Works out the countries of all agreements anew when somebody curates organisations.';
revoke execute on function state.curated() from public;
create or replace trigger curated after insert or update or delete or truncate on reference.organisation
    for each statement execute function state.curated();
